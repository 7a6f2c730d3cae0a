import { enumValue } from "./clr/box.ts";
import { declarations as core, delegateShapes } from "./clr/core.ts";
import type { MemberFunction, RuntimeType, TypeDeclaration } from "./clr/declare.ts";
import { Decimal } from "./clr/system/decimal.ts";
import { type Language, makeLanguage } from "./language.ts";
import { Registry } from "./registry.ts";
import { operations } from "./runtime.ts";
import { RuntimeTypes } from "./runtime-types.ts";
import { type Type, voidType } from "./types.ts";

/** What generated code may reach: members by their stable key, types by name, constants, the language's operations. */
export interface Library {
  readonly op: typeof operations;
  member(key: string): MemberFunction;
  setter(key: string): MemberFunction;
  type(text: string): RuntimeType;
  /** Boxes values of a type that has a boxed form of its own; null stays null. */
  boxer(type: string): (value: unknown) => unknown;
  enumValue(type: string, value: number): unknown;
  toEnum(type: string): (value: number) => unknown;
  decimal(text: string): Decimal;
}

/** A language and the library that carries it out. */
export interface Dialect {
  language: Language;
  library: Library;
}

export function makeDialect(declarations: readonly TypeDeclaration[]): Dialect {
  const registry = new Registry([...core, ...declarations]);
  for (const shape of delegateShapes) {
    const open = shape.name.indexOf("<");
    const arity = open < 0 ? 0 : shape.name.split(",").length;
    const definition = registry.find(open < 0 ? shape.name : shape.name.slice(0, open), arity);
    if (!definition) continue;
    const parse = (text: string): Type | undefined =>
      text === "void" ? voidType : registry.tryParseType(text, definition.parameters);
    const parameters = shape.parameters.map(parse);
    const result = parse(shape.result);
    if (result && parameters.every((p) => p !== undefined)) definition.delegate = { parameters, result };
  }
  const language = makeLanguage(registry);
  return { language, library: makeLibrary(language) };
}

function makeLibrary(language: Language): Library {
  const { registry } = language;
  const types = new RuntimeTypes(language);
  const find = (key: string) => {
    const bar = key.indexOf("|");
    const name = key.slice(0, bar);
    const open = name.indexOf("<");
    const definition = registry.find(open < 0 ? name : name.slice(0, open), open < 0 ? 0 : name.split(",").length);
    const implementation = definition?.declaration.members?.[key.slice(bar + 1)];
    if (!definition || !implementation || !Object.hasOwn(definition.declaration.members ?? {}, key.slice(bar + 1))) {
      throw new Error(`The expression uses the member ${key}, which this version does not have.`);
    }
    return implementation;
  };
  const enumMembers = (type: string) => {
    const definition = registry.find(type, 0);
    if (!definition?.declaration.values)
      throw new Error(`The expression uses the enum ${type}, which is not declared.`);
    return definition.declaration.values;
  };
  return Object.freeze({
    op: Object.freeze(operations),
    member: (key: string) => {
      const implementation = find(key);
      return typeof implementation === "function" ? implementation : implementation.get;
    },
    setter: (key: string) => {
      const implementation = find(key);
      if (typeof implementation === "function") throw new Error(`The member ${key} cannot be set.`);
      return implementation.set;
    },
    type: (text: string) => types.named(text),
    boxer: (type: string) => {
      const box = registry.find(type, 0)?.declaration.box as ((value: unknown) => unknown) | undefined;
      if (!box) throw new Error(`The type ${type} has no boxed form.`);
      return (value: unknown) => (value === null ? null : box(value));
    },
    enumValue: (type: string, value: number) => enumValue(type, enumMembers(type), value),
    toEnum: (type: string) => {
      const members = enumMembers(type);
      return (value: number) => enumValue(type, members, value);
    },
    decimal: (text: string) => Decimal.parse(text),
  });
}
