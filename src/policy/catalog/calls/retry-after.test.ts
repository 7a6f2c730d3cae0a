import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 5, 9, 0, 0);

it.each([
  ["0", 0],
  [" 120 ", 120_000],
  ["Mon, 05 Jan 2026 09:00:30 GMT", 30_000],
  ["Mon, 05 Jan 2026 08:00:00 GMT", 0],
  ["-1", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["99999999999999", undefined],
  ["", undefined],
  [undefined, undefined],
])("%j", (value, expected) => {
  expect(retryAfterMs(value, now)).toBe(expected);
});
