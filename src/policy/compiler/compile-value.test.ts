import { describe, expect, it } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { compileValue, type ValueEnvironment } from "./compile-value.ts";
import { isExpression } from "./element.ts";
import type { TextSchema } from "./schema.ts";

function compile(
  text: string,
  schema: Partial<TextSchema>,
  more: Partial<ValueEnvironment> & { foreign?: boolean } = {},
) {
  const environment: ValueEnvironment = {
    namedValues: new Map([
      ["n", { secret: false, value: "7" }],
      ["flag", { secret: false, value: "true" }],
      ["code", { secret: false, value: "@(1 + 1)" }],
      ["key", { secret: true }],
    ]),
    standalone: false,
    diagnostics: [],
    ...more,
  };
  const full = { type: "string", expression: true, doc: "", ...schema } as const;
  const value = compileValue(SourceText.of(text), full, "it", environment, more.foreign);
  return { value, diagnostics: environment.diagnostics };
}

describe("literals", () => {
  it.each([
    ["12", "int", 12],
    [" -3 ", "int", -3],
    ["9007199254740991", "long", 9007199254740991],
    ["1.5", "double", 1.5],
    ["1e3", "double", 1000],
    ["true", "bool", true],
    ["TRUE", "bool", true],
    ["1", "bool", true],
    ["0", "bool", false],
    [";", "char", ";"],
    [" as written ", "string", " as written "],
    ["5", "any", "5"],
    ["{{n}}", "int", 7],
    ["{{flag}}", "bool", true],
    ["a{{n}}b", "string", "a7b"],
  ] as const)("%j as %s", (text, type, expected) => {
    expect(compile(text, { type })).toEqual({ value: expected, diagnostics: [] });
  });

  it.each([
    ["x", "int", 'it must be a whole number, not "x"'],
    ["2147483648", "int", "it is out of range: 2147483648"],
    ["0x10", "int", 'it must be a whole number, not "0x10"'],
    ["1,5", "double", 'it must be a number, not "1,5"'],
    ["yes", "bool", 'it must be "true" or "false", not "yes"'],
    ["ab", "char", 'it must be one character, not "ab"'],
  ] as const)("%j is no %s", (text, type, message) => {
    const { value, diagnostics } = compile(text, { type });
    expect(value).toBeUndefined();
    expect(diagnostics.map((d) => d.message)).toEqual([message]);
  });

  it("keep to the range", () => {
    expect(compile("0", { type: "int", min: 1, max: 5 }).diagnostics[0]?.message).toBe("it must be from 1 to 5, not 0");
    expect(compile("0", { type: "int", min: 1 }).diagnostics[0]?.message).toBe("it must be 1 or more, not 0");
    expect(compile("6", { type: "double", max: 5 }).diagnostics[0]?.message).toBe("it must be at most 5, not 6");
  });

  it("match the pattern, or are warned about", () => {
    const pattern = { pattern: /^a+$/, patternDoc: "some a" };
    expect(compile("b", pattern)).toMatchObject({ value: undefined, diagnostics: [{ severity: "error" }] });
    expect(compile("b", { ...pattern, patternWarns: true })).toMatchObject({
      value: "b",
      diagnostics: [{ severity: "warning", message: 'it must be some a, not "b"' }],
    });
  });

  it("that only contain an expression are warned about", () => {
    const { value, diagnostics } = compile("Bearer @(x)", {});
    expect(value).toBe("Bearer @(x)");
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "mixed-expression", column: 8 }]);
    expect(compile("a@b.example", {}).diagnostics).toEqual([]);
    expect(compile("p { @{x} }", { markup: true }).diagnostics).toEqual([]);
  });

  it("cannot hold the characters that mark secrets", () => {
    expect(compile("a\uE000b", {}).diagnostics).toMatchObject([{ code: "reserved-character", column: 2 }]);
  });
});

describe("named values", () => {
  it("that are secret become templates", () => {
    expect(compile("Bearer {{key}}", {}).value).toEqual({ template: ["Bearer ", { secret: "key" }] });
    expect(compile("{{key}}", { type: "int" }).value).toEqual({ template: [{ secret: "key" }] });
  });

  it("may be expressions themselves", () => {
    const { value } = compile("{{code}}", { type: "any" });
    expect(isExpression(value)).toBe(true);
  });

  it("that are unknown are errors, or warnings for a document on its own", () => {
    const unknown = compile("x {{nn}}", {});
    expect(unknown.diagnostics).toMatchObject([
      { severity: "error", code: "unknown-named-value", column: 3, hint: 'did you mean "n"?' },
    ]);
    expect(compile("x {{nn}}", {}, { standalone: true })).toMatchObject({
      value: "x {{nn}}",
      diagnostics: [{ severity: "warning" }],
    });
    expect(compile("{{nn}}", { type: "int" }, { standalone: true }).diagnostics).toHaveLength(1);
  });

  it("share their braces with Liquid where the text says so", () => {
    expect(compile("{{n}} {{body}}", { markup: true }, { foreign: true })).toEqual({
      value: "7 {{body}}",
      diagnostics: [],
    });
  });

  it("share their braces with interpolated strings", () => {
    expect(compile('@($"{{zz}}")', {}).diagnostics).toEqual([]);
    expect(compile('@("{{zz}}")', {}).diagnostics).toMatchObject([{ code: "unknown-named-value" }]);
  });
});

describe("expressions", () => {
  it("keep their text, with secrets by name", () => {
    const { value } = compile('  @(context.Request.Method + "{{key}}")  ', {});
    expect(value).toMatchObject({ expression: '@(context.Request.Method + "{{key}}")' });
  });

  it("say what bodies they read", () => {
    const { value } = compile("@(context.Request.Body.As<string>())", {});
    expect(value).toMatchObject({ reads: ["request.body"] });
    expect(compile("@(context.Request.Method)", {}).value).not.toHaveProperty("reads");
  });

  it("that are constant become literals of the type, but keep theirs where any is taken", () => {
    expect(compile('@("x")', {}).value).toBe("x");
    expect(compile("@(5)", { type: "int" }).value).toBe(5);
    expect(compile("@(true)", { type: "bool" }).value).toBe(true);
    expect(compile('@("fast")', { type: ["fast", "slow"] }).value).toBe("fast");
    expect(isExpression(compile("@(5)", { type: "any" }).value)).toBe(true);
    expect(isExpression(compile("@(true)", { type: "bool", unfolded: true }).value)).toBe(true);
    expect(isExpression(compile("@(50)", { type: "int", max: 10 }).value)).toBe(true);
  });

  it("are refused where only a literal is allowed", () => {
    expect(compile("@(1)", { expression: false }).diagnostics).toMatchObject([{ code: "expression-not-allowed" }]);
  });

  it("that do not compile are reported in place", () => {
    const { value, diagnostics } = compile("@(1 +)", {});
    expect(value).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics[0]?.severity).toBe("error");
  });
});
