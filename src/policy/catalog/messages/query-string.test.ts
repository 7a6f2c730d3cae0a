import { describe, expect, it } from "vitest";
import type { ExistsAction } from "./exists-action.ts";
import { editQuery } from "./query-string.ts";

describe("editQuery", () => {
  const cases: [string, string, string[], ExistsAction, string][] = [
    ["", "a", ["1"], "override", "?a=1"],
    ["?", "a", ["1"], "override", "?a=1"],
    ["?b=%41&a=0&c", "a", ["1"], "override", "?b=%41&a=1&c"],
    ["?a=0&b=+%20&a=9&a", "a", ["1", "2"], "override", "?a=1&a=2&b=+%20"],
    ["?a=0&b", "a", [], "override", "?b"],
    ["?%61=0", "a", ["1"], "override", "?a=1"],
    ["?a+b=0", "a b", ["1"], "override", "?a%20b=1"],
    ["?A=0", "a", ["1"], "override", "?A=0&a=1"],
    ["?a=0", "a", ["1"], "skip", "?a=0"],
    ["?b=0", "a", ["1"], "skip", "?b=0&a=1"],
    ["?a=0&b", "a", ["1", "2"], "append", "?a=0&b&a=1&a=2"],
    ["?a=0&b&a=1", "a", [], "delete", "?b"],
    ["?a=0", "a", ["ignored"], "delete", ""],
    ["?b", "a", [], "delete", "?b"],
    ["?x=%zz&&y", "a", ["1"], "append", "?x=%zz&y&a=1"],
    ["", "a&b=c", ["d&e=#+ ü"], "override", "?a%26b%3Dc=d%26e%3D%23%2B%20%C3%BC"],
    ["", "a", ["\ud800"], "override", "?a=%EF%BF%BD"],
  ];
  it.each(cases)("%j %s=%j %s", (query, name, values, action, expected) => {
    expect(editQuery(query, name, values, action)).toBe(expected);
  });
});
