import { describe, expect, test } from "vitest";
import { Box, ClrArray } from "../box.ts";
import { ArgumentException, ArgumentOutOfRangeException, InvalidOperationException } from "../exceptions.ts";
import { boxedToString } from "../system/text.ts";
import { copyTo, List } from "./list.ts";
import { binarySearch } from "./list-type.ts";

const letters = () => new List("string", ["b", "a", "c", "a"]);

describe("List<T>", () => {
  test("prints its CLR name", () => {
    expect(boxedToString(new List("int"))).toBe("System.Collections.Generic.List`1[System.Int32]");
  });

  test("finds boxed values by content", () => {
    const list = new List("double", [new Box("Double", 1), new Box("Char", 97)]);
    expect(list.contains(new Box("Double", 1))).toBe(true);
    expect(list.contains(1)).toBe(false);
    expect(list.indexOf(new Box("Char", 97))).toBe(1);
  });

  test("searches from both ends", () => {
    expect(letters().indexOf("a")).toBe(1);
    expect(letters().indexOf("a", 2)).toBe(3);
    expect(letters().lastIndexOf("a")).toBe(3);
    expect(letters().lastIndexOf("a", 2)).toBe(1);
    expect(letters().lastIndexOf("x")).toBe(-1);
  });

  test("refuses indexes outside", () => {
    expect(() => letters().getItem(4)).toThrow(ArgumentOutOfRangeException);
    expect(() => letters().setItem(-1, "x")).toThrow(ArgumentOutOfRangeException);
    expect(() => letters().insert(5, "x")).toThrow(ArgumentOutOfRangeException);
    expect(() => letters().removeRange(3, 2)).toThrow(ArgumentException);
  });

  test("changes in place", () => {
    const list = letters();
    list.insert(1, "x");
    list.insertRange(0, list);
    list.removeRange(0, 4);
    expect(list.items).toEqual(["a", "b", "x", "a", "c", "a"]);
    expect(list.removeAll((item) => item === "a")).toBe(3);
    list.reverse();
    expect(list.items).toEqual(["c", "x", "b"]);
    list.sort(null);
    expect(list.items).toEqual(["b", "c", "x"]);
    expect(list.remove("c")).toBe(true);
    expect(list.remove("c")).toBe(false);
  });

  test("throws when it changes under an enumeration", () => {
    const list = letters();
    expect(() => {
      for (const item of list) list.remove(item);
    }).toThrow(InvalidOperationException);
  });

  test("sorts in culture order and wraps failures", () => {
    const list = new List("string", ["B", "b", "_", "a", "1", "A"]);
    list.sort(null);
    expect(list.items).toEqual(["_", "1", "a", "A", "b", "B"]);
    expect(() => new List("object", [{}, {}]).sort(null)).toThrow("Failed to compare two elements in the array.");
  });

  test("searches a sorted range by halves", () => {
    expect(binarySearch([1, 3, 5], 0, 3, 3, null)).toBe(1);
    expect(binarySearch([1, 3, 5], 0, 3, 4, null)).toBe(~2);
  });

  test("copies into arrays", () => {
    const array = new ClrArray("int", [0, 0, 0]);
    copyTo([7, 8], array, 1);
    expect(array.items).toEqual([0, 7, 8]);
    expect(() => copyTo([7, 8], array, 2)).toThrow(ArgumentException);
    const bytes = new Uint8Array(1);
    copyTo([new Box("Byte", 9)], bytes);
    expect(bytes[0]).toBe(9);
  });
});
