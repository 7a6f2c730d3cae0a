/**
 * How a .NET type is offered to expressions.
 *
 * A type is declared once, as data: each member is its C# signature, written as reflection prints it, with the
 * JavaScript that carries it out. The type checker reads the signatures (overloads, conversions, generics);
 * generated code can call nothing but these functions, so the declarations are the whitelist.
 *
 * Representation of values, by static type:
 * - `string`, `bool`: the JavaScript primitive. `null` is C# null (never `undefined`).
 * - `int short ushort byte sbyte uint`: a number, always within the type's range. `double float`: a number.
 * - `long ulong`: a bigint within range. `char`: a number, the UTF-16 code unit. `decimal`: {@link import("./system/decimal.ts")}.
 * - enums: an `EnumValue` object, one per member, identical (`===`) for equal values.
 * - `T?` (Nullable): `null` or the representation of `T`.
 * - `byte[]`: Uint8Array. Other arrays: `ClrArray` (items boxed, element type kept).
 * - everything else: an object of the class that implements it here.
 *
 * Where the static type is `object`, an interface that value types implement, or a type parameter, the value is
 * BOXED: string, boolean, `int` as number, `long` as bigint stay as they are; every other value type
 * (`double`, `float`, `char`, `byte`, `short`, `uint`, `ulong`, …) is a `Box { type, value }`; decimals, dates,
 * GUIDs, enums and classes carry their own type already. A member whose signature says `T`, `TSource` or
 * `object` receives and returns boxed values; items of collections are boxed. Delegates (`Func<…>`) arrive as
 * JavaScript functions that take and return values in the representation their signature says (boxed for type parameters).
 */
export type MemberFunction = (...args: never[]) => unknown;

/** What a declared type looks like to C#. */
export interface TypeDeclaration {
  /** Full CLR name, generic parameters in C# form: `System.String`, `System.Collections.Generic.List<T>`. */
  name: string;
  kind: "class" | "struct" | "enum" | "interface" | "static";
  /** C# keyword, where there is one: `string`. */
  keyword?: string;
  /** Base class (default `System.Object`, `System.ValueType` for structs) and implemented interfaces, in C# form. */
  base?: string;
  interfaces?: readonly string[];
  /** True when a boxed run-time value is of this type (generic arguments are not checked unless the value keeps them). */
  is?: (value: unknown) => boolean;
  /**
   * Signature to implementation. Instance members receive the receiver first (never null: the generated code has
   * checked). Signature forms, as in the reference dump:
   *   `new String(char c, int count)`             constructor
   *   `static string Join(string separator, params object[] value)`
   *   `string Substring(int startIndex)`          instance method
   *   `int Length { get; }`, `static string Empty { get; }` (a static field is written so too)
   *   `char this[int index] { get; }`, and with two functions `{ get, set }` for a settable property or indexer
   *   `static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)`
   *   `static implicit operator JToken(string value)`, `static explicit operator int(JToken value)`
   *   `static TimeSpan operator -(DateTime d1, DateTime d2)`
   * Optional parameters carry their default: `(bool preserveContent = false)`.
   */
  members?: Readonly<Record<string, MemberFunction | { get: MemberFunction; set: MemberFunction }>>;
  /** Enum members with their numbers. */
  values?: Readonly<Record<string, number>>;
  /** ToString() of a value of this type (receives the representation of the static type, unboxed). Default: the CLR name. */
  toString?: (value: never) => string;
  /**
   * Turns a value from the representation of the static type into the boxed one, which keeps the former as `value`.
   * For types whose values are plain objects of the gateway (`context.Request.Headers`), so that the common member
   * access makes no object; others leave it out.
   */
  box?: (value: never) => { readonly value: unknown };
  /** Equality of two non-null values by content (structs, strings); default is reference equality. */
  equals?: (a: never, b: never) => boolean;
}

/** Identity function that checks the shape of a declaration where it is written. */
export function declareType(declaration: TypeDeclaration): TypeDeclaration {
  return declaration;
}

/**
 * A type as generated code hands it to generic members: `As<JObject>()`, `new List<int>()`, `FirstOrDefault<char>()`.
 */
export interface RuntimeType {
  /** C# form, keyword where there is one, else the full name: `int`, `int?`, `string[]`, `System.Collections.Generic.List<int>`. */
  readonly name: string;
  /** Generic arguments; the element type of an array; the underlying type of a nullable. */
  readonly args: readonly RuntimeType[];
  /** `default(T)`, boxed. */
  readonly default: unknown;
  /** True for `T?` (Nullable). */
  readonly nullable: boolean;
  /** True when a boxed, non-null value is of this type. */
  is(value: unknown): boolean;
}

const typed = new WeakSet<object>();

/**
 * Marks a member that needs its type arguments at run time. It then receives them as its FIRST argument, before
 * the receiver: those of the method for a generic method (`T As<T>()`), those of the type for a constructor, a
 * static or an instance member of a generic type (`new List<T>()`). Members that are not marked never see them.
 *
 *   "TSource FirstOrDefault<TSource>(this IEnumerable<TSource> source)":
 *     withTypes((types, source: Iterable<unknown>) => … ?? types[0].default)
 *
 * A value of type `IEnumerable<T>` may be any JavaScript iterable of boxed items, and also a JavaScript string
 * (`IEnumerable<char>`) or a Uint8Array (`IEnumerable<byte>`), whose items are not boxed yet.
 * `params` arguments arrive packed, as the array type that the signature says. Optional arguments always arrive.
 */
export function withTypes<F extends (types: readonly RuntimeType[], ...args: never[]) => unknown>(member: F): F {
  typed.add(member);
  return member;
}

/** True when a member was marked by {@link withTypes}. */
export function needsTypes(member: object): boolean {
  return typed.has(member);
}

/**
 * How an `out` or `ref` argument arrives: `static bool TryParse(string s, out int result)` is
 * `(s: string | null, result: Cell<number>) => boolean`. An `out` cell must be set on every path.
 * The value is in the representation that the signature says (boxed for type parameters).
 */
export interface Cell<T> {
  value: T;
}
