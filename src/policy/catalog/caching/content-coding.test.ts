import { expect, it } from "vitest";
import { accepts } from "./content-coding.ts";

it.each([
  [undefined, "gzip", false],
  ["gzip, br", "gzip", true],
  ["GZIP", "gzip", true],
  ["br", "gzip", false],
  ["gzip;q=0", "gzip", false],
  ["gzip;q=0.5", "gzip", true],
  ["*", "gzip", true],
  ["*;q=0", "gzip", false],
  ["*, gzip;q=0.0", "gzip", false],
  ["", "identity", true],
  ["gzip", "gzip, br", false],
  ["gzip, br", "gzip, br", true],
])("Accept-Encoding %j and a body in %s: %s", (accept, coding, result) => {
  expect(accepts(accept, coding)).toBe(result);
});
