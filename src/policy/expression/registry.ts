import type { MemberFunction, TypeDeclaration } from "./clr/declare.ts";
import { parseSignature, parseTypeText, SignatureError } from "./signature.ts";
import { NamedType, type Type, TypeParameter } from "./types.ts";

export interface Parameter {
  name: string;
  type: Type;
  mode: "value" | "out" | "ref" | "params";
  /** The default as written in the signature; present makes the parameter optional. */
  defaultText?: string;
}

/** One member of a declared type, its signature parsed. */
export interface Member {
  kind: "constructor" | "method" | "property" | "indexer" | "operator" | "conversion";
  /** Member name; `.ctor`, `this[]`, the operator's sign, `implicit` or `explicit` for the others. */
  name: string;
  isStatic: boolean;
  typeParameters: readonly TypeParameter[];
  parameters: readonly Parameter[];
  /** Return type, property type, type constructed, or conversion target. */
  type: Type;
  extension: boolean;
  declaring: TypeDefinition;
  /** Stable name: the type's declared name, `|`, the signature. Generated code asks for members by it. */
  key: string;
  signature: string;
  implementation: MemberFunction | { get: MemberFunction; set: MemberFunction };
}

/** What calling a delegate type takes and gives, in terms of its type parameters. */
export interface DelegateShape {
  parameters: readonly Type[];
  result: Type;
}

/** Namespaces whose types need no qualification in an expression (reference, section 4). */
const openNamespaces = [
  "System",
  "System.Collections.Generic",
  "System.Collections",
  "System.Linq",
  "System.Text",
  "System.Text.RegularExpressions",
  "System.IO",
  "System.Net",
  "System.Security.Cryptography",
  "System.Security.Cryptography.X509Certificates",
  "System.Xml",
  "System.Xml.Linq",
  "System.Globalization",
  "Newtonsoft.Json",
  "Newtonsoft.Json.Linq",
  "Gatehouse",
];

/** A declared type before generic arguments are applied. Its members are parsed when first asked for. */
export class TypeDefinition {
  readonly declaration: TypeDeclaration;
  /** `System.Collections.Generic.List`, without type parameters. */
  readonly fullName: string;
  readonly simpleName: string;
  readonly namespace: string;
  readonly parameters: readonly TypeParameter[];
  /** The type with its own parameters as arguments: what `this` is inside the declaration. */
  readonly self: NamedType;
  readonly kind: TypeDeclaration["kind"];
  delegate: DelegateShape | undefined;
  readonly #registry: Registry;
  readonly #constructed = new Map<string, NamedType>();
  #members: Map<string, Member[]> | undefined;
  #base: NamedType | null | undefined;
  #interfaces: NamedType[] | undefined;

  constructor(declaration: TypeDeclaration, registry: Registry) {
    const open = declaration.name.indexOf("<");
    this.declaration = declaration;
    this.fullName = open < 0 ? declaration.name : declaration.name.slice(0, open);
    const dot = this.fullName.lastIndexOf(".");
    this.simpleName = this.fullName.slice(dot + 1);
    this.namespace = dot < 0 ? "" : this.fullName.slice(0, dot);
    this.kind = declaration.kind;
    const names = open < 0 ? [] : declaration.name.slice(open + 1, declaration.name.lastIndexOf(">")).split(",");
    this.parameters = names.map((name) => new TypeParameter(name.trim().replace(/^(in|out)\s+/, "")));
    this.#registry = registry;
    this.self = this.construct(this.parameters);
  }

  construct(args: readonly Type[]): NamedType {
    const key = args.length === 0 ? "" : args.map((arg) => arg.id).join(",");
    let known = this.#constructed.get(key);
    if (!known) this.#constructed.set(key, (known = new NamedType(this, args)));
    return known;
  }

  /** Base class in terms of this type's parameters; null for object, interfaces and static classes. */
  get base(): NamedType | null {
    if (this.#base === undefined) this.#base = this.#registry.baseOf(this);
    return this.#base;
  }

  /** Interfaces the declaration lists, in terms of this type's parameters. */
  get interfaces(): readonly NamedType[] {
    this.#interfaces ??= (this.declaration.interfaces ?? []).flatMap((text) => {
      const type = this.#registry.tryParseType(text, this.parameters);
      return type?.kind === "named" ? [type] : [];
    });
    return this.#interfaces;
  }

  /** Members declared here (not inherited) with this name. */
  membersNamed(name: string): readonly Member[] {
    return this.members.get(name) ?? [];
  }

  get members(): ReadonlyMap<string, readonly Member[]> {
    this.#members ??= this.#registry.parseMembers(this);
    return this.#members;
  }
}

/** All types an expression may use, made from the declarations. */
export class Registry {
  /** Signatures that could not be used, with the reason. Empty in a sound build; a test checks it. */
  readonly problems: string[] = [];
  readonly #byFullName = new Map<string, TypeDefinition>();
  readonly #bySimpleName = new Map<string, TypeDefinition[]>();
  readonly #byKeyword = new Map<string, TypeDefinition>();
  readonly #namespaces = new Set<string>();
  readonly #extensionTypes: TypeDefinition[] = [];
  #extensions: Map<string, Member[]> | undefined;

  constructor(declarations: readonly TypeDeclaration[]) {
    for (const declaration of mergeParts(declarations)) this.#add(new TypeDefinition(declaration, this));
  }

