/**
 * What an object may implement so that the members every .NET object has (ToString, Equals, GetHashCode,
 * CompareTo, formatting) treat it as .NET treats its type. All methods are optional: without them an object prints
 * its CLR name and equals only itself. Collections, JSON and XML types implement the parts that apply to them.
 */
export interface ClrObject {
  /** Full CLR name as reflection prints it: `System.Guid`, ``System.Collections.Generic.List`1[System.Int32]``. */
  readonly clrName?: string;
  /** What `ToString()` prints. */
  toClrString?(): string;
  /** What `ToString(format)`, `string.Format` and interpolation print (IFormattable). */
  clrFormat?(format: string): string;
  /** `Equals(object)`; `other` is boxed and not null. */
  clrEquals?(other: unknown): boolean;
  /** `GetHashCode()`, a 32-bit signed integer; equal objects give equal codes. */
  clrHashCode?(): number;
  /** `CompareTo(object)` (IComparable): negative, zero or positive. `other` is boxed and not null. */
  clrCompareTo?(other: unknown): number;
  /** The boxed value that `Convert` converts in place of the object (IConvertible). */
  clrConvertible?(): unknown;
}

/** The run-time shape of `IEqualityComparer<T>`; values are boxed and may be null. */
export interface EqualityComparer {
  equals(a: unknown, b: unknown): boolean;
  hashCode(value: unknown): number;
  /** A JavaScript Map key that equal values, and only those, share; where the comparer has one, hash tables use it. */
  hashKey?(value: unknown): unknown;
}

/** The run-time shape of `IComparer<T>`; values are boxed and may be null. */
export interface Comparer {
  compare(a: unknown, b: unknown): number;
}

/** The optional methods of a boxed value, or null when it is a primitive. */
export function asClrObject(value: unknown): ClrObject | null {
  return typeof value === "object" && value !== null ? (value as ClrObject) : null;
}
