import { didYouMean } from "../../model/nearest.ts";
import { type DataDocument, type DataPath, isRecord, valueAt } from "../document/data-document.ts";
import type { Place, Report } from "../report.ts";

/** Limits of a text property. Lengths are UTF-16 code units. */
export interface TextRule {
  min?: number;
  max?: number;
}

/** Where merged properties come from: the layer on top first. */
export interface Layer {
  document: DataDocument;
  /** Where the layer's properties stand in its document. */
  path: DataPath;
}

/** What the readers of one resource share. */
interface Origin {
  layers: readonly Layer[];
  report: Report;
  broken: boolean;
}

/**
 * Typed access to the properties of one resource (or of an object inside them). What does not fit is reported where
 * it is written and read as absent; a resource with an error is marked broken. `null` means absent, as in the service.
 */
export class Properties {
  readonly #origin: Origin;
  readonly #path: DataPath;
  readonly #value: Readonly<Record<string, unknown>>;

  private constructor(origin: Origin, path: DataPath, value: Readonly<Record<string, unknown>>) {
    this.#origin = origin;
    this.#path = path;
    this.#value = value;
  }

  /** @param value the layers' properties, merged. */
  static of(layers: readonly Layer[], value: Readonly<Record<string, unknown>>, report: Report): Properties {
    return new Properties({ layers, report, broken: false }, [], value);
  }

  /** True once an error was reported for the resource. */
  get broken(): boolean {
    return this.#origin.broken;
  }

  /** Marks the resource as unfit without a finding of its own: the reason was reported elsewhere. */
  markBroken(): void {
    this.#origin.broken = true;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** The value as it was read; undefined for `null`. */
  raw(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? (this.#value[name] ?? undefined) : undefined;
  }

  names(): string[] {
    return Object.keys(this.#value);
  }

  /** Where a property (without a name: the object) is written. */
  place(name?: string | number): Place {
    return this.#placeOf(name === undefined ? this.#path : [...this.#path, name]);
  }

  /** Where a value of the information file is written, by its path in that file (`["properties", "path"]`). */
  locate(path: DataPath): Place {
    return path[0] === "properties"
      ? this.#placeOf(path.slice(1))
      : (this.#origin.layers.at(-1) as Layer).document.place(path);
  }

  error(name: string | undefined, code: string, message: string, hint?: string): void {
    this.#origin.broken = true;
    this.#origin.report.error(this.place(name), code, message, hint);
  }

  warning(name: string | undefined, code: string, message: string, hint?: string): void {
    this.#origin.report.warning(this.place(name), code, message, hint);
  }

  /**
   * Warns about properties that look like mistyped known ones. Others pass: exports of newer versions hold more than
   * is known here.
   */
  expect(known: readonly string[]): void {
    const missing = known.filter((name) => !Object.hasOwn(this.#value, name));
    for (const name of this.names()) {
      if (known.includes(name)) continue;
      const hint = didYouMean(name, missing);
      if (hint) this.warning(name, "unknown-property", `the property "${name}" is not known`, hint);
    }
  }

  /** Text; numbers and booleans count as they are written (YAML reads the version `1.10` as a number). */
  text(name: string, rule: TextRule = {}): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const text = this.#asText(name, value);
    if (text === undefined) this.error(name, "invalid-property", `"${name}" must be a text`);
    else if (text.length < (rule.min ?? 0)) this.error(name, "invalid-property", `"${name}" may not be empty`);
    else if (text.length > (rule.max ?? Number.POSITIVE_INFINITY)) {
      const message = `"${name}" has ${text.length} characters; at most ${rule.max} are allowed`;
      this.error(name, "invalid-property", message);
    } else return text;
    return undefined;
  }

  /** Text that must be there. */
  requiredText(name: string, rule: TextRule = {}): string | undefined {
    if (!this.has(name)) {
      this.missing(name);
      return undefined;
    }
    return this.text(name, { min: 1, ...rule });
  }

  missing(name: string): void {
    this.error(undefined, "missing-property", `"${name}" is required`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === "boolean") return value;
    // The service reads texts as the type that it expects; values that come from tokens are texts.
    if (value === "true" || value === "True") return true;
    if (value === "false" || value === "False") return false;
    this.error(name, "invalid-property", `"${name}" must be true or false`);
    return undefined;
  }

  integer(name: string, min: number, max: number): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= min && number <= max) return number;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    this.error(name, "invalid-property", `"${name}" must be a whole number ${range}`);
    return undefined;
  }

  /** One of the allowed values, in their spelling; case does not matter. */
  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : this.#match(name, text, allowed);
  }

  /** A list of allowed values. */
  choices<T extends string>(name: string, allowed: readonly T[]): T[] | undefined {
    return this.texts(name)?.flatMap((text, index) => this.#match(name, text, allowed, index) ?? []);
  }

  /** An object inside. */
  object(name: string): Properties | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (isRecord(value)) return new Properties(this.#origin, [...this.#path, name], value);
    this.error(name, "invalid-property", `"${name}" must be an object`);
    return undefined;
  }

  /** The objects of a list. */
  objects(name: string): Properties[] {
    return this.#list(name).flatMap((item, index) => {
      if (isRecord(item)) return [new Properties(this.#origin, [...this.#path, name, index], item)];
      this.#itemError(name, index, `item ${index + 1} of "${name}" must be an object`);
      return [];
    });
  }

  /** The texts of a list. */
  texts(name: string): string[] | undefined {
    if (!this.has(name)) return undefined;
    return this.#list(name).flatMap((item, index) => {
      const text = this.#asText(name, item, index);
      if (text !== undefined) return [text];
      this.#itemError(name, index, `item ${index + 1} of "${name}" must be a text`);
      return [];
    });
  }

  #list(name: string): unknown[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.error(name, "invalid-property", `"${name}" must be a list`);
    return [];
  }

  #match<T extends string>(name: string, text: string, allowed: readonly T[], index?: number): T | undefined {
    const found = allowed.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    const message = `"${name}" may not be "${shown}"; allowed are ${allowed.join(", ")}`;
    this.#itemError(name, index, message, didYouMean(text, allowed));
    return undefined;
  }

  #itemError(name: string, index: number | undefined, message: string, hint?: string): void {
    this.#origin.broken = true;
    const path = [...this.#path, name, ...(index === undefined ? [] : [index])];
    this.#origin.report.error(this.#placeOf(path), "invalid-property", message, hint);
  }

  #asText(name: string, value: unknown, index?: number): string | undefined {
    if (typeof value === "string") return value;
    if (typeof value !== "number" && typeof value !== "boolean") return undefined;
    const path = [...this.#path, name, ...(index === undefined ? [] : [index])];
    const layer = this.#layerOf(path);
    return layer?.document.written([...layer.path, ...path]) ?? String(value);
  }

  #placeOf(path: DataPath): Place {
    const layer = this.#layerOf(path) ?? (this.#origin.layers.at(-1) as Layer);
    return layer.document.place([...layer.path, ...path]);
  }

  #layerOf(path: DataPath): Layer | undefined {
    if (path.length === 0) return undefined;
    return this.#origin.layers.find((layer) => valueAt(layer.document.value, [...layer.path, ...path]) !== undefined);
  }
}