  #add(definition: TypeDefinition): void {
    this.#byFullName.set(`${definition.fullName}\`${definition.parameters.length}`, definition);
    const simple = this.#bySimpleName.get(definition.simpleName);
    if (simple) simple.push(definition);
    else this.#bySimpleName.set(definition.simpleName, [definition]);
    const { keyword, members } = definition.declaration;
    if (keyword) this.#byKeyword.set(keyword, definition);
    const parts = definition.namespace.split(".");
    for (let i = 1; i <= parts.length; i++) this.#namespaces.add(parts.slice(0, i).join("."));
    if (definition.kind === "static" && members && Object.keys(members).some((s) => s.includes("(this "))) {
      this.#extensionTypes.push(definition);
    }
  }

  /** The type of a full or unqualified name, by number of generic arguments. */
  find(name: string, arity: number): TypeDefinition | undefined {
    const full = this.#byFullName.get(`${name}\`${arity}`);
    if (full) return full;
    if (arity === 0) {
      const keyword = this.#byKeyword.get(name);
      if (keyword) return keyword;
    }
    if (name.includes(".")) return undefined;
    const candidates = this.#bySimpleName.get(name)?.filter((t) => t.parameters.length === arity) ?? [];
    for (const namespace of openNamespaces) {
      const found = candidates.find((t) => t.namespace === namespace);
      if (found) return found;
    }
    return undefined;
  }

  /** The non-generic type of a full name, which must be declared: those that the language itself needs. */
  type(fullName: string): NamedType {
    const definition = this.find(fullName, 0);
    if (!definition) throw new Error(`The type ${fullName} is not declared.`);
    return definition.construct([]);
  }

  generic(fullName: string, args: readonly Type[]): NamedType {
    const definition = this.find(fullName, args.length);
    if (!definition) throw new Error(`The type ${fullName} with ${args.length} type arguments is not declared.`);
    return definition.construct(args);
  }

  isNamespace(name: string): boolean {
    return this.#namespaces.has(name);
  }

  /** All arities of an unqualified or full name, for messages. */
  named(name: string): readonly TypeDefinition[] {
    const simple = name.slice(name.lastIndexOf(".") + 1);
    const all = this.#bySimpleName.get(simple) ?? [];
    return name.includes(".") ? all.filter((t) => t.fullName === name) : all;
  }

  /** Unqualified names of all types, for "did you mean". */
  get simpleNames(): Iterable<string> {
    return this.#bySimpleName.keys();
  }

  get definitions(): Iterable<TypeDefinition> {
    return this.#byFullName.values();
  }

  /** Extension methods of this name. */
  extensions(name: string): readonly Member[] {
    return this.#allExtensions().get(name) ?? [];
  }

  /** Names of all extension methods, for "did you mean". */
  get extensionNames(): Iterable<string> {
    return this.#allExtensions().keys();
  }

  #allExtensions(): Map<string, Member[]> {
    if (this.#extensions) return this.#extensions;
    const found = new Map<string, Member[]>();
    for (const type of this.#extensionTypes) {
      for (const members of type.members.values()) {
        for (const member of members) {
          if (!member.extension) continue;
          const known = found.get(member.name);
          if (known) known.push(member);
          else found.set(member.name, [member]);
        }
      }
    }
    return (this.#extensions = found);
  }

  /** A type in C# form, `List<int>`; undefined where it names something undeclared. */
  tryParseType(text: string, parameters: readonly TypeParameter[] = []): Type | undefined {
    try {
      return parseTypeText(text, parameters, (name, arity) => this.find(name, arity));
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      this.problems.push(error.message);
      return undefined;
    }
  }

  /** For {@link TypeDefinition}: the base class that its declaration names, or the default. */
  baseOf(definition: TypeDefinition): NamedType | null {
    const { base, kind } = definition.declaration;
    if (base) {
      const type = this.tryParseType(base, definition.parameters);
      if (type?.kind === "named") return type;
    }
    if (kind === "interface" || kind === "static" || definition.fullName === "System.Object") return null;
    if (kind === "enum") return this.type("System.Enum");
    if (kind === "struct") return this.type("System.ValueType");
    return this.type("System.Object");
  }

  /** For {@link TypeDefinition}: its members by name. Signatures that cannot be used are noted and left out. */
  parseMembers(definition: TypeDefinition): Map<string, Member[]> {
    const members = new Map<string, Member[]>();
    const resolve = (name: string, arity: number) =>
      this.find(name, arity) ??
      this.find(`${definition.namespace}.${name}`, arity) ??
      this.find(`${definition.fullName}.${name}`, arity);
    for (const [signature, implementation] of Object.entries(definition.declaration.members ?? {})) {
      try {
        const member: Member = { ...parseSignature(signature, definition, resolve), implementation };
        const known = members.get(member.name);
        if (known) known.push(member);
        else members.set(member.name, [member]);
      } catch (error) {
        if (!(error instanceof SignatureError)) throw error;
        this.problems.push(error.message);
      }
    }
    return members;
  }
}

/** One type may be declared in several places, each adding members. */
function mergeParts(declarations: readonly TypeDeclaration[]): TypeDeclaration[] {
  const merged = new Map<string, TypeDeclaration>();
  for (const part of declarations) {
    const key = part.name.replace(/\s/g, "");
    const known = merged.get(key);
    if (!known) {
      merged.set(key, part);
      continue;
    }
    const interfaces = [...(known.interfaces ?? []), ...(part.interfaces ?? [])];
    merged.set(key, {
      ...part,
      ...known,
      ...(interfaces.length > 0 ? { interfaces } : {}),
      members: { ...part.members, ...known.members },
    });
  }
  return [...merged.values()];
}
