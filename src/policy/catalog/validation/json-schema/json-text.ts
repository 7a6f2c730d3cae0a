import { TextPlaces } from "../text-places.ts";
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

/** Paths that are looked for, as a tree: one pass finds them all. */
interface Wanted {
  children: Map<string | number, Wanted>;
  /** Indexes of the paths that end here. */
  ends: number[];
}

/**
 * A JSON message: its value, and where each part of it stands. A repeated property name is refused: two readers may
 * take different ones of the two values, and only one would have been validated.
 */
export class JsonText {
  readonly value: unknown;
  readonly #text: string;
  readonly #places: TextPlaces;

  /** @throws {JsonTextError} */
  constructor(text: string) {
    this.#text = text;
    this.#places = new TextPlaces(text);
    try {
      this.value = JSON.parse(text);
    } catch (error) {
      const offset = Number(/position (\d+)/.exec(String(error))?.[1] ?? text.length);
      throw new JsonTextError("The body is not valid JSON.", this.#places.at(offset));
    }
    walk(text, {
      repeated: (name, offset) => {
        throw new JsonTextError(`The property '${name.slice(0, 100)}' is repeated.`, this.#places.at(offset));
      },
      value: (depth, _key, offset) => {
        if (depth >= MAX_NESTING) throw new JsonTextError("The body is nested too deeply.", this.#places.at(offset));
      },
    });
  }

  /** `Line: 1, Position: 5` of the values at some paths, in their order (1-based). */
  places(paths: readonly (Path | undefined)[]): string[] {
    if (paths.length === 0) return [];
    const root = wantedTree(paths);
    const offsets = paths.map(() => 0);
    /** The wanted places of the values around the current one, the document's own first. */
    const around: (Wanted | undefined)[] = [];
    walk(this.#text, {
      value(depth, key, offset) {
        const wanted = depth === 0 ? root : around[depth - 1]?.children.get(key);
        around[depth] = wanted;
        for (const index of wanted?.ends ?? []) offsets[index] = offset;
      },
    });
    return offsets.map((offset) => this.#places.at(offset));
  }
}

function wantedTree(paths: readonly (Path | undefined)[]): Wanted {
  const root: Wanted = { children: new Map(), ends: [] };
  for (const [index, path] of paths.entries()) {
    const keys: (string | number)[] = [];
    for (let step = path; step; step = step.parent) keys.push(step.key);
    let at = root;
    for (const key of keys.reverse()) {
      let next = at.children.get(key);
      if (!next) at.children.set(key, (next = { children: new Map(), ends: [] }));
      at = next;
    }
    at.ends.push(index);
  }
  return root;
}

interface Visitor {
  /** A value begins; `key` is the property or index it stands under. */
  value(depth: number, key: string | number, offset: number): void;
  /** A property's name stands a second time in its object. */
  repeated?(name: string, offset: number): void;
}

/** A container whose end has not come. */
interface Open {
  object: boolean;
  key: string | number;
  /** In an object: a name comes next. */
  expectName: boolean;
  /** Names so far. */
  names: Set<string> | undefined;
}

/** One pass over valid JSON. */
function walk(text: string, visitor: Visitor): void {
  const open: Open[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const token = match[0];
    const parent = open[open.length - 1];
    if (token === '"') TOKEN.lastIndex = endOfString(text, match.index);
    if (token === "," && parent) {
      if (parent.object) parent.expectName = true;
      else parent.key = (parent.key as number) + 1;
    } else if (token === "}" || token === "]") open.pop();
    else if (parent?.expectName) {
      nameProperty(parent, nameAt(text, match.index, TOKEN.lastIndex), match.index, visitor);
    } else if (token !== ":") {
      visitor.value(open.length, parent?.key ?? "", match.index);
      if (token === "{") open.push({ object: true, key: "", expectName: true, names: undefined });
      else if (token === "[") open.push({ object: false, key: 0, expectName: false, names: undefined });
    }
  }
}

function nameProperty(parent: Open, name: string, offset: number, visitor: Visitor): void {
  if (visitor.repeated) {
    if (parent.names?.has(name)) visitor.repeated(name, offset);
    (parent.names ??= new Set()).add(name);
  }
  parent.key = name;
  parent.expectName = false;
}

function nameAt(text: string, start: number, end: number): string {
  const inner = text.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(text.slice(start, end)) as string) : inner;
}
