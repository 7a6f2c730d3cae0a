import { expect, it } from "vitest";
import { testExchange } from "../testing/exchange.ts";
import { policyDialect } from "./library.ts";
import { TypeParameter } from "./types.ts";
import { evaluateVector } from "./vectors.ts";

it("takes no word of an operator for a type parameter", () => {
  const members = [...policyDialect().language.registry.definitions].flatMap((one) => [...one.members.values()].flat());
  const operators = members.filter((member) => member.kind === "operator");
  expect(operators.map((operator) => operator.name)).toContain(">");
  expect(operators.filter((operator) => operator.type instanceof TypeParameter)).toEqual([]);
});

it.each([
  "new DateTime(2026,1,5) > new DateTime(2026,1,4) && true",
  "!(TimeSpan.Zero > TimeSpan.FromSeconds(1))",
  "2m > 1m ? true : false",
])("gives %s a bool that conditions take", (expression) => {
  const result = evaluateVector(`${expression}\tBoolean\tTrue`, testExchange());
  expect([result?.actualType, result?.actualValue]).toEqual(["Boolean", "True"]);
});
