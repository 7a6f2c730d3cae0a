import { expect, test } from "vitest";
import type { LoadResult } from "./load.ts";
import { whatIsWrong } from "./run.ts";

const load: LoadResult = { requests: 100, seconds: 1, bytes: 15_000, p50: 1, p99: 2, errors: {} };

test("a measurement with whole, good answers counts", () => {
  expect(whatIsWrong(load, 24)).toBeUndefined();
});

test.each([
  [{ errors: { status: 3, timeout: 1 } }, "3 status errors, 1 timeout errors in 100 requests"],
  [{ requests: 0, bytes: 0 }, "no answers"],
  [{ bytes: 2_000 }, "answers of 20 bytes on average"],
])("one with %j does not", (change, message) => {
  expect(whatIsWrong({ ...load, ...change }, 24)).toBe(message);
});
