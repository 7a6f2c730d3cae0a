import type { SourceText } from "../../model/source-text.ts";

/** A secret named value inside a string literal: its text is fetched when the expression runs. */
export interface SecretPart {
  secret: string;
}

/** A hole of an interpolated string: `{value,alignment:format}`, its code already cut into tokens. */
export interface HolePart {
  tokens: Token[];
  format: string | undefined;
  start: number;
  end: number;
}

export type StringPart = string | SecretPart | HolePart;

/** Types that a numeric literal can have by its suffix and size. */
export type NumberType = "int" | "uint" | "long" | "ulong" | "double" | "float" | "decimal";

/** One token; `start` and `end` are indexes into the expression's text. */
export type Token =
  | { kind: "identifier"; text: string; escaped: boolean; start: number; end: number }
  | { kind: "keyword"; text: string; start: number; end: number }
  | { kind: "punctuation"; text: string; start: number; end: number }
  | { kind: "number"; text: string; type: NumberType; value: number | bigint | string; start: number; end: number }
  | { kind: "char"; text: string; value: number; start: number; end: number }
  | { kind: "string"; text: string; parts: (string | SecretPart)[]; start: number; end: number }
  | { kind: "interpolated"; text: string; parts: StringPart[]; start: number; end: number }
  | { kind: "end"; text: ""; start: number; end: number };

/** Reserved words of C#; contextual keywords (`var`, `when`, `nameof`, `from`, …) are identifiers. */
export const keywords: ReadonlySet<string> = new Set(
  `abstract as base bool break byte case catch char checked class const continue decimal default delegate do double
   else enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is
   lock long namespace new null object operator out override params private protected public readonly ref return sbyte
   sealed short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe
   ushort using virtual void volatile while`.split(/\s+/),
);

/** Keywords that name a type. */
export const typeKeywords: ReadonlySet<string> = new Set(
  "bool byte sbyte char decimal double float int uint long ulong object short ushort string void".split(" "),
);

/** Characters around the name of a secret named value in the text. */
export const secretStart = "\uE000";
export const secretEnd = "\uE001";

/** Stops lexing or parsing at the first error; caught by `compileExpression`, which makes it a diagnostic. */
export class ExpressionSyntaxError extends Error {
  readonly code: string;
  readonly index: number;
  readonly hint: string | undefined;
  constructor(code: string, index: number, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.index = index;
    this.hint = hint;
  }

  diagnostic(text: SourceText) {
    return text.diagnostic("error", this.code, this.index, this.message, this.hint);
  }
}
