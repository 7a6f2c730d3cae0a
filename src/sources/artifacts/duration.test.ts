import { expect, it } from "vitest";
import { parseDuration } from "./duration.ts";

it.each([
  ["PT30S", 30_000],
  ["PT1M30S", 90_000],
  ["PT1H", 3_600_000],
  ["P1D", 86_400_000],
  ["P1W", 604_800_000],
  ["P1DT12H", 129_600_000],
  ["P1Y2M", 36_720_000_000],
  ["PT0.5S", 500],
  ["PT1,25S", 1250],
  ["PT0S", 0],
])("%s is %d ms", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

it.each(["", "P", "PT", "P1", "1M", "PT1", "PT1D", "-PT1S", "P1DT", "00:01:00", "pt1m", "PT1S "])(
  "%j is none",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
