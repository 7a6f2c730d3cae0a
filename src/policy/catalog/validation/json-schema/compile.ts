import { compileKeywords } from "./compile-keywords.ts";
import { compileObject } from "./compile-object.ts";
import { UNSUPPORTED } from "./keywords.ts";
import { resolveReference, type SchemaBase } from "./references.ts";
import type { Direction } from "./run.ts";
import { type Check, isObject, Run, type SchemaViolation, Spoken } from "./run.ts";
import { SchemaError } from "./schema-error.ts";

/** What a policy may change about the schemas it validates with. */
export interface SchemaOptions {
  /** Whether properties that a schema does not name are allowed; undefined: as the schema says. */
  additionalProperties: boolean | undefined;
  /** Property names match without regard to case. */
  ignoreCase: boolean;
}

export const AS_WRITTEN: SchemaOptions = { additionalProperties: undefined, ignoreCase: false };

/**
 * A schema made ready: JSON Schema of drafts 4 to 2020-12 and OpenAPI 3.0's dialect of it, as one language (what only one of
 * them says means the same in the others). It is interpreted, no code is generated; patterns run under the bound of
 * the expressions' engine, and steps and depth are counted, so that time is linear in what the limits allow.
 */
export interface SchemaValidator {
  /** @throws {SchemaError} for a schema that cannot be used; {ValidationLimitError} */
  validate(value: unknown, direction: Direction): readonly SchemaViolation[];
}

/** @throws {SchemaError} where the schema itself is wrong; what it refers to is looked at when it is first needed */
export function compileSchema(schema: unknown, base: SchemaBase, options = AS_WRITTEN): SchemaValidator {
  const compiler = new SchemaCompiler(options);
  const check = compiler.value(schema, base);
  return {
    validate(value, direction) {
      const run = new Run(direction);
      check(value, run, undefined, undefined);
      return run.violations;
    },
  };
}

/** Compiles schemas, each once for each base, as they are met. */
export class SchemaCompiler {
  readonly options: SchemaOptions;
  readonly #known = new Map<unknown, Map<SchemaBase["document"], Check>>();

  constructor(options: SchemaOptions) {
    this.options = options;
  }

  /** A schema for a value of its own: the document, a property, an item. */
  value(schema: unknown, base: SchemaBase): Check {
    const check = this.inPlace(schema, base);
    if (this.options.additionalProperties !== false) return check;
    return (value, run, path, outer) => {
      if (!isObject(value)) return check(value, run, path, outer);
      const spoken = new Spoken();
      let valid = check(value, run, path, spoken);
      outer?.add(spoken);
      if (!spoken.described) return valid;
      for (const name of Object.keys(value)) {
        if (!spoken.names.has(name)) valid = run.fail(undefinedProperty(name), { parent: path, key: name });
      }
      return valid;
    };
  }

  /** A schema beside others for the same value (`allOf` and the like). */
  inPlace(schema: unknown, base: SchemaBase): Check {
    let byDocument = this.#known.get(schema);
    if (!byDocument) this.#known.set(schema, (byDocument = new Map()));
    const known = byDocument.get(base.document);
    if (known) return known;
    // Known before it is compiled: a schema may lead back to itself.
    let compiled: Check | undefined;
    const lazy: Check = (value, run, path, spoken) => {
      run.spend();
      compiled ??= this.#compile(schema, base);
      const check = compiled;
      return run.deeper(() => check(value, run, path, spoken));
    };
    byDocument.set(base.document, lazy);
    return lazy;
  }

  #compile(schema: unknown, base: SchemaBase): Check {
    if (schema === true) return () => true;
    if (schema === false) return (_value, run, path) => run.fail("The schema allows no value here.", path);
    if (!isObject(schema)) throw new SchemaError("A schema must be an object or a boolean.");
    for (const keyword of Object.keys(schema)) {
      if (UNSUPPORTED.has(keyword)) throw new SchemaError(`The schema keyword "${keyword}" is not supported.`);
    }
    const checks = [
      ...this.#reference(schema, base),
      ...compileKeywords(schema, base, this),
      ...compileObject(schema, base, this),
    ];
    const all: Check = (value, run, path, spoken) => {
      let valid = true;
      for (const check of checks) {
        if (check(value, run, path, spoken)) continue;
        valid = false;
        if (run.quiet) return false;
      }
      return valid;
    };
    // OpenAPI 3.0's `nullable` stands beside `type`, and people write it beside anything.
    return schema.nullable === true
      ? (value, run, path, spoken) => value === null || all(value, run, path, spoken)
      : all;
  }

  #reference(schema: Record<string, unknown>, base: SchemaBase): Check[] {
    if (schema.$ref === undefined) return [];
    if (typeof schema.$ref !== "string") throw new SchemaError('"$ref" must be a text.');
    const reference = schema.$ref;
    const found = resolveReference(reference, base);
    return [this.inPlace(found.schema, found.base)];
  }
}

export function undefinedProperty(name: string): string {
  return `Property '${name.slice(0, 100)}' has not been defined and the schema does not allow additional properties.`;
}
