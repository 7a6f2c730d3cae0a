import { ExpressionSyntaxError, type Token } from "../tokens.ts";

/** How deep brackets, blocks and operands may nest; beyond it the text is refused rather than risking the stack. */
const maxNesting = 100;

/** How many `.a`, `(…)`, `[…]` may follow one another. */
export const maxChain = 400;

/** A reading position in a token list, with the checks that every part of the parser uses. */
export class Cursor {
  readonly tokens: readonly Token[];
  position = 0;
  #nesting = 0;
  #matching: Map<number, number> | undefined;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get token(): Token {
    return this.tokens[this.position] as Token;
  }

  peek(ahead = 1): Token {
    return (this.tokens[this.position + ahead] ?? this.tokens[this.tokens.length - 1]) as Token;
  }

  /** End of the token before the current one. */
  get previousEnd(): number {
    return this.position === 0 ? this.token.start : (this.tokens[this.position - 1] as Token).end;
  }

  take(): Token {
    const token = this.token;
    if (token.kind !== "end") this.position++;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return (token.kind === "punctuation" || token.kind === "keyword") && token.text === text;
  }

  /** True at this contextual keyword (`when`, `from`, `var`, …). */
  isWord(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "identifier" && token.text === text && !token.escaped;
  }

  takeIf(text: string): boolean {
    if (!this.is(text)) return false;
    this.position++;
    return true;
  }

  takeWordIf(text: string): boolean {
    if (!this.isWord(text)) return false;
    this.position++;
    return true;
  }

  expect(text: string): Token {
    if (this.is(text)) return this.take();
    throw this.error(`${text} expected`);
  }

  identifier(): { name: string; at: number } {
    const token = this.token;
    if (token.kind === "identifier") {
      this.position++;
      return { name: token.text, at: token.start };
    }
    if (token.kind === "keyword") {
      throw this.error(`Identifier expected; '${token.text}' is a keyword`);
    }
    throw this.error("Identifier expected");
  }

  /** A syntax error at the current token, which the message names. */
  error(message: string, hint?: string): ExpressionSyntaxError {
    const token = this.token;
    // C# reports a missing token at the end of what precedes it, which is where the author has to type it.
    if (/^[;)\]}] expected$/.test(message)) {
      const found = token.kind === "end" ? "the end of the expression" : `'${token.text}'`;
      return new ExpressionSyntaxError("expression-syntax", token.start, `${message}, found ${found}`, hint);
    }
    const found = token.kind === "end" ? "the expression ends here" : `found '${token.text}'`;
    return new ExpressionSyntaxError("expression-syntax", token.start, `${message}, ${found}`, hint);
  }

  errorAt(index: number, message: string, hint?: string): ExpressionSyntaxError {
    return new ExpressionSyntaxError("expression-syntax", index, message, hint);
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > maxNesting) {
      throw new ExpressionSyntaxError(
        "expression-too-deep",
        this.token.start,
        `The expression is nested more than ${maxNesting} levels deep`,
      );
    }
    try {
      return parse();
    } finally {
      this.#nesting--;
    }
  }

  /** Position of the bracket that closes the one at `position`; undefined when none does. */
  closing(position: number): number | undefined {
    this.#matching ??= matchBrackets(this.tokens);
    return this.#matching.get(position);
  }
}

const closers: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function matchBrackets(tokens: readonly Token[]): Map<number, number> {
  const matching = new Map<number, number>();
  const open: number[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== "punctuation") continue;
    if (token.text in closers) {
      open.push(i);
    } else if (token.text === ")" || token.text === "]" || token.text === "}") {
      const last = open.pop();
      if (last !== undefined && closers[(tokens[last] as Token).text] === token.text) matching.set(last, i);
    }
  }
  return matching;
}
