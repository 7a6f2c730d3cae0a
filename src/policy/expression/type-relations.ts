import type { KnownTypes } from "./known-types.ts";
import type { Registry, TypeDefinition } from "./registry.ts";
import {
  type ArrayType,
  isDelegate,
  isReferenceType,
  isValueType,
  type NamedType,
  nullableUnderlying,
  substitute,
  type Type,
  type TypeParameter,
} from "./types.ts";

/** Type parameters of interfaces and delegates that vary: `+` covariant (out), `-` contravariant (in). */
const variance: Readonly<Record<string, string>> = {
  "System.Collections.Generic.IEnumerable": "+",
  "System.Collections.Generic.IEnumerator": "+",
  "System.Collections.Generic.IReadOnlyCollection": "+",
  "System.Collections.Generic.IReadOnlyList": "+",
  "System.Linq.IGrouping": "++",
  "System.Linq.IOrderedEnumerable": "+",
  "System.Collections.Generic.IComparer": "-",
  "System.Collections.Generic.IEqualityComparer": "-",
  "System.IComparable": "-",
  "System.Predicate": "-",
  "System.Comparison": "-",
  "System.Converter": "-+",
};

function varianceOf(definition: TypeDefinition): string {
  if (definition.fullName === "System.Func") return `${"-".repeat(definition.parameters.length - 1)}+`;
  if (definition.fullName === "System.Action") return "-".repeat(definition.parameters.length);
  return variance[definition.fullName] ?? "";
}

const arrayInterfaces = [
  "System.Collections.Generic.IList",
  "System.Collections.Generic.ICollection",
  "System.Collections.Generic.IReadOnlyList",
  "System.Collections.Generic.IReadOnlyCollection",
  "System.Collections.Generic.IEnumerable",
];

/** How types relate by inheritance: base classes, interfaces, variance. */
export class TypeRelations {
  readonly #registry: Registry;
  readonly #known: KnownTypes;
  readonly #interfaces = new Map<Type, readonly NamedType[]>();

  constructor(registry: Registry, known: KnownTypes) {
    this.#registry = registry;
    this.#known = known;
  }

  /** The base class, generic arguments filled in. */
  base(type: Type): NamedType | undefined {
    if (type.kind === "named") {
      const base = type.definition.base;
      return base ? (substitute(base, argumentMap(type)) as NamedType) : undefined;
    }
    if (type.kind === "array") return this.#known.array;
    return type.kind === "special" ? undefined : this.#known.object;
  }

  /** The type and its base classes, most derived first; interfaces end with object. */
  *chain(type: Type): Generator<NamedType> {
    let current: NamedType | undefined = type.kind === "named" ? type : this.base(type);
    const isInterface = current?.definition.kind === "interface";
    for (let depth = 0; current && depth < 32; depth++) {
      yield current;
      current = this.base(current);
    }
    if (isInterface) yield this.#known.object;
  }

  /** Every interface of the type: declared, of its bases, and of those interfaces. */
  interfaces(type: Type): readonly NamedType[] {
    let known = this.#interfaces.get(type);
    if (!known) {
      // Types built from user text come and go; the table of relations must not keep them all.
      if (this.#interfaces.size > 5000) this.#interfaces.clear();
      this.#interfaces.set(type, (known = this.#collect(type)));
    }
    return known;
  }

  #collect(type: Type): readonly NamedType[] {
    const found = new Set<NamedType>();
    const visit = (t: NamedType): void => {
      if (found.has(t)) return;
      found.add(t);
      for (const inner of t.definition.interfaces) visit(substitute(inner, argumentMap(t)) as NamedType);
    };
    if (type.kind === "array") {
      for (const name of arrayInterfaces) {
        const definition = this.#registry.find(name, 1);
        if (definition) visit(definition.construct([type.element]));
      }
    }
    for (const ancestor of this.chain(type)) {
      for (const inner of ancestor.definition.interfaces) visit(substitute(inner, argumentMap(ancestor)) as NamedType);
    }
    if (type === this.#known.string) visit(this.#known.enumerable(this.#known.char));
    found.delete(type as NamedType);
    return [...found];
  }

  /** The constructed forms of `definition` that `type` is or has: `IEnumerable<int>` for `List<int>`. */
  instancesOf(type: Type, definition: TypeDefinition): NamedType[] {
    const found: NamedType[] = [];
    for (const ancestor of this.chain(type)) if (ancestor.definition === definition) found.push(ancestor);
    if (found.length === 0)
      for (const inner of this.interfaces(type)) if (inner.definition === definition) found.push(inner);
    return found;
  }

  /** The item type when `foreach` may run over it: of `IEnumerable<T>`, else object for a plain `IEnumerable`. */
  itemType(type: Type): Type | undefined {
    if (type.kind === "array") return type.element;
    const generic = this.#registry.find("System.Collections.Generic.IEnumerable", 1);
    const found = generic ? this.instancesOf(type, generic) : [];
    if (found[0]) return found[0].args[0];
    const plain = this.#registry.find("System.Collections.IEnumerable", 0);
    return plain && this.instancesOf(type, plain).length > 0 ? this.#known.object : undefined;
  }

  /** Implicit reference conversion between two different types (C# specification, 10.2.8). */
  convertsByReference(from: Type, to: Type): boolean {
    if (!isReferenceType(from)) return false;
    if (to === this.#known.object) return true;
    if (to.kind === "array") return this.#arrayConverts(from, to);
    if (to.kind !== "named") return false;
    return this.#inherits(from, to);
  }

  /** Boxing: a value type to object, ValueType, Enum or an interface it has. */
  boxes(from: Type, to: Type): boolean {
    if (!isValueType(from)) return false;
    if (to === this.#known.object) return true;
    if (to.kind !== "named" || !isReferenceType(to)) return false;
    return this.#inherits(nullableUnderlying(from) ?? from, to);
  }

  #inherits(from: Type, to: NamedType): boolean {
    for (const ancestor of this.chain(from)) if (ancestor === to || this.#varies(ancestor, to)) return true;
    if (to.definition.kind !== "interface" && !isDelegate(to)) return false;
    return this.interfaces(from).some((inner) => inner === to || this.#varies(inner, to));
  }

  #varies(from: NamedType, to: NamedType): boolean {
    if (from.definition !== to.definition || from.args.length === 0) return false;
    const marks = varianceOf(from.definition);
    return from.args.every((arg, i) => {
      const wanted = to.args[i] as Type;
      if (arg === wanted || sameTupleShape(arg, wanted)) return true;
      if (marks[i] === "+") return this.convertsByReference(arg, wanted);
      return marks[i] === "-" && this.convertsByReference(wanted, arg);
    });
  }

  #arrayConverts(from: Type, to: ArrayType): boolean {
    if (from.kind !== "array" || from.rank !== to.rank) return false;
    return from.element === to.element || this.convertsByReference(from.element, to.element);
  }
}

/** Tuples that differ in item names only are the same type. */
export function sameTupleShape(a: Type, b: Type): boolean {
  if (a.kind !== "tuple" || b.kind !== "tuple" || a.elements.length !== b.elements.length) return false;
  return a.elements.every((element, i) => element === b.elements[i] || sameTupleShape(element, b.elements[i] as Type));
}

/** From a declared type's parameters to the arguments of one of its constructed forms. */
export function argumentMap(type: NamedType): Map<TypeParameter, Type> {
  return new Map(type.definition.parameters.map((parameter, i) => [parameter, type.args[i] as Type]));
}
