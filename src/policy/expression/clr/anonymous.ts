/**
 * An instance of a C# anonymous type: `new { a = 1, b = "x" }`. Also what a value tuple `(1, "x")` is made of.
 * JSON serialisation writes the properties in order.
 */
export class AnonymousObject {
  /** Property names in the order written. */
  readonly names: readonly string[];
  /** Property values, boxed, in the same order. */
  readonly values: readonly unknown[];
  constructor(names: readonly string[], values: readonly unknown[]) {
    this.names = names;
    this.values = values;
  }
}

/** A C# 7 value tuple: `(1, "x")`. Values are boxed and may be assigned. */
export class ValueTuple {
  readonly values: unknown[];
  constructor(values: unknown[]) {
    this.values = values;
  }
}
