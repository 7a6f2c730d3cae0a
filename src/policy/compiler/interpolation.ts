/**
 * Does the character at `index` of C# code stand in the text of an interpolated string (`$"…"`), not in one of its
 * holes? There `{{` is an escaped brace, where elsewhere it begins a named value (expressions reference 1.5).
 */
export function inInterpolatedText(code: string, index: number): boolean {
  const scan = new Scan(code, index);
  return scan.code(undefined) === "text";
}

/** Reads code up to an index, keeping count of the strings it is in. */
class Scan {
  readonly #text: string;
  readonly #end: number;
  #at = 0;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  /** Code up to the index, or behind the `close` of a hole. @returns where the index was reached, undefined if not yet. */
  code(close: string | undefined): "code" | "text" | undefined {
    let depth = 0;
    while (this.#at < this.#end) {
      const opening = /^(\$@|@\$|\$|@)?"/.exec(this.#text.slice(this.#at, this.#at + 3));
      if (opening) {
        this.#at += opening[0].length;
        const prefix = opening[1] ?? "";
        const reached = this.#string(prefix.includes("@"), prefix.includes("$"));
        if (reached) return reached;
        continue;
      }
      if (this.#skip(/^'(\\.|[^'\\])[^']{0,8}'/, 16) || this.#skip(/^\/\/[^\n]*/) || this.#skip(/^\/\*[\s\S]*?\*\//))
        continue;
      const c = this.#text[this.#at++];
      if (c === "{") depth++;
      else if (c === "}" && close !== undefined && depth-- === 0) return undefined;
    }
    return "code";
  }

  #string(verbatim: boolean, interpolated: boolean): "code" | "text" | undefined {
    while (this.#at < this.#end) {
      const c = this.#text[this.#at] as string;
      const doubled = this.#text[this.#at + 1] === c;
      this.#at++;
      if (c === "\\" && !verbatim) this.#at++;
      else if (c === '"') {
        if (!verbatim || !doubled) return undefined;
        this.#at++;
      } else if (interpolated && (c === "{" || c === "}") && doubled) this.#at++;
      else if (interpolated && c === "{") {
        const reached = this.code("}");
        if (reached) return reached;
      }
    }
    return interpolated ? "text" : "code";
  }

  #skip(pattern: RegExp, most = Number.POSITIVE_INFINITY): boolean {
    const match = pattern.exec(this.#text.slice(this.#at, Math.min(this.#end, this.#at + most)));
    if (!match) return false;
    this.#at += match[0].length;
    return true;
  }
}
