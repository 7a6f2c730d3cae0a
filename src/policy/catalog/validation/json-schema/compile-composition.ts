import type { SchemaCompiler } from "./compile.ts";
import { resolveReference, type SchemaBase } from "./references.ts";
import { type Check, isObject, Spoken } from "./run.ts";
import { SchemaError } from "./schema-error.ts";

type Schema = Record<string, unknown>;

/** `allOf`, `anyOf`, `oneOf`, `not`, `if`. */
export function compileComposition(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Check[] {
  const checks: Check[] = [];
  const list = (keyword: string): Check[] | undefined => {
    const written = schema[keyword];
    if (written === undefined) return undefined;
    if (!Array.isArray(written)) throw new SchemaError(`"${keyword}" must be a list.`);
    return written.map((item) => compiler.inPlace(item, base));
  };
  const all = list("allOf");
  if (all) checks.push(...all);
  const any = list("anyOf");
  if (any) checks.push(discriminated(schema, "anyOf", base, compiler) ?? anyOf(any));
  const one = list("oneOf");
  if (one) checks.push(discriminated(schema, "oneOf", base, compiler) ?? oneOf(one));
  if (schema.not !== undefined) checks.push(not(compiler.inPlace(schema.not, base)));
  if (schema.if !== undefined) checks.push(conditional(schema, base, compiler));
  return checks;
}

/** Tries an alternative; what it speaks of counts only where it holds. */
function holds(check: Check, ...[value, run, path, spoken]: Parameters<Check>): boolean {
  if (!spoken) return run.quietly(() => check(value, run, path, undefined));
  const own = new Spoken();
  const valid = run.quietly(() => check(value, run, path, own));
  if (valid) spoken.add(own);
  return valid;
}

function anyOf(alternatives: readonly Check[]): Check {
  return (value, run, path, spoken) => {
    let valid = false;
    for (const check of alternatives) {
      if (!holds(check, value, run, path, spoken)) continue;
      valid = true;
      // The others only matter to who asks which properties they speak of.
      if (!spoken) break;
    }
    return valid || run.fail("JSON does not match any schemas from 'anyOf'.", path);
  };
}

function oneOf(alternatives: readonly Check[]): Check {
  return (value, run, path, spoken) => {
    const fitting: number[] = [];
    for (const [index, check] of alternatives.entries()) {
      if (holds(check, value, run, path, spoken)) fitting.push(index);
      if (fitting.length > 1 && run.quiet) break;
    }
    if (fitting.length === 1) return true;
    if (fitting.length === 0) return run.fail("JSON is valid against no schemas from 'oneOf'.", path);
    const list = fitting.join(", ");
    return run.fail(`JSON is valid against more than one schema from 'oneOf'. Valid schema indexes: ${list}.`, path);
  };
}

function not(check: Check): Check {
  return (value, run, path) =>
    !run.quietly(() => check(value, run, path, undefined)) ||
    run.fail("JSON is valid against schema from 'not'.", path);
}

function conditional(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Check {
  const condition = compiler.inPlace(schema.if, base);
  const then = schema.then === undefined ? undefined : compiler.inPlace(schema.then, base);
  const otherwise = schema.else === undefined ? undefined : compiler.inPlace(schema.else, base);
  return (value, run, path, spoken) => {
    const branch = holds(condition, value, run, path, spoken) ? then : otherwise;
    return branch ? branch(value, run, path, spoken) : true;
  };
}

/**
 * OpenAPI's `discriminator` beside alternatives: the property's value names the one schema that counts, so that its
 * own findings are reported. The value is a key of `mapping`, or the name of one of the alternatives.
 */
function discriminated(
  schema: Schema,
  keyword: "anyOf" | "oneOf",
  base: SchemaBase,
  compiler: SchemaCompiler,
): Check | undefined {
  const { discriminator } = schema;
  if (!isObject(discriminator) || typeof discriminator.propertyName !== "string") return undefined;
  const property = discriminator.propertyName;
  const references = (schema[keyword] as readonly unknown[]).map((item) => (isObject(item) ? item.$ref : undefined));
  // The alternatives of a discriminator are references; anything else is decided by trying.
  if (!references.every((reference) => typeof reference === "string")) return undefined;
  const named = new Map<string, string>(references.map((reference) => [reference.split("/").at(-1) ?? "", reference]));
  if (isObject(discriminator.mapping)) {
    for (const [name, target] of Object.entries(discriminator.mapping)) {
      if (typeof target !== "string") continue;
      const reference = references.includes(target) ? target : named.get(target);
      if (reference !== undefined) named.set(name, reference);
    }
  }
  return (value, run, path, spoken) => {
    if (!isObject(value)) return run.fail(`JSON is valid against no schemas from '${keyword}'.`, path);
    const name = Object.hasOwn(value, property) ? value[property] : undefined;
    const reference = typeof name === "string" ? named.get(name) : undefined;
    if (reference === undefined) {
      return run.fail(`Property '${property}' names no schema from '${keyword}'.`, path);
    }
    const found = resolveReference(reference, base);
    return compiler.inPlace(found.schema, found.base)(value, run, path, spoken);
  };
}
