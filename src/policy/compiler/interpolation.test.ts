import { expect, test } from "vitest";
import { inInterpolatedText } from "./interpolation.ts";

test.each([
  ['@($"{{x}}")', true],
  ['@($@"a{{x}}")', true],
  ['@(@$"a""{{x}}")', true],
  ['@("{{x}}")', false],
  ['@($"{a}.{b}" + "{{x}}")', false],
  ['@{ var key = {{x}}; return $"{a}"; }', false],
  ['@{ var s = $"{a}"; var key = {{x}}; }', false],
  ['@($"{f("{{x}}")}")', false],
  ['@($"{f($"{{x}}")}")', true],
  ['@("\\"" + $"{{x}}")', true],
  ['@(\'"\' == c ? "{{x}}" : null)', false],
  ['@{ // $"\n return {{x}}; }', false],
  ['@{ /* $" */ return {{x}}; }', false],
])("%s", (code, expected) => {
  expect(inInterpolatedText(code, code.indexOf("{{x}}"))).toBe(expected);
});

test("long code takes time in proportion", () => {
  const code = `@(${'$"{a}" + '.repeat(20_000)}"{{x}}")`;
  expect(inInterpolatedText(code, code.length - 4)).toBe(false);
});
