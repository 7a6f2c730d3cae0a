import type { Regex } from "../../../expression/clr/system/regex/regex.ts";
import { type SchemaCompiler, undefinedProperty } from "./compile.ts";
import { compilePattern, countOf } from "./compile-keywords.ts";
import type { SchemaBase } from "./references.ts";
import { type Check, isObject, type Path, type Run, Spoken } from "./run.ts";
import { SchemaError } from "./schema-error.ts";

type Schema = Record<string, unknown>;

/** A check of an object; other values pass. */
type ObjectCheck = (value: Record<string, unknown>, run: Run, path: Path | undefined, spoken?: Spoken) => boolean;

/** Checks of everything that is about objects. */
export function compileObject(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Check[] {
  const checks: ObjectCheck[] = [
    ...requiredCheck(schema, compiler),
    ...countChecks(schema),
    ...propertiesCheck(schema, base, compiler),
    ...dependencyChecks(schema, base, compiler),
  ];
  if (schema.propertyNames !== undefined) {
    const name = compiler.value(schema.propertyNames, base);
    checks.push((value, run, path) =>
      Object.keys(value).every((key) => name(key, run, { parent: path, key }, undefined)),
    );
  }
  const whole: Check[] = checks.map(
    (check) => (value, run, path, spoken) => !isObject(value) || check(value, run, path, spoken),
  );
  return schema.unevaluatedProperties === undefined ? whole : [unevaluated(schema, base, compiler, whole)];
}

/** Required properties; one that only goes the other way (`readOnly`, `writeOnly`) is not missed. */
function requiredCheck(schema: Schema, compiler: SchemaCompiler): ObjectCheck[] {
  const { required } = schema;
  // OpenAPI parameters and draft 3 have a boolean of this name, which says nothing about properties.
  if (!Array.isArray(required)) return [];
  const fold = foldOf(compiler);
  const properties = isObject(schema.properties) ? schema.properties : {};
  const wanted = required
    .filter((name): name is string => typeof name === "string")
    .map((name) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      const notOf = !isObject(property)
        ? undefined
        : property.readOnly === true
          ? "request"
          : property.writeOnly === true
            ? "response"
            : undefined;
      return { name, key: fold(name), notOf };
    });
  return [
    (value, run, path) => {
      const there = compiler.options.ignoreCase ? new Set(Object.keys(value).map(fold)) : undefined;
      const missing = wanted.filter(
        ({ name, key, notOf }) => notOf !== run.direction && !(there ? there.has(key) : Object.hasOwn(value, name)),
      );
      if (missing.length === 0) return true;
      const names = missing.map(({ name }) => name).join(", ");
      return run.fail(`Required properties are missing from object: ${names}.`, path);
    },
  ];
}

function countChecks(schema: Schema): ObjectCheck[] {
  const most = countOf(schema, "maxProperties");
  const least = countOf(schema, "minProperties");
  const checks: ObjectCheck[] = [];
  if (most !== undefined) {
    checks.push((value, run, path) => {
      const count = Object.keys(value).length;
      return count <= most || run.fail(`Object property count ${count} exceeds maximum count of ${most}.`, path);
    });
  }
  if (least !== undefined) {
    checks.push((value, run, path) => {
      const count = Object.keys(value).length;
      return count >= least || run.fail(`Object property count ${count} is less than minimum count of ${least}.`, path);
    });
  }
  return checks;
}

