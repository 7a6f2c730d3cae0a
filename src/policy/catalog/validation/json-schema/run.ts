import { ValidationLimitError } from "./schema-error.ts";

/** The way to a value from the document's root, the innermost step first. */
export interface Path {
  parent: Path | undefined;
  key: string | number;
}

/** What is wrong with a value, and where it stands. */
export interface SchemaViolation {
  message: string;
  path: Path | undefined;
}

/** In which direction a message goes: read-only properties are not required of requests, nor write-only of responses. */
export type Direction = "request" | "response";

/** Steps of one validation: schemas applied to values. Far above any honest message, far below a second. */
const MAX_STEPS = 3_000_000;
/** How deep schemas may be inside one another while one value is validated. */
const MAX_DEPTH = 400;
const MAX_VIOLATIONS = 100;

/** One validation under way: its findings and its limits. */
export class Run {
  readonly violations: SchemaViolation[] = [];
  readonly direction: Direction;
  #steps = 0;
  #depth = 0;
  /** Above 0 while alternatives are tried, whose failures are no findings. */
  #quiet = 0;

  constructor(direction: Direction) {
    this.direction = direction;
  }

  fail(message: string, path: Path | undefined): false {
    if (this.#quiet === 0 && this.violations.length < MAX_VIOLATIONS) this.violations.push({ message, path });
    return false;
  }

  /** True when nobody wants to know what else is wrong. */
  get quiet(): boolean {
    return this.#quiet > 0;
  }

  quietly(check: () => boolean): boolean {
    this.#quiet++;
    try {
      return check();
    } finally {
      this.#quiet--;
    }
  }

  /** @throws {ValidationLimitError} */
  spend(steps = 1): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new ValidationLimitError("steps");
  }

  /** Runs a check one level further inside. @throws {ValidationLimitError} */
  deeper(check: () => boolean): boolean {
    if (++this.#depth > MAX_DEPTH) throw new ValidationLimitError("levels");
    try {
      return check();
    } finally {
      this.#depth--;
    }
  }
}

/** Property names that a schema, or one beside it for the same value, has spoken of. */
export class Spoken {
  readonly names = new Set<string>();
  /** True once any of the schemas describes an object. */
  described = false;

  add(other: Spoken): void {
    for (const name of other.names) this.names.add(name);
    this.described ||= other.described;
  }
}

/** Applies a schema to a value; `spoken` is given where somebody asks which properties it covers. */
export type Check = (value: unknown, run: Run, path: Path | undefined, spoken: Spoken | undefined) => boolean;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What messages call a value's type. */
export function typeTitle(value: unknown): string {
  if (value === null) return "Null";
  if (Array.isArray(value)) return "Array";
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "Number";
  return { string: "String", boolean: "Boolean", object: "Object" }[typeof value as string] ?? "Null";
}

/** JSON text of a value, properties sorted, so that equal values have equal texts. @throws {ValidationLimitError} */
export function canonicalText(value: unknown, run: Run, depth = 0): string {
  run.spend();
  if (typeof value === "string") run.spend(value.length >> 6);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (depth > 200) throw new ValidationLimitError("levels");
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, run, depth + 1)).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonicalText(item, run, depth + 1)}`).join(",")}}`;
}

/** A value for messages, shortened. */
export function shown(value: unknown): string {
  const text = typeof value === "object" && value !== null ? typeTitle(value) : (JSON.stringify(value) ?? "null");
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
