import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testExchange } from "../testing/exchange.ts";
import { evaluateVector, readVector } from "./vectors.ts";

/** Measured on a .NET-compatible runtime; lies beside the repository, not in it. */
const file = new URL("../../../../shared/reference/expressions-vectors.tsv", import.meta.url);

const lines = existsSync(file)
  ? readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => readVector(line))
  : [];

describe("vectors of a .NET runtime", () => {
  if (lines.length === 0) {
    it(`are not here (${file.pathname}); the tables of semantics.test.ts stand in for them`, () => {
      expect(lines).toEqual([]);
    });
  } else {
    it.each(lines)("%s", (line) => {
      const result = evaluateVector(line, testExchange());
      expect(result).toMatchObject({ passed: true });
    });
  }
});

describe("reading a vector", () => {
  it("takes an expression, a type and a value with escapes", () => {
    expect(readVector('"a"\tString\ta\\n\\t\\\\b')).toEqual({ expression: '"a"', type: "String", value: "a\n\t\\b" });
  });
  it("skips comments and blank lines", () => {
    expect(readVector("# note")).toBeUndefined();
    expect(readVector("  ")).toBeUndefined();
  });
});

describe("comparing", () => {
  it.each([
    ["1 + 1\tInt32\t2", true],
    ["1 + 1\tInt32\t3", false],
    ["1 + 1\tInt64\t2", false],
    ["new[] { 1, 2 }\tsequence\t[1|2]", true],
    ["(string)null\tnull\tnull", true],
    ['int.Parse("x")\tthrows FormatException\tany message', true],
    ['int.Parse("x")\tthrows OverflowException\tany message', false],
    ["nonsense\tString\tx", false],
  ])("%s", (line, passed) => {
    expect(evaluateVector(line, testExchange())?.passed).toBe(passed);
  });
});
