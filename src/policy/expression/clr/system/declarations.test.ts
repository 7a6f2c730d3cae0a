import { describe, expect, it } from "vitest";
import { Registry } from "../../registry.ts";
import { declarations as collections } from "../collections/index.ts";
import { declarations as core } from "../core.ts";
import { declarations } from "./index.ts";

/** The forms of clr/declare.ts, as far as a pattern can tell them; the registry reads the types in them. */
const TYPE = String.raw`[A-Za-z][\w.]*(?:<[\w.<>, ]+>)?(?:\[\])*\??`;
const PARAMETER = String.raw`(?:(?:out|ref|params|this) )?${TYPE} \w+(?: = [^,()]+)?`;
const PARAMETERS = `(?:${PARAMETER}(?:, ${PARAMETER})*)?`;
const SIGN = String.raw`(?:[-+*/%&|^<>]|\+\+|--|==|!=|<=|>=|<<|>>)`;
const FORMS = [
  String.raw`new \w+\(${PARAMETERS}\)`,
  String.raw`(?:static )?${TYPE} \w+(?:<\w+(?:, \w+)*>)?\(${PARAMETERS}\)`,
  String.raw`(?:static )?${TYPE} \w+ \{ get;(?: set;)? \}`,
  String.raw`${TYPE} this\[${PARAMETERS}\] \{ get;(?: set;)? \}`,
  String.raw`static (?:implicit|explicit) operator ${TYPE}\(${PARAMETER}\)`,
  String.raw`static ${TYPE} operator ${SIGN}\(${PARAMETERS}\)`,
].map((form) => new RegExp(`^${form}$`));

const members = declarations.flatMap(({ name, members: own }) =>
  Object.entries(own ?? {}).map(([signature, implementation]) => ({ name, signature, implementation })),
);

describe("the declarations of System", () => {
  it("write every signature in a form of the contract", () => {
    const odd = members.filter(({ signature }) => !FORMS.some((form) => form.test(signature)));
    expect(odd.map(({ name, signature }) => `${name}: ${signature}`)).toEqual([]);
  });

  it("give a setter exactly where the signature has one", () => {
    const odd = members.filter(
      ({ signature, implementation }) => (typeof implementation === "object") !== signature.includes("set;"),
    );
    expect(odd.map(({ name, signature }) => `${name}: ${signature}`)).toEqual([]);
  });

  it("name only types that are declared, and constructors after their type", () => {
    const registry = new Registry([...core, ...declarations, ...collections]);
    for (const definition of registry.definitions) {
      expect(definition.base === undefined, definition.fullName).toBe(false);
      expect(definition.interfaces.length, definition.fullName).toBeGreaterThanOrEqual(0);
      expect([...definition.members.values()].flat().length, definition.fullName).toBeGreaterThanOrEqual(0);
    }
    expect(registry.problems).toEqual([]);
    const odd = members.filter(({ name, signature }) => {
      const constructed = /^new (\w+)\(/.exec(signature)?.[1];
      return constructed !== undefined && constructed !== name.replace(/<.*/, "").split(".").at(-1);
    });
    expect(odd.map(({ name, signature }) => `${name}: ${signature}`)).toEqual([]);
  });

  it("declare each type once", () => {
    const names = declarations.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it("give every struct a value for default(T)", () => {
    const structs = declarations.filter(({ kind }) => kind === "struct");
    const without = structs.filter(
      (type) => !Object.hasOwn(type.members ?? {}, `new ${type.name.split(".").at(-1)}()`),
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it("tell their values by `is`, except static types and enums", () => {
    const without = declarations.filter(({ kind, is }) => kind !== "static" && kind !== "enum" && is === undefined);
    // Of certificates only some members are here; the context declares the rest.
    expect(without.map(({ name }) => name.split(".").at(-1))).toEqual(["X509Certificate", "X509Certificate2"]);
  });
});