/** `properties`, `patternProperties` and `additionalProperties` together: the last covers what the first two do not. */
function propertiesCheck(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): ObjectCheck[] {
  const named = namedProperties(schema, base, compiler);
  const patterns = patternProperties(schema, base, compiler);
  const written = schema.additionalProperties;
  // The policy's word about additional properties replaces the schema's; a schema for them still holds.
  const overruled = compiler.options.additionalProperties !== undefined && typeof written === "boolean";
  const additional = written === undefined || overruled ? undefined : compiler.value(written, base);
  const closed = written === false && !overruled;
  const described = schema.type === "object" || named.size > 0 || patterns.length > 0 || written !== undefined;
  if (!described) return [];
  if (named.size === 0 && patterns.length === 0 && !additional) {
    return [
      (_value, _run, _path, spoken) => {
        if (spoken) spoken.described = true;
        return true;
      },
    ];
  }
  const fold = foldOf(compiler);
  return [
    (value, run, path, spoken) => {
      if (spoken) spoken.described = true;
      let valid = true;
      for (const name of Object.keys(value)) {
        run.spend();
        const place: Path = { parent: path, key: name };
        const item = value[name];
        const own = named.get(fold(name));
        let covered = own !== undefined;
        if (own && !own(item, run, place, undefined)) valid = false;
        for (const { pattern, check } of patterns) {
          if (!pattern.isMatch(name)) continue;
          covered = true;
          if (!check(item, run, place, undefined)) valid = false;
        }
        if (!covered && closed) valid = run.fail(undefinedProperty(name), place);
        else if (!covered && additional) {
          covered = true;
          if (!additional(item, run, place, undefined)) valid = false;
        }
        if (covered) spoken?.names.add(name);
        if (!valid && run.quiet) return false;
      }
      return valid;
    },
  ];
}

function namedProperties(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): Map<string, Check> {
  const named = new Map<string, Check>();
  if (schema.properties === undefined) return named;
  if (!isObject(schema.properties)) throw new SchemaError('"properties" must be an object.');
  const fold = foldOf(compiler);
  for (const [name, property] of Object.entries(schema.properties))
    named.set(fold(name), compiler.value(property, base));
  return named;
}

function patternProperties(
  schema: Schema,
  base: SchemaBase,
  compiler: SchemaCompiler,
): { pattern: Regex; check: Check }[] {
  if (!isObject(schema.patternProperties)) return [];
  return Object.entries(schema.patternProperties).map(([pattern, property]) => ({
    pattern: compilePattern(pattern),
    check: compiler.value(property, base),
  }));
}

/** `dependentRequired`, `dependentSchemas`, and both under their older name `dependencies`. */
function dependencyChecks(schema: Schema, base: SchemaBase, compiler: SchemaCompiler): ObjectCheck[] {
  const keywords = ["dependencies", "dependentRequired", "dependentSchemas"];
  const written = keywords.flatMap((keyword) => (isObject(schema[keyword]) ? Object.entries(schema[keyword]) : []));
  return written.map(([name, dependency]): ObjectCheck => {
    if (!Array.isArray(dependency)) {
      const check = compiler.inPlace(dependency, base);
      return (value, run, path, spoken) => !Object.hasOwn(value, name) || check(value, run, path, spoken);
    }
    const needed = dependency.filter((item): item is string => typeof item === "string");
    return (value, run, path) => {
      if (!Object.hasOwn(value, name)) return true;
      const missing = needed.filter((other) => !Object.hasOwn(value, other));
      if (missing.length === 0) return true;
      return run.fail(
        `Dependencies for property '${name}' failed. Missing required keys: ${missing.join(", ")}.`,
        path,
      );
    };
  });
}

/** `unevaluatedProperties`: what neither this schema nor one beside it for the same value speaks of. */
function unevaluated(schema: Schema, base: SchemaBase, compiler: SchemaCompiler, own: readonly Check[]): Check {
  const written = schema.unevaluatedProperties;
  const overruled = compiler.options.additionalProperties !== undefined && typeof written === "boolean";
  const rest = compiler.value(written, base);
  const { unevaluatedProperties: _, ...others } = schema;
  // Everything beside the keyword, once more, to learn what it speaks of; its findings are reported where they belong.
  const beside = compiler.inPlace(others, base);
  return (value, run, path, outer) => {
    let valid = own.every((check) => check(value, run, path, outer));
    if (!isObject(value) || overruled) return valid;
    const spoken = new Spoken();
    run.quietly(() => beside(value, run, path, spoken));
    for (const name of Object.keys(value)) {
      if (spoken.names.has(name)) continue;
      const place = { parent: path, key: name };
      if (written === false) valid = run.fail(undefinedProperty(name), place);
      else if (!rest(value[name], run, place, undefined)) valid = false;
      else outer?.names.add(name);
    }
    return valid;
  };
}

function foldOf(compiler: SchemaCompiler): (name: string) => string {
  return compiler.options.ignoreCase ? (name) => name.toLowerCase() : (name) => name;
}
