import { describe, expect, test } from "vitest";
import { AnonymousObject } from "../anonymous.ts";
import { Box } from "../box.ts";
import {
  ArgumentException,
  ArgumentNullException,
  InvalidOperationException,
  KeyNotFoundException,
} from "../exceptions.ts";
import { toLowerText } from "../system/casing.ts";
import { boxedToString } from "../system/text.ts";
import { Dictionary } from "./dictionary.ts";
import { HashSet } from "./hash-set.ts";
import { KeyValuePair } from "./key-value-pair.ts";

const ignoreCase = {
  equals: (a: unknown, b: unknown) => toLowerText(a as string) === toLowerText(b as string),
  hashCode: () => 7,
};

function filled(...keys: unknown[]): Dictionary {
  const dictionary = new Dictionary("object", "int");
  for (const [index, key] of keys.entries()) dictionary.addEntry(key, index);
  return dictionary;
}

describe("Dictionary<TKey, TValue>", () => {
  test("keeps keys of different types apart", () => {
    const dictionary = filled("1", 1, 1n, new Box("Double", 1), new Box("Char", 1), true, "\0Double:1", "\0s1");
    expect(dictionary.count).toBe(8);
    expect(dictionary.lookup(new Box("Double", 1))).toBe(3);
    expect(dictionary.lookup("\0Double:1")).toBe(6);
    expect(dictionary.lookup(new Box("Single", 1))).toBeUndefined();
  });

  test("finds composed keys by content", () => {
    const dictionary = filled(new AnonymousObject(["a"], [1]), new KeyValuePair("k", 2));
    expect(dictionary.lookup(new AnonymousObject(["a"], [1]))).toBe(0);
    expect(dictionary.lookup(new AnonymousObject(["a"], [2]))).toBeUndefined();
    expect(dictionary.lookup(new KeyValuePair("k", 2))).toBe(1);
  });

  test("follows its comparer, whatever the hash codes", () => {
    const dictionary = new Dictionary("string", "int", ignoreCase);
    dictionary.addEntry("Content-Type", 1);
    dictionary.addEntry("Accept", 2);
    expect(dictionary.lookup("content-type")).toBe(1);
    expect(dictionary.lookup("accep")).toBeUndefined();
    expect(() => dictionary.addEntry("ACCEPT", 3)).toThrow(ArgumentException);
  });

  test("throws as .NET does", () => {
    const dictionary = filled("a");
    expect(() => dictionary.getEntry("b")).toThrow(KeyNotFoundException);
    expect(() => dictionary.addEntry("a", 1)).toThrow("An item with the same key has already been added. Key: a");
    expect(() => dictionary.lookup(null)).toThrow(ArgumentNullException);
    expect(() => {
      for (const pair of dictionary) dictionary.setEntry(pair.key, 5);
    }).toThrow(InvalidOperationException);
  });

  test("gives a removed entry's place to the next one", () => {
    const dictionary = filled("a", "b", "c");
    dictionary.removeKey("a");
    dictionary.removeKey("b");
    dictionary.addEntry("d", 3);
    expect([...dictionary.keys]).toEqual(["d", "c"]);
    dictionary.addEntry("e", 4);
    expect([...dictionary.keys]).toEqual(["e", "d", "c"]);
    expect([...dictionary.values]).toEqual([4, 3, 2]);
  });

  test("prints pairs and its name", () => {
    expect([...filled("a")].map(boxedToString)).toEqual(["[a, 0]"]);
    expect(boxedToString(new Dictionary("string", "List<int>"))).toBe(
      "System.Collections.Generic.Dictionary`2[System.String,List`1[System.Int32]]",
    );
  });
});

describe("HashSet<T>", () => {
  const set = (...items: unknown[]) => new HashSet("int", items);

  test("does set algebra", () => {
    const numbers = set(1, 2, 3);
    numbers.exceptWith([2]);
    expect([...numbers]).toEqual([1, 3]);
    numbers.symmetricExceptWith([3, 4, 4]);
    expect([...numbers].sort()).toEqual([1, 4]);
    numbers.intersectWith([4, 5]);
    expect([...numbers]).toEqual([4]);
    numbers.unionWith(numbers);
    expect(numbers.count).toBe(1);
  });

  test("compares sets", () => {
    expect(set(1, 2).isSubsetOf([1, 2, 2])).toBe(true);
    expect(set(1, 2).isProperSubsetOf([1, 2, 2])).toBe(false);
    expect(set(1, 2).isProperSupersetOf([2])).toBe(true);
    expect(set(1, 2).isSupersetOf([1, 3])).toBe(false);
    expect(set(1, 2).overlaps([3, 2])).toBe(true);
    expect(set(1, 2).setEquals([2, 1, 1])).toBe(true);
    expect(set(1, 2).add(2)).toBe(false);
  });
});
