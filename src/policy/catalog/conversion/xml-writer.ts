import { BodyTooLargeError } from "../../exchange/body.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 cannot hold.
const NO_CHARACTER = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

/** Writes XML text, up to a number of characters: a long element name in a long list makes much out of little. */
export class XmlWriter {
  readonly #limit: number;
  readonly #parts: string[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Names are written as they are; values are escaped. */
  open(name: string, attributes: Iterable<readonly [string, string]>, empty: boolean): void {
    this.#add(`<${name}`);
    for (const [key, value] of attributes) {
      this.#add(` ${key}="${clean(value).replace(/[&<>"\t\n\r]/g, (c) => ENTITIES[c] as string)}"`);
    }
    this.#add(empty ? " />" : ">");
  }

  close(name: string): void {
    this.#add(`</${name}>`);
  }

  text(value: string): void {
    this.#add(clean(value).replace(/[&<>\r]/g, (c) => ENTITIES[c] as string));
  }

  cdata(value: string): void {
    this.#add(`<![CDATA[${clean(value).replaceAll("]]>", "]]]]><![CDATA[>")}]]>`);
  }

  toString(): string {
    return this.#parts.join("");
  }

  /** @throws {BodyTooLargeError} */
  #add(part: string): void {
    this.#size += part.length;
    if (this.#size > this.#limit) throw new BodyTooLargeError(this.#limit);
    this.#parts.push(part);
  }
}

/** Characters that XML cannot hold, not even escaped, become U+FFFD; so do lone surrogates. */
function clean(text: string): string {
  return text.toWellFormed().replace(NO_CHARACTER, "\uFFFD");
}
