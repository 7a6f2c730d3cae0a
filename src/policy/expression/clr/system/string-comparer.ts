import type { EnumValue } from "../box.ts";
import { declareType } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { toUpperText } from "./casing.ts";
import { boxedEquals, boxedHashCode, compareBoxed } from "./equality.ts";
import type { Comparer, EqualityComparer } from "./protocol.ts";
import { type ComparisonRule, compareBy, equalBy, hashBy, ruleOf } from "./string-compare.ts";

/** `System.StringComparer`: order and equality of strings by a rule; other values compare as they do by default. */
export class StringComparer implements Comparer, EqualityComparer {
  readonly clrName = "System.StringComparer";
  readonly rule: ComparisonRule;
  /** Ordinal rules give hash tables a key, so that hostile keys cannot collide. */
  readonly hashKey?: (value: unknown) => unknown;

  constructor(rule: ComparisonRule) {
    this.rule = rule;
    if (rule.ordinal) {
      this.hashKey = rule.ignoreCase
        ? (value) => (typeof value === "string" ? toUpperText(value) : value)
        : (value) => value;
    }
  }

  compare(a: unknown, b: unknown): number {
    return isText(a) && isText(b) ? compareBy(this.rule, a, b) : compareBoxed(a, b);
  }

  equals(a: unknown, b: unknown): boolean {
    return isText(a) && isText(b) ? equalBy(this.rule, a, b) : boxedEquals(a, b);
  }

  hashCode(value: unknown): number {
    if (value === null) throw new ArgumentNullException("obj");
    return typeof value === "string" ? hashBy(this.rule, value) : boxedHashCode(value);
  }
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

const culture = new StringComparer({ ordinal: false, ignoreCase: false });
const cultureIgnoreCase = new StringComparer({ ordinal: false, ignoreCase: true });
const ordinal = new StringComparer({ ordinal: true, ignoreCase: false });
const ordinalIgnoreCase = new StringComparer({ ordinal: true, ignoreCase: true });

const compare = (comparer: StringComparer, a: unknown, b: unknown) => comparer.compare(a, b);
const equals = (comparer: StringComparer, a: unknown, b: unknown) => comparer.equals(a, b);
const hash = (comparer: StringComparer, value: unknown) => comparer.hashCode(value);

export const stringComparerType = declareType({
  name: "System.StringComparer",
  kind: "class",
  interfaces: [
    "System.Collections.Generic.IComparer<string>",
    "System.Collections.Generic.IEqualityComparer<string>",
    "System.Collections.IComparer",
  ],
  is: (value) => value instanceof StringComparer,
  members: {
    "static StringComparer CurrentCulture { get; }": () => culture,
    "static StringComparer CurrentCultureIgnoreCase { get; }": () => cultureIgnoreCase,
    "static StringComparer InvariantCulture { get; }": () => culture,
    "static StringComparer InvariantCultureIgnoreCase { get; }": () => cultureIgnoreCase,
    "static StringComparer Ordinal { get; }": () => ordinal,
    "static StringComparer OrdinalIgnoreCase { get; }": () => ordinalIgnoreCase,
    "static StringComparer FromComparison(StringComparison comparisonType)": (comparison: EnumValue) =>
      new StringComparer(ruleOf(comparison)),
    "int Compare(object x, object y)": compare,
    "int Compare(string x, string y)": compare,
    "bool Equals(object x, object y)": equals,
    "bool Equals(string x, string y)": equals,
    "int GetHashCode(object obj)": hash,
    "int GetHashCode(string obj)": hash,
  },
});
