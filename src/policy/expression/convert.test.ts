import { describe, expect, it } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { testExchange } from "../testing/exchange.ts";
import { FormatException, InvalidCastException, OverflowException } from "./clr/exceptions.ts";
import { compileExpression, loadExpression } from "./compile.ts";
import { fromJson, toBoolean, toDouble, toInt32, toInt64, toText, typeName } from "./convert.ts";

function value(text: string): unknown {
  const { compiled } = compileExpression(SourceText.of(`@(${text})`));
  if (!compiled) throw new Error(text);
  return loadExpression(compiled.js)(testExchange());
}

describe("toText", () => {
  it.each([
    ["1", "1"],
    ["1.0", "1"],
    ["1e20", "1E+20"],
    ["1.10m", "1.10"],
    ["'c'", "c"],
    ["true", "True"],
    ["new DateTime(2026, 1, 5)", "01/05/2026 00:00:00"],
    ["DayOfWeek.Friday", "Friday"],
    ['JObject.Parse("{\\"a\\":1}")', '{\n  "a": 1\n}'],
    ["new[] { 1 }", "System.Int32[]"],
    ["context.Request.Url", "http://backend.upstream/orders/1"],
  ])("%s", (text, expected) => {
    expect(toText(value(text))).toBe(expected);
  });
  it("keeps null", () => {
    expect(toText(null)).toBeNull();
  });
});

describe("numbers", () => {
  it("converts texts, numbers and JSON values", () => {
    expect(toInt32("42")).toBe(42);
    expect(toInt32(value("2.5"))).toBe(2);
    expect(toInt32(value("'a'"))).toBe(97);
    expect(toInt32(value('JObject.Parse("{\\"a\\":7}")["a"]'))).toBe(7);
    expect(toInt64(value("5000000000L"))).toBe(5000000000n);
    expect(toDouble("1.5")).toBe(1.5);
    expect(toDouble(3)).toBe(3);
    expect(toInt32(null)).toBe(0);
  });
  it("fails as System.Convert does", () => {
    expect(() => toInt32("x")).toThrow(FormatException);
    expect(() => toInt32(5000000000n)).toThrow(OverflowException);
    expect(() => toInt32(value("new object()"))).toThrow(InvalidCastException);
  });
});

describe("toBoolean", () => {
  it.each([
    [true, true],
    ["true", true],
    ["True", true],
    [" false ", false],
    [1, true],
    [0, false],
    [null, false],
  ])("%j", (input, expected) => {
    expect(toBoolean(input)).toBe(expected);
  });
  it("refuses other texts", () => {
    expect(() => toBoolean("yes")).toThrow(FormatException);
  });
});

describe("types and JSON", () => {
  it("names types", () => {
    expect(typeName(1)).toBe("System.Int32");
    expect(typeName(value("1.5"))).toBe("System.Double");
    expect(typeName(null)).toBe("null");
    expect(typeName(fromJson("[1]"))).toBe("Newtonsoft.Json.Linq.JArray");
  });
});
