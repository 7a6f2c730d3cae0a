import { describe, expect, it } from "vitest";
import { tokenize } from "./lexer.ts";
import { ExpressionSyntaxError } from "./tokens.ts";

const kinds = (text: string) => tokenize(text).map((t) => `${t.kind}:${t.text}`);

function only(text: string) {
  const [first, second] = tokenize(text);
  expect(second?.kind).toBe("end");
  return first;
}

function failure(text: string): { message: string; index: number } {
  try {
    tokenize(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return { message: error.message, index: error.index };
    throw error;
  }
  throw new Error(`${text} was read without an error`);
}

describe("tokens", () => {
  it("cuts names, keywords, operators and trivia", () => {
    expect(kinds("a?.b /* x */ ?? c // rest\n == @if")).toEqual([
      "identifier:a",
      "punctuation:?.",
      "identifier:b",
      "punctuation:??",
      "identifier:c",
      "punctuation:==",
      "identifier:if",
      "end:",
    ]);
    expect(kinds("if (x) return")).toEqual([
      "keyword:if",
      "punctuation:(",
      "identifier:x",
      "punctuation:)",
      "keyword:return",
      "end:",
    ]);
  });

  it("leaves >> apart, so that generics close, and a?.5:1 a conditional", () => {
    expect(kinds("a>>b")).toEqual(["identifier:a", "punctuation:>", "punctuation:>", "identifier:b", "end:"]);
    expect(kinds("a?.5:1")).toContain("punctuation:?");
  });

  it("skips an apostrophe in a line comment", () => {
    expect(kinds("1 // don't\n+ 2")).toEqual(["number:1", "punctuation:+", "number:2", "end:"]);
  });

  it("keeps positions", () => {
    const tokens = tokenize("  ab + 1");
    expect(tokens.map((t) => [t.start, t.end])).toEqual([
      [2, 4],
      [5, 6],
      [7, 8],
      [8, 8],
    ]);
  });
});

describe("numbers", () => {
  it.each([
    ["5", "int", 5],
    ["2147483648", "uint", 2147483648],
    ["4294967296", "long", 4294967296n],
    ["18446744073709551615", "ulong", 18446744073709551615n],
    ["5u", "uint", 5],
    ["5L", "long", 5n],
    ["5ul", "ulong", 5n],
    ["0xFF", "int", 255],
    ["0xFFL", "long", 255n],
    ["0b1010", "int", 10],
    ["1_000", "int", 1000],
    ["1.5", "double", 1.5],
    [".5", "double", 0.5],
    ["1e3", "double", 1000],
    ["5d", "double", 5],
    ["1.5f", "float", 1.5],
    ["1.10m", "decimal", "1.10"],
  ])("%s is %s", (text, type, value) => {
    expect(only(text)).toMatchObject({ kind: "number", type, value });
  });

  it("leaves a member access on a number", () => {
    expect(kinds("5.ToString")).toEqual(["number:5", "punctuation:.", "identifier:ToString", "end:"]);
    expect(kinds("1.5.ToString")).toEqual(["number:1.5", "punctuation:.", "identifier:ToString", "end:"]);
  });

  it.each(["5x", "1_", "99999999999999999999", "1e999"])("refuses %s", (text) => {
    failure(text);
  });
});

describe("strings and characters", () => {
  it.each([
    ['"a\\tb\\\\c\\"d\\u0041"', 'a\tb\\c"dA'],
    ['"\\x41g\\0"', "Ag\0"],
    ['"\\U0001F600"', "\u{1F600}"],
    ['@"c:\\a""b"', 'c:\\a"b'],
    ['@"two\nlines"', "two\nlines"],
    ['""', ""],
  ])("%s", (text, value) => {
    expect(only(text)).toMatchObject({ kind: "string", parts: [value] });
  });

  it.each([
    ["'a'", 97],
    ["'\\n'", 10],
    ["'\\''", 39],
    ["'\\u0041'", 65],
    ["'\"'", 34],
  ])("%s", (text, value) => {
    expect(only(text)).toMatchObject({ kind: "char", value });
  });

  it("cuts the holes of interpolated strings, with their strings, formats and alignments", () => {
    const token = only('$"a{x["k"],5:N2}{{b}}{(c ? 1 : 2)}"');
    if (token?.kind !== "interpolated") throw new Error("not interpolated");
    expect(
      token.parts.map((p) => (typeof p === "string" ? p : "tokens" in p ? [p.tokens.length, p.format] : p)),
    ).toEqual(["a", [7, "N2"], "{b}", [8, undefined]]);
  });

  it("reads verbatim interpolated strings in both spellings", () => {
    for (const prefix of ['$@"', '@$"']) {
      expect(only(`${prefix}c:\\{x}""q"`)).toMatchObject({ kind: "interpolated", parts: ["c:\\", {}, '"q'] });
    }
  });

  it("keeps a secret named value as a part of its literal", () => {
    expect(only('"a\uE000key\uE001b"')).toMatchObject({ parts: ["a", { secret: "key" }, "b"] });
    expect(only('@"\uE000key\uE001"')).toMatchObject({ parts: [{ secret: "key" }] });
    expect(only('$"{1}\uE000key\uE001"')).toMatchObject({ kind: "interpolated", parts: [{}, { secret: "key" }] });
  });
});

describe("errors say what and where", () => {
  it.each([
    ["1 + 'abc'", "Too many characters in character literal", 4],
    ["''", "Empty character literal", 0],
    ['a "b', "Unterminated string literal", 2],
    ['"a\nb"', "Unterminated string literal", 0],
    ['"\\q"', "Unrecognized escape sequence", 1],
    ['$"a}"', "must be escaped", 3],
    ['$"{1"', "Unterminated string literal", 4],
    ["a # b", "preprocessor", 2],
    ["a \\ b", "Unexpected character '\\'", 2],
    ["/* a", "'*/' expected", 0],
    ["\uE000key\uE001", "only inside a string literal", 0],
    ["'\uE000key\uE001'", "only inside a string literal", 1],
    ['$"{1:\uE000key\uE001}"', "only inside a string literal", 5],
  ])("%s", (text, message, index) => {
    const found = failure(text);
    expect(found.message).toContain(message);
    expect(found.index).toBe(index);
  });
});
