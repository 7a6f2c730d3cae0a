import type { Path } from "./run.ts";

/** Text that is no JSON that one could validate; the message ends in line and position. */
export class JsonTextError extends Error {
  constructor(message: string, place: string) {
    super(`${message} ${place}`);
    this.name = "JsonTextError";
  }
}

/** How deep arrays and objects of a message may nest. */
const MAX_NESTING = 200;

/** What stands next in a text, of a string only its first quote; the text must be valid JSON. */
const TOKEN = /[{}[\],:"]|[^\s{}[\],:"]+/g;

/** Where the string that begins at `start` ends. A pattern would need a stack as long as the string. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/**
 * A JSON message: its value, and where each part of it stands. A repeated property name is refused: two readers may
 * take different ones of the two values, and only one would have been validated.
 */
export class JsonText {
  readonly value: unknown;
  readonly #text: string;

  /** @throws {JsonTextError} */
  constructor(text: string) {
    this.#text = text;
    try {
      this.value = JSON.parse(text);
    } catch (error) {
      const offset = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
      throw new JsonTextError("The body is not valid JSON.", placeText(text, offset));
    }
    walk(text, {
      property(name, offset, seen) {
        if (seen.has(name))
          throw new JsonTextError(`The property '${name.slice(0, 100)}' is repeated.`, placeText(text, offset));
      },
      open(depth, offset) {
        if (depth > MAX_NESTING) throw new JsonTextError("The body is nested too deeply.", placeText(text, offset));
      },
    });
  }

  /** `Line: 1, Position: 5` of the value at a path (1-based). */
  place(path: Path | undefined): string {
    const wanted: (string | number)[] = [];
    for (let step = path; step; step = step.parent) wanted.unshift(step.key);
    let matched = 0;
    let found = 0;
    walk(this.#text, {
      value(depth, key, offset) {
        // Values of the path come in order, each inside the one before it.
        if (depth !== matched || (depth > 0 && key !== wanted[depth - 1])) return;
        found = offset;
        matched++;
      },
      close: (depth) => depth < matched && matched <= wanted.length,
    });
    return placeText(this.#text, found);
  }
}

interface Visitor {
  /** A value begins; `key` is the property or index it stands under. */
  value?(depth: number, key: string | number, offset: number): void;
  property?(name: string, offset: number, seen: ReadonlySet<string>): void;
  open?(depth: number, offset: number): void;
  /** A container at `depth` ends; true stops the walk. */
  close?(depth: number): boolean;
}

interface Open {
  names: Set<string> | undefined;
  key: string | number;
  /** In an object: a name comes next. */
  expectName: boolean;
}

/** One pass over valid JSON. */
function walk(text: string, visitor: Visitor): void {
  const open: Open[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    if (match[0] === '"') TOKEN.lastIndex = endOfString(text, match.index);
    const token = match[0] === '"' ? text.slice(match.index, TOKEN.lastIndex) : match[0];
    const parent = open.at(-1);
    if (token === ",") {
      if (parent?.names) parent.expectName = true;
      else if (parent) parent.key = (parent.key as number) + 1;
    } else if (token === "}" || token === "]") {
      open.pop();
      if (visitor.close?.(open.length)) break;
    } else if (parent?.expectName) {
      const name = JSON.parse(token) as string;
      visitor.property?.(name, match.index, parent.names as Set<string>);
      parent.names?.add(name);
      parent.key = name;
      parent.expectName = false;
    } else if (token !== ":") {
      visitor.value?.(open.length, parent?.key ?? "", match.index);
      if (token !== "{" && token !== "[") continue;
      visitor.open?.(open.length + 1, match.index);
      open.push(
        token === "{"
          ? { names: new Set(), key: "", expectName: true }
          : { names: undefined, key: 0, expectName: false },
      );
    }
  }
}

/** A place in a text as the service writes it (1-based). */
export function placeText(text: string, offset: number): string {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    start = at + 1;
  }
  return `Line: ${line}, Position: ${offset - start + 1}`;
}
