import { describe, expect, test } from "vitest";
import { headerLines, joinedLines } from "./header-lines.ts";
import { matchHeader } from "./match.ts";

const lines = headerLines(["Set-Cookie", "a=1", "X-One", "1, 2", "set-cookie", "b=2"]);

describe("headers", () => {
  test("lines of one name come together, in order", () => {
    expect(lines["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(joinedLines(lines)).toEqual({ "set-cookie": "a=1, b=2", "x-one": "1, 2" });
  });

  test("a list tells lines from values within a line", () => {
    expect(matchHeader("h", ["a=1", "/^b=/"], lines["set-cookie"])).toEqual([]);
    expect(matchHeader("h", "a=1, b=2", lines["set-cookie"])).toEqual([]);
    expect(matchHeader("h", ["1", "2"], lines["x-one"])).toHaveLength(1);
    expect(matchHeader("h", ["a=1", "b=3"], lines["set-cookie"])).toEqual([
      { at: "h[1]", expected: "b=3", actual: "b=2" },
    ]);
    expect(matchHeader("h", ["a"], undefined)).toEqual([{ at: "h", expected: ["a"], actual: "absent" }]);
  });
});
