import { expect, it } from "vitest";
import { alternativeNames } from "./alternative-names.ts";

it.each([
  [undefined, "DNS", []],
  ["", "DNS", []],
  ["DNS:a.test, email:x@a.test, DNS:b.test, IP Address:192.0.2.1", "DNS", ["a.test", "b.test"]],
  ["DNS:a.test, email:x@a.test", "email", ["x@a.test"]],
  // One name with a comma in it is no other name.
  ['DNS:"x, DNS:good.test, y"', "DNS", ["x, DNS:good.test, y"]],
  ['URI:"http://a.test/?q=\\"b, DNS:c.test\\"", DNS:d.test', "DNS", ["d.test"]],
  ['DNS:"broken', "DNS", []],
])("%j has the %s names %j", (text, kind, names) => {
  expect(alternativeNames(text, kind)).toEqual(names);
});
