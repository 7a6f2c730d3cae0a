import { expect, test } from "vitest";
import { median, range, rotate } from "./statistics.ts";

test("the median is the middle, or between the two middles", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([])).toBeNaN();
});

test("the median orders numbers as numbers and leaves the list as it is", () => {
  const list = [100, 20, 3];
  expect(median(list)).toBe(20);
  expect(list).toEqual([100, 20, 3]);
});

test("the range is the smallest and the greatest", () => {
  expect(range([3, 1, 2])).toEqual([1, 3]);
  expect(range([])).toEqual([Number.NaN, Number.NaN]);
});

test("rounds begin with another one each", () => {
  expect([0, 1, 2, 3].map((round) => rotate(["a", "b", "c"], round).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
  expect(rotate([], 2)).toEqual([]);
});
