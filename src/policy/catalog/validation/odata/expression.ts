/** What is wrong with a request as OData; the message says what and where. */
export class ODataSyntaxError extends Error {}

/** How deep parentheses and lambdas may nest. */
const MAX_DEPTH = 50;

const TOKEN =
  /\s+|'(?:[^']|'')*'|-?\d{4,}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|-?\d{4,}-\d\d-\d\d(?![\w-])|\d\d:\d\d(?::\d\d(?:\.\d+)?)?|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?INF|[@$]?[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*(?:'(?:[^']|'')*')?|[(),/:*=-]/uy;

const COMPARISONS = new Set(["eq", "ne", "gt", "ge", "lt", "le", "has", "in"]);
const ARITHMETIC = new Set(["add", "sub", "mul", "div", "divby", "mod"]);
const RESERVED = new Set([...COMPARISONS, ...ARITHMETIC, "and", "or", "not"]);
const NAME = /^[$@]?[\p{L}_]/u;

/** Built-in functions (OData 4.01 URL conventions, 5.1.1) with the arguments they take. */
const FUNCTIONS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  cast: [1, 2],
  ceiling: [1, 1],
  concat: [2, 2],
  contains: [2, 2],
  date: [1, 1],
  day: [1, 1],
  endswith: [2, 2],
  floor: [1, 1],
  fractionalseconds: [1, 1],
  hassubset: [2, 2],
  hassubsequence: [2, 2],
  hour: [1, 1],
  indexof: [2, 2],
  isof: [1, 2],
  length: [1, 1],
  matchespattern: [2, 2],
  maxdatetime: [0, 0],
  mindatetime: [0, 0],
  minute: [1, 1],
  month: [1, 1],
  now: [0, 0],
  round: [1, 1],
  second: [1, 1],
  startswith: [2, 2],
  substring: [2, 3],
  time: [1, 1],
  tolower: [1, 1],
  totaloffsetminutes: [1, 1],
  totalseconds: [1, 1],
  toupper: [1, 1],
  trim: [1, 1],
  year: [1, 1],
  substringof: [2, 2],
  case: [1, 100],
};

/**
 * Checks the syntax of `$filter`, or of one item of `$orderby`. @param property told of each property path's first name
 * @throws {ODataSyntaxError}
 */
export function checkExpression(text: string, property: (name: string) => void): void {
  new Parser(text, property).whole();
}

class Parser {
  readonly #tokens: string[] = [];
  readonly #property: (name: string) => void;
  #at = 0;
  #depth = 0;
  /** Variables of lambdas: no properties. */
  readonly #variables = new Set<string>(["$it", "$root", "$this"]);

  constructor(text: string, property: (name: string) => void) {
    this.#property = property;
    TOKEN.lastIndex = 0;
    for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
      const token = TOKEN.exec(text)?.[0];
      if (token === undefined) throw new ODataSyntaxError(`Syntax error at position ${at} in '${text.slice(0, 200)}'.`);
      if (token.trim() !== "") this.#tokens.push(token);
    }
  }

  whole(): void {
    this.#or();
    if (this.#at < this.#tokens.length) throw this.#unexpected();
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(token: string): boolean {
    if (this.#next !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#unexpected(token);
  }

  #unexpected(expected?: string): ODataSyntaxError {
    const found = this.#next === undefined ? "end of the expression" : `'${this.#next.slice(0, 100)}'`;
    return new ODataSyntaxError(`Unexpected ${found}${expected === undefined ? "" : `, expected '${expected}'`}.`);
  }

  #or(): void {
    if (++this.#depth > MAX_DEPTH) throw new ODataSyntaxError("The expression is nested too deeply.");
    this.#and();
    while (this.#take("or")) this.#and();
    this.#depth--;
  }

  #and(): void {
    this.#comparison();
    while (this.#take("and")) this.#comparison();
  }

  #comparison(): void {
    while (this.#take("not")) {}
    this.#sum();
    while (this.#next !== undefined && COMPARISONS.has(this.#next)) {
      const list = this.#tokens[this.#at++] === "in";
      if (list && this.#next === "(") this.#arguments();
      else this.#sum();
    }
  }

  #sum(): void {
    this.#operand();
    while (this.#next !== undefined && ARITHMETIC.has(this.#next)) {
      this.#at++;
      this.#operand();
    }
  }

  #operand(): void {
    while (this.#take("-")) {}
    const token = this.#next;
    if (token === undefined || /^[),/:=*]$/.test(token)) throw this.#unexpected();
    if (token === "(") {
      this.#at++;
      this.#or();
      this.#expect(")");
      return;
    }
    this.#at++;
    if (!NAME.test(token) || token.endsWith("'") || /^(true|false|null|INF|NaN)$/.test(token)) return;
    if (RESERVED.has(token)) {
      this.#at--;
      throw this.#unexpected();
    }
    this.#path(token);
  }

  /** A property path, a function, or a lambda at the end of a path. */
  #path(first: string): void {
    if (this.#next === "(") {
      const count = this.#arguments();
      const limits = Object.hasOwn(FUNCTIONS, first) ? FUNCTIONS[first] : undefined;
      if (!limits && !first.includes(".")) throw new ODataSyntaxError(`The function '${first}' is not known.`);
      if (limits && (count < limits[0] || count > limits[1])) {
        throw new ODataSyntaxError(`The function '${first}' does not take ${count} arguments.`);
      }
    } else if (!this.#variables.has(first) && !first.startsWith("@") && !first.includes(".")) this.#property(first);
    while (this.#take("/")) {
      const segment = this.#next;
      if (segment === undefined || !NAME.test(segment)) throw this.#unexpected();
      this.#at++;
      if (this.#next !== "(") continue;
      if (segment === "any" || segment === "all") this.#lambda();
      else this.#arguments();
    }
  }

  #lambda(): void {
    this.#expect("(");
    if (this.#take(")")) return;
    const variable = this.#next;
    if (variable === undefined || !NAME.test(variable)) throw this.#unexpected();
    this.#at++;
    this.#expect(":");
    this.#variables.add(variable);
    this.#or();
    this.#expect(")");
  }

  /** `( … , … )`; named arguments of unbound functions as well. @returns how many */
  #arguments(): number {
    this.#expect("(");
    if (this.#take(")")) return 0;
    let count = 0;
    do {
      if (this.#tokens[this.#at + 1] === "=") this.#at += 2;
      this.#or();
      count++;
    } while (this.#take(","));
    this.#expect(")");
    return count;
  }
}
