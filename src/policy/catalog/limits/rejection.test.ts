import { expect, it } from "vitest";
import { quotaExceeded, retrySeconds, timeSpan } from "./rejection.ts";

it.each([
  [0, 1],
  [1, 1],
  [1000, 1],
  [1001, 2],
  [59_999.5, 60],
])("%d ms to wait are %d seconds", (ms, seconds) => {
  expect(retrySeconds(ms)).toBe(seconds);
});

it.each([
  [0, "00:00:00"],
  [1802, "00:30:02"],
  [86_399, "23:59:59"],
  [86_400, "1.00:00:00"],
  [14 * 86_400 + 7 * 3600 + 13 * 60 + 56, "14.07:13:56"],
])("%d seconds are written %s", (seconds, text) => {
  expect(timeSpan(seconds)).toBe(text);
});

it("says when a quota is renewed, and nothing when it never is", () => {
  expect(quotaExceeded("bandwidth", 1_802_000)).toMatchObject({
    reason: "QuotaExceeded",
    status: 403,
    message: "Out of bandwidth quota. Quota will be replenished in 00:30:02.",
    headers: ["Retry-After", "1802"],
  });
  expect(quotaExceeded("call volume", undefined)).toMatchObject({ message: "Out of call volume quota.", headers: [] });
});
