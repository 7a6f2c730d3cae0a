import type { Member, Parameter, TypeDefinition } from "./registry.ts";
import { arrayOf, type Type, TypeParameter, voidType } from "./types.ts";

/** Finds a declared type by the name a signature uses; undefined where nothing of that name and arity is declared. */
export type ResolveName = (name: string, arity: number) => TypeDefinition | undefined;

/** A signature that names an undeclared type, or is not written as the declarations' format says. */
export class SignatureError extends Error {}

const token =
  /\s*(?:(?<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+')|(?<number>-?[0-9][0-9.A-Za-z]*)|(?<mark>.))/y;

/** Words before a type that matter only to readers. */
const modifiers = new Set(["public", "virtual", "override", "abstract", "sealed", "readonly", "const", "new"]);

/**
 * Parses the signature of one member of `declaring`, in the forms that `declare.ts` lists.
 * @throws {SignatureError}
 */
export function parseSignature(
  signature: string,
  declaring: TypeDefinition,
  resolve: ResolveName,
): Omit<Member, "implementation"> {
  return new SignatureParser(signature, declaring, resolve).parse();
}

/** Parses a type written in C# form (`List<int>`, `string[]`); `parameters` are the type parameters in scope. */
export function parseTypeText(text: string, parameters: readonly TypeParameter[], resolve: ResolveName): Type {
  return new SignatureParser(text, undefined, resolve, parameters).whole();
}

class SignatureParser {
  readonly #text: string;
  readonly #declaring: TypeDefinition | undefined;
  readonly #resolve: ResolveName;
  readonly #tokens: string[] = [];
  #at = 0;
  #parameters: TypeParameter[];

  constructor(
    text: string,
    declaring: TypeDefinition | undefined,
    resolve: ResolveName,
    parameters: readonly TypeParameter[] = [],
  ) {
    this.#text = text;
    this.#declaring = declaring;
    this.#resolve = resolve;
    this.#parameters = [...(declaring?.parameters ?? parameters)];
    token.lastIndex = 0;
    for (;;) {
      const match = token.exec(text);
      if (!match) break;
      this.#tokens.push((match[0] as string).trim());
    }
  }

  whole(): Type {
    const type = this.#type();
    if (this.#at < this.#tokens.length) throw this.#error(`unexpected '${this.#peek()}'`);
    return type;
  }

  parse(): Omit<Member, "implementation"> {
    const declaring = this.#declaring as TypeDefinition;
    if (this.#peek() === "new") {
      this.#next();
      this.#name();
      const parameters = this.#parameterList();
      return this.#member("constructor", ".ctor", false, [], parameters.list, declaring.self, parameters.extension);
    }
    let isStatic = false;
    for (;;) {
      if (this.#peek() === "static") {
        isStatic = true;
        this.#next();
      } else if (modifiers.has(this.#peek())) {
        this.#next();
      } else {
        break;
      }
    }
    if (this.#peek() === "implicit" || this.#peek() === "explicit") return this.#conversion(this.#next());
    return this.#methodOrProperty(isStatic);
  }

  #conversion(kind: string): Omit<Member, "implementation"> {
    this.#expect("operator");
    const target = this.#type();
    const parameters = this.#parameterList();
    return this.#member("conversion", kind, true, [], parameters.list, target, false);
  }

  #methodOrProperty(isStatic: boolean): Omit<Member, "implementation"> {
    // A generic method's own parameters are written after its name, and its return type before that may use them.
    const own = this.#ownTypeParameters();
    this.#parameters = [...this.#parameters, ...own];
    const type = this.#type();
    if (this.#peek() === "operator") {
      this.#next();
      let operator = "";
      while (this.#peek() !== "(") operator += this.#next();
      return this.#member("operator", operator, true, [], this.#parameterList().list, type, false);
    }
    if (this.#peek() === "this") {
      this.#next();
      const parameters = this.#parameterList("[", "]");
      return this.#member("indexer", "this[]", isStatic, [], parameters.list, type, false);
    }
    const name = this.#name();
    if (this.#peek() === "<") this.#skipTypeParameters();
    if (this.#peek() === "(") {
      const parameters = this.#parameterList();
      return this.#member("method", name, isStatic, own, parameters.list, type, parameters.extension);
    }
    return this.#member("property", name, isStatic, [], [], type, false);
  }

  #member(
    kind: Member["kind"],
    name: string,
    isStatic: boolean,
    typeParameters: readonly TypeParameter[],
    parameters: readonly Parameter[],
    type: Type,
    extension: boolean,
  ): Omit<Member, "implementation"> {
    const declaring = this.#declaring as TypeDefinition;
    const key = `${declaring.declaration.name}|${this.#text}`;
    return { kind, name, isStatic, typeParameters, parameters, type, extension, declaring, key, signature: this.#text };
  }

  /** `T, U` of `Name<T, U>(…)`, found ahead of parsing. */
  #ownTypeParameters(): TypeParameter[] {
    const open = this.#tokens.indexOf("(", this.#at);
    // In `bool operator >(…)` the mark is the operator's name.
    if (open <= 0 || this.#tokens[open - 1] !== ">" || this.#tokens.includes("operator")) return [];
    const names: string[] = [];
    let depth = 0;
    for (let i = open - 1; i >= this.#at; i--) {
      const text = this.#tokens[i] as string;
      if (text === ">") depth++;
      else if (text === "<") {
        if (--depth === 0) break;
      } else if (text !== ",") names.unshift(text);
    }
    return names.map((name) => new TypeParameter(name));
  }

  #skipTypeParameters(): void {
    while (this.#next() !== ">");
  }

  #parameterList(open = "(", close = ")"): { list: Parameter[]; extension: boolean } {
    this.#expect(open);
    const list: Parameter[] = [];
    let extension = false;
    while (this.#peek() !== close) {
      let mode: Parameter["mode"] = "value";
      if (this.#peek() === "this") {
        this.#next();
        extension = true;
      }
      const word = this.#peek();
      if (word === "out" || word === "ref" || word === "params") {
        mode = word;
        this.#next();
      } else if (word === "in") {
        this.#next();
      }
      const type = this.#type();
      const name = this.#name();
      const parameter: Parameter = { name, type, mode };
      if (this.#peek() === "=") {
        this.#next();
        parameter.defaultText = this.#next();
      }
      list.push(parameter);
      if (this.#peek() !== ",") break;
      this.#next();
    }
    this.#expect(close);
    return { list, extension };
  }

  #type(): Type {
    const name = this.#next();
    if (!/^[A-Za-z_]/.test(name)) throw this.#error(`type expected, found '${name}'`);
    const args: Type[] = [];
    if (this.#peek() === "<") {
      this.#next();
      for (;;) {
        args.push(this.#type());
        if (this.#peek() !== ",") break;
        this.#next();
      }
      this.#expect(">");
    }
    let type = this.#named(name, args);
    for (;;) {
      const next = this.#peek();
      if (next === "?") {
        this.#next();
        const nullable = this.#resolve("System.Nullable", 1);
        if (!nullable) throw this.#error("System.Nullable<T> is not declared");
        // `string?` in a signature says what C# 7 cannot: it stays the type itself.
        if (type.kind === "parameter" || (type.kind === "named" && ["struct", "enum"].includes(type.definition.kind))) {
          type = nullable.construct([type]);
        }
      } else if (next === "[") {
        let rank = 1;
        this.#next();
        while (this.#peek() === ",") {
          this.#next();
          rank++;
        }
        this.#expect("]");
        type = arrayOf(type, rank);
      } else {
        return type;
      }
    }
  }

  #named(name: string, args: Type[]): Type {
    if (name === "void") return voidType;
    if (args.length === 0) {
      const parameter = this.#parameters.findLast((p) => p.name === name);
      if (parameter) return parameter;
    }
    const definition = this.#resolve(name, args.length);
    if (!definition)
      throw this.#error(
        `the type '${name}${args.length > 0 ? `<${",".repeat(args.length - 1)}>` : ""}' is not declared`,
      );
    return definition.construct(args);
  }

  #name(): string {
    const name = this.#next();
    if (!/^@?[A-Za-z_]/.test(name)) throw this.#error(`name expected, found '${name}'`);
    return name;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? "";
  }

  #next(): string {
    const text = this.#tokens[this.#at++];
    if (text === undefined) throw this.#error("unexpected end");
    return text;
  }

  #expect(text: string): void {
    if (this.#next() !== text) throw this.#error(`'${text}' expected`);
  }

  #error(message: string): SignatureError {
    return new SignatureError(`${this.#declaring?.declaration.name ?? ""} "${this.#text}": ${message}`);
  }
}
