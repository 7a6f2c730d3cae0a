import type { NamePart, TypeSyntax } from "../syntax.ts";
import { typeKeywords } from "../tokens.ts";
import type { Cursor } from "./cursor.ts";

/** A type that must stand here. */
export function parseType(c: Cursor): TypeSyntax {
  const type = c.nested(() => scanType(c, true));
  if (!type) throw c.error("Type expected");
  return type;
}

/**
 * A type if one stands here, else undefined with the position unchanged. Never throws for text that is no type, so
 * that the parser can ask "could this be a type?" before it decides.
 * @param suffixes whether `?` and `[]` belong to it (not so in `new T[5]`, where the brackets hold a size)
 */
export function scanType(c: Cursor, suffixes: boolean): TypeSyntax | undefined {
  const start = c.position;
  const at = c.token.start;
  let type: TypeSyntax | undefined;
  const token = c.token;
  if (token.kind === "keyword" && typeKeywords.has(token.text)) {
    c.take();
    type = { kind: "keyword-type", keyword: token.text, at, end: token.end };
  } else if (token.kind === "identifier") {
    const parts = scanName(c);
    if (parts) type = { kind: "name-type", parts, at, end: c.previousEnd };
  } else if (c.is("(")) {
    type = scanTuple(c);
  }
  if (!type) {
    c.position = start;
    return undefined;
  }
  return suffixes ? scanSuffixes(c, type) : type;
}

/** `?`, `[]`, `[,]` after a type. */
export function scanSuffixes(c: Cursor, inner: TypeSyntax): TypeSyntax {
  let type = inner;
  const ranks: number[] = [];
  const wrap = (): void => {
    // In `int[][,]` the first brackets are the outermost array.
    for (const rank of ranks.reverse())
      type = { kind: "array-type", element: type, rank, at: inner.at, end: c.previousEnd };
    ranks.length = 0;
  };
  for (let count = 0; count < 16; count++) {
    if (c.is("?") && type.kind !== "nullable-type" && ranks.length === 0) {
      c.take();
      type = { kind: "nullable-type", inner: type, at: inner.at, end: c.previousEnd };
    } else if (c.is("[") && (c.is("]", 1) || c.is(",", 1))) {
      let ahead = 1;
      while (c.is(",", ahead)) ahead++;
      if (!c.is("]", ahead)) break;
      ranks.push(ahead);
      for (let i = 0; i <= ahead; i++) c.take();
    } else {
      break;
    }
  }
  wrap();
  return type;
}

function scanName(c: Cursor): NamePart[] | undefined {
  const parts: NamePart[] = [];
  if (c.isWord("global") && c.is("::", 1)) {
    c.take();
    c.take();
  }
  for (;;) {
    const token = c.token;
    if (token.kind !== "identifier") return undefined;
    c.take();
    const args = c.is("<") ? scanTypeArguments(c) : [];
    parts.push({ name: token.text, args: args ?? [], at: token.start });
    if (args === undefined) return parts;
    if (c.is(".") && c.peek().kind === "identifier") c.take();
    else return parts;
  }
}

/** `<T, U>`; undefined with the position unchanged where it is no type-argument list. */
export function scanTypeArguments(c: Cursor): TypeSyntax[] | undefined {
  const start = c.position;
  const args: TypeSyntax[] = [];
  if (!c.takeIf("<")) return undefined;
  for (;;) {
    const type = args.length < 16 ? c.nested(() => scanType(c, true)) : undefined;
    if (!type) break;
    args.push(type);
    if (c.takeIf(",")) continue;
    if (c.takeIf(">")) return args;
    break;
  }
  c.position = start;
  return undefined;
}

function scanTuple(c: Cursor): TypeSyntax | undefined {
  const start = c.position;
  const at = c.token.start;
  c.take();
  const elements: { type: TypeSyntax; name: string | undefined }[] = [];
  for (;;) {
    const type = elements.length < 8 ? c.nested(() => scanType(c, true)) : undefined;
    if (!type) break;
    let name: string | undefined;
    const token = c.token;
    if (token.kind === "identifier") {
      name = token.text;
      c.take();
    }
    elements.push({ type, name });
    if (c.takeIf(",")) continue;
    if (elements.length > 1 && c.takeIf(")")) return { kind: "tuple-type", elements, at, end: c.previousEnd };
    break;
  }
  c.position = start;
  return undefined;
}
