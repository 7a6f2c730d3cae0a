import { Box } from "../box.ts";
import { type MemberFunction, withTypes } from "../declare.ts";
import { InvalidOperationException, OverflowException } from "../exceptions.ts";
import { Decimal } from "../system/decimal.ts";
import { compareBoxed, compareNumbers } from "../system/equality.ts";
import { given, type Source } from "./sequence.ts";

/** Arithmetic on the representation of one numeric type. */
interface Numeric<T> {
  /** C# keyword of the items, and of their average. */
  readonly type: string;
  readonly averageType: string;
  readonly zero: T;
  add(total: T, item: T): T;
  /** Brings a total back to the type. */
  finish(total: T): T;
  average(total: T, count: number): unknown;
  compare(a: T, b: T): number;
}

const plain = (a: number, b: number) => a + b;

const int: Numeric<number> = {
  type: "int",
  averageType: "double",
  zero: 0,
  add: plain,
  finish: (total) => {
    if (total < -0x8000_0000 || total > 0x7fff_ffff) throw new OverflowException();
    return total;
  },
  average: (total, count) => total / count,
  compare: compareNumbers,
};

const long: Numeric<bigint> = {
  type: "long",
  averageType: "double",
  zero: 0n,
  add: (total, item) => {
    const sum = total + item;
    if (sum !== BigInt.asIntN(64, sum)) throw new OverflowException();
    return sum;
  },
  finish: (total) => total,
  average: (total, count) => Number(total) / count,
  compare: compareNumbers,
};

const double: Numeric<number> = {
  type: "double",
  averageType: "double",
  zero: 0,
  add: plain,
  finish: (total) => total,
  average: (total, count) => total / count,
  compare: compareNumbers,
};

const float: Numeric<number> = {
  type: "float",
  averageType: "float",
  zero: 0,
  add: plain,
  finish: Math.fround,
  average: (total, count) => Math.fround(total / count),
  compare: compareNumbers,
};

const decimal: Numeric<Decimal> = {
  type: "decimal",
  averageType: "decimal",
  zero: Decimal.fromInteger(0),
  add: (total, item) => total.add(item),
  finish: (total) => total,
  average: (total, count) => total.divide(Decimal.fromInteger(count)),
  compare: (a, b) => a.compareTo(b),
};

/** Items of `IEnumerable<T>` are boxed; what a selector returns is not. */
function unbox(item: unknown): unknown {
  return item instanceof Box ? item.value : item;
}

/** The four reductions over numbers; `null` stands for "no numbers". */
function reductions<T>(kind: Numeric<T>) {
  function* numbers(source: Source, of: (item: unknown) => unknown): Generator<T> {
    for (const item of given(source)) {
      const value = of(item);
      if (value !== null) yield value as T;
    }
  }
  function best(source: Source, of: (item: unknown) => unknown, sign: 1 | -1): T | null {
    let found: T | null = null;
    for (const value of numbers(source, of)) {
      if (found === null || kind.compare(value, found) * sign > 0) found = value;
    }
    return found;
  }
  return {
    sum(source: Source, of: (item: unknown) => unknown): T {
      let total = kind.zero;
      for (const value of numbers(source, of)) total = kind.add(total, value);
      return kind.finish(total);
    },
    average(source: Source, of: (item: unknown) => unknown): unknown {
      let total = kind.zero;
      let count = 0;
      for (const value of numbers(source, of)) {
        total = kind.add(total, value);
        count++;
      }
      return count === 0 ? null : kind.average(total, count);
    },
    max: (source: Source, of: (item: unknown) => unknown) => best(source, of, 1),
    min: (source: Source, of: (item: unknown) => unknown) => best(source, of, -1),
  };
}

function required(value: unknown): unknown {
  if (value === null) throw new InvalidOperationException("Sequence contains no elements");
  return value;
}

/** The signatures of one numeric type: over its items and with a selector, each plain and nullable. */
function membersOf<T>(kind: Numeric<T>): Record<string, MemberFunction> {
  const { sum, average, max, min } = reductions(kind);
  const members: Record<string, MemberFunction> = {};
  for (const nullable of ["", "?"]) {
    const item = kind.type + nullable;
    const checked = nullable ? (value: unknown) => value : required;
    const add = (name: string, result: string, reduce: (source: Source, of: (item: unknown) => unknown) => unknown) => {
      members[`static ${result} ${name}(this IEnumerable<${item}> source)`] = (source: Source) => reduce(source, unbox);
      members[`static ${result} ${name}<TSource>(this IEnumerable<TSource> source, Func<TSource, ${item}> selector)`] =
        (source: Source, selector: (item: unknown) => unknown) => reduce(source, selector);
    };
    add("Sum", item, sum);
    add("Average", kind.averageType + nullable, (source, of) => checked(average(source, of)));
    add("Max", item, (source, of) => checked(max(source, of)));
    add("Min", item, (source, of) => checked(min(source, of)));
  }
  return members;
}

/** Max or Min of anything comparable; nulls do not count. */
function extreme(source: Source, sign: 1 | -1, of: (item: unknown) => unknown, empty: unknown): unknown {
  let found: unknown = null;
  for (const item of given(source)) {
    const value = of(item);
    if (value === null) continue;
    if (found === null || compareBoxed(value, found) * sign > 0) found = value;
  }
  // A type whose default is null has an answer for "nothing".
  return found === null && empty !== null ? required(null) : found;
}

const itself = (item: unknown) => item;

function generic(name: string, sign: 1 | -1): Record<string, MemberFunction> {
  return {
    [`static TSource ${name}<TSource>(this IEnumerable<TSource> source)`]: withTypes((types, source: Source) =>
      extreme(source, sign, itself, types[0]?.default),
    ),
    [`static TResult ${name}<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)`]:
      withTypes((types, source: Source, selector: (item: unknown) => unknown) =>
        extreme(source, sign, selector, types[1]?.default),
      ),
  };
}

/** Sum, Average, Max and Min. */
export const numberMembers: Record<string, MemberFunction> = {
  ...membersOf(int),
  ...membersOf(long),
  ...membersOf(float),
  ...membersOf(double),
  ...membersOf(decimal),
  ...generic("Max", 1),
  ...generic("Min", -1),
};
