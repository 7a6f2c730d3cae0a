import { needsTypes } from "../clr/declare.ts";
import type { Member } from "../registry.ts";
import type { OperationName } from "../runtime.ts";
import { typeText } from "../runtime-types.ts";
import type { Type } from "../types.ts";

/** A JavaScript string literal: JSON, with the two line separators that old JavaScript parsers refuse escaped. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

/**
 * The constants in front of the generated function: members, types, enum values and operations it uses, each looked
 * up once when the code is loaded.
 */
export class Module {
  readonly #names = new Map<string, string>();
  readonly #lines: string[] = [];
  #temporaries = 0;

  /** The declarations, as one `const` statement. */
  get prelude(): string {
    return this.#lines.length === 0 ? "" : `const ${this.#lines.join(",")};`;
  }

  #constant(prefix: string, source: string): string {
    let name = this.#names.get(source);
    if (!name) {
      name = `${prefix}${this.#names.size}`;
      this.#names.set(source, name);
      this.#lines.push(`${name}=${source}`);
    }
    return name;
  }

  op(name: OperationName): string {
    return this.#constant("o", `lib.op.${name}`);
  }

  member(member: Member): string {
    return this.#constant("m", `lib.member(${literal(member.key)})`);
  }

  setter(member: Member): string {
    return this.#constant("m", `lib.setter(${literal(member.key)})`);
  }

  type(type: Type): string {
    return this.#constant("t", `lib.type(${literal(typeText(type))})`);
  }

  /** The type arguments a member asks for, or nothing. */
  typeArguments(member: Member, setter: boolean, types: readonly Type[]): string | undefined {
    const { implementation } = member;
    const used =
      typeof implementation === "function" ? implementation : setter ? implementation.set : implementation.get;
    if (!needsTypes(used)) return undefined;
    return this.#constant("y", `[${types.map((type) => this.type(type)).join(",")}]`);
  }

  /** The function that boxes values of a type which has a boxed form of its own. */
  boxer(type: Type & { kind: "named" }): string {
    return this.#constant("b", `lib.boxer(${literal(type.definition.fullName)})`);
  }

  enumValue(type: string, value: number): string {
    return this.#constant("e", `lib.enumValue(${literal(type)},${value})`);
  }

  toEnum(type: string): string {
    return this.#constant("e", `lib.toEnum(${literal(type)})`);
  }

  decimal(text: string): string {
    return this.#constant("d", `lib.decimal(${literal(text)})`);
  }

  /** A frozen list of names, such as an anonymous type's properties. */
  names(names: readonly string[]): string {
    return this.#constant("n", `[${names.map(literal).join(",")}]`);
  }

  temporary(): string {
    return `a${++this.#temporaries}`;
  }
}
