import { Regex } from "../../../expression/clr/system/regex/regex.ts";
import type { SchemaCompiler } from "./compile.ts";
import { compileComposition } from "./compile-composition.ts";
import { FORMATS, NUMBER_RANGES } from "./formats.ts";
import type { SchemaBase } from "./references.ts";
import { type Check, canonicalText, Run, shown, typeTitle } from "./run.ts";
import { SchemaError } from "./schema-error.ts";

type Schema = Record<string, unknown>;

/** Checks of everything that is not about objects. */
export function compileKeywords(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Check[] {
  return [
    ...typeCheck(schema),
    ...enumCheck(schema),
    ...numberChecks(schema),
    ...stringChecks(schema),
    ...arrayChecks(schema, base, compiler),
    ...compileComposition(schema, base, compiler),
  ];
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  // Swagger 2.0 uploads; what arrives is text.
  file: (value) => typeof value === "string",
};

function typeCheck({ type }: Schema): Check[] {
  if (type === undefined) return [];
  const names = Array.isArray(type) ? type : [type];
  const tests = names.map((name: unknown) => {
    const test = typeof name === "string" && Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (!test) throw new SchemaError(`"type" may not be ${shown(name)}.`);
    return test;
  });
  const expected = names.map((name: string) => name.charAt(0).toUpperCase() + name.slice(1)).join(", ");
  return [
    (value, run, path) =>
      tests.some((test) => test(value)) ||
      run.fail(`Invalid type. Expected ${expected} but got ${typeTitle(value)}.`, path),
  ];
}

function enumCheck(schema: Schema): Check[] {
  const checks: Check[] = [];
  const among = (values: readonly unknown[], message: (value: unknown) => string): Check => {
    const allowed = new Set(values.map((value) => canonicalText(value, new Run("request"))));
    return (value, run, path) => allowed.has(canonicalText(value, run)) || run.fail(message(value), path);
  };
  if (schema.enum !== undefined) {
    if (!Array.isArray(schema.enum)) throw new SchemaError('"enum" must be a list.');
    checks.push(among(schema.enum, (value) => `Value ${shown(value)} is not defined in enum.`));
  }
  if (schema.const !== undefined) {
    checks.push(among([schema.const], (value) => `Value ${shown(value)} does not match const.`));
  }
  return checks;
}

function numberChecks(schema: Schema): Check[] {
  const checks: Check[] = [];
  const check = (test: (value: number) => boolean, message: (value: number) => string) =>
    checks.push((value, run, path) => typeof value !== "number" || test(value) || run.fail(message(value), path));
  const { exclusiveMinimum, exclusiveMaximum } = schema;
  // Draft 4 and OpenAPI 3.0: true makes the bound beside it exclusive. Later: a bound of its own.
  const minimum = numberOf(schema, "minimum");
  const above = exclusiveMinimum === true ? minimum : numberOf(schema, "exclusiveMinimum");
  const maximum = numberOf(schema, "maximum");
  const below = exclusiveMaximum === true ? maximum : numberOf(schema, "exclusiveMaximum");
  const title = (value: number) => `${typeTitle(value)} ${value}`;
  if (minimum !== undefined)
    check(
      (value) => value >= minimum,
      (value) => `${title(value)} is less than minimum value of ${minimum}.`,
    );
  if (above !== undefined)
    check(
      (value) => value > above,
      (value) => `${title(value)} is not greater than ${above}.`,
    );
  if (maximum !== undefined)
    check(
      (value) => value <= maximum,
      (value) => `${title(value)} exceeds maximum value of ${maximum}.`,
    );
  if (below !== undefined)
    check(
      (value) => value < below,
      (value) => `${title(value)} is not less than ${below}.`,
    );
  const step = numberOf(schema, "multipleOf");
  if (step !== undefined) {
    if (step <= 0) throw new SchemaError('"multipleOf" must be above 0.');
    check(
      (value) => isMultiple(value, step),
      (value) => `${title(value)} is not a multiple of ${step}.`,
    );
  }
  const range = typeof schema.format === "string" ? NUMBER_RANGES[schema.format] : undefined;
  if (range) {
    const [low, high] = range;
    check(
      (value) => Number.isInteger(value) && value >= low && value <= high,
      (value) => `${title(value)} does not validate against format '${schema.format}'.`,
    );
  }
  return checks;
}

/** Decimal steps such as 0.01 have no exact form: a quotient next to a whole number is one. */
function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  if (!Number.isFinite(quotient)) return false;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * Number.EPSILON * 4;
}

