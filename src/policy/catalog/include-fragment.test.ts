import { expect, it } from "vitest";
import { compileXml } from "../testing/run-policy.ts";

it("needs a literal fragment-id", () => {
  const codes = (xml: string) => compileXml(xml).diagnostics.map((d) => d.code);
  expect(codes("<include-fragment />")).toEqual(["missing-attribute"]);
  expect(codes('<include-fragment fragment-id="@(1)" />')).toEqual(["expression-not-allowed"]);
  expect(codes('<include-fragment fragment-id="none" />')).toEqual(["unknown-fragment"]);
});

it("leaves no element of its own", () => {
  expect(compileXml('<include-fragment fragment-id="none" />').elements).toEqual([]);
});