function stringChecks(schema: Schema): Check[] {
  const checks: Check[] = [];
  const check = (test: (value: string) => boolean, message: (value: string) => string) =>
    checks.push((value, run, path) => {
      if (typeof value !== "string") return true;
      run.spend(value.length >> 6);
      return test(value) || run.fail(message(value), path);
    });
  const longest = countOf(schema, "maxLength");
  const shortest = countOf(schema, "minLength");
  if (longest !== undefined)
    check(
      (value) => codePoints(value) <= longest,
      (value) => `String ${quoted(value)} exceeds maximum length of ${longest}.`,
    );
  if (shortest !== undefined)
    check(
      (value) => codePoints(value) >= shortest,
      (value) => `String ${quoted(value)} is less than minimum length of ${shortest}.`,
    );
  if (schema.pattern !== undefined) {
    const pattern = compilePattern(schema.pattern);
    check(
      (value) => pattern.isMatch(value),
      (value) => `String ${quoted(value)} does not match regex pattern '${pattern.pattern}'.`,
    );
  }
  const format = typeof schema.format === "string" ? FORMATS[schema.format] : undefined;
  if (format) check(format, (value) => `String ${quoted(value)} does not validate against format '${schema.format}'.`);
  return checks;
}

function quoted(value: string): string {
  return `'${value.length > 100 ? `${value.slice(0, 100)}…` : value}'`;
}

/** Characters as JSON Schema counts them. */
function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next >= 0xdc00 && next <= 0xdfff) count--;
  }
  return count;
}

/** A pattern under the bound of the expressions' engine, whose dialect the service uses as well. @throws {SchemaError} */
export function compilePattern(pattern: unknown): Regex {
  if (typeof pattern !== "string") throw new SchemaError('"pattern" must be a text.');
  try {
    return Regex.of(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`The pattern '${pattern.slice(0, 100)}' is not valid. ${reason}`);
  }
}

function arrayChecks(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Check[] {
  const checks: Check[] = [];
  const check = (test: (items: readonly unknown[], run: Run) => string | undefined) =>
    checks.push((value, run, path) => {
      const message = Array.isArray(value) ? test(value, run) : undefined;
      return message === undefined || run.fail(message, path);
    });
  const most = countOf(schema, "maxItems");
  const least = countOf(schema, "minItems");
  if (most !== undefined)
    check(({ length }) => (length > most ? `Array item count ${length} exceeds maximum count of ${most}.` : undefined));
  if (least !== undefined)
    check(({ length }) =>
      length < least ? `Array item count ${length} is less than minimum count of ${least}.` : undefined,
    );
  if (schema.uniqueItems === true) {
    check((items, run) => {
      const seen = new Set<string>();
      for (const [index, item] of items.entries()) {
        if (seen.size === seen.add(canonicalText(item, run)).size) return `Non-unique array item at index ${index}.`;
      }
      return undefined;
    });
  }
  const items = itemsCheck(schema, base, compiler);
  if (items) checks.push(items);
  const contains = containsCheck(schema, base, compiler);
  if (contains) checks.push(contains);
  return checks;
}

/** `prefixItems` (`items` as a list before 2020-12) and the schema of the items behind them. */
function itemsCheck(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Check | undefined {
  const list = Array.isArray(schema.prefixItems) ? schema.prefixItems : Array.isArray(schema.items) ? schema.items : [];
  const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
  if (list.length === 0 && rest === undefined) return undefined;
  const first = list.map((item) => compiler.value(item, base));
  const others = rest === undefined ? undefined : compiler.value(rest, base);
  return (value, run, path) => {
    if (!Array.isArray(value)) return true;
    let valid = true;
    for (const [index, item] of value.entries()) {
      const check = first[index] ?? others;
      if (!check) break;
      if (check(item, run, { parent: path, key: index }, undefined)) continue;
      valid = false;
      if (run.quiet) break;
    }
    return valid;
  };
}

function containsCheck(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Check | undefined {
  if (schema.contains === undefined) return undefined;
  const item = compiler.value(schema.contains, base);
  const least = countOf(schema, "minContains") ?? 1;
  const most = countOf(schema, "maxContains") ?? Number.POSITIVE_INFINITY;
  return (value, run, path) => {
    if (!Array.isArray(value)) return true;
    const count = value.filter((one) => run.quietly(() => item(one, run, path, undefined))).length;
    if (count < least) return run.fail("No items match contains.", path);
    return count <= most || run.fail(`More than ${most} items match contains.`, path);
  };
}

function numberOf(schema: Schema, keyword: string): number | undefined {
  const value = schema[keyword];
  return typeof value === "number" ? value : undefined;
}

export function countOf(schema: Schema, keyword: string): number | undefined {
  const value = numberOf(schema, keyword);
  return value === undefined || value >= 0 ? value : 0;
}
