import { describe, expect, test } from "vitest";
import { compareAnswers, compareMeasurements } from "./compare.ts";
import type { Answer } from "./send.ts";

function answer(status: number, body = ""): Answer {
  return { status, reason: "", headers: {}, lines: {}, body };
}

describe("answers to requests sent at once", () => {
  test("without `answers` each must be as expected", () => {
    expect(compareAnswers({ status: 200 }, [answer(200), answer(200)])).toEqual([]);
    expect(compareAnswers({ status: 200 }, [answer(200), answer(429), undefined])).toMatchObject([
      { at: "status", actual: 429 },
      { at: "connection", actual: "closed without an answer" },
    ]);
  });

  test("with `answers` each is taken once, in any order", () => {
    const answers = [{ status: 200 }, { status: 429, body: "/Too/" }];
    expect(compareAnswers({ answers }, [answer(429, "Too many"), answer(200)])).toEqual([]);
    expect(compareAnswers({ answers }, [answer(200), answer(200)])).toMatchObject([{ at: "answers[1]" }]);
    expect(compareAnswers({ answers }, [answer(200), undefined])).toMatchObject([{ at: "answers[1]" }]);
  });
});

describe("measurements of policies", () => {
  const made = [
    { namespace: "shop", name: "Total Tokens", value: 5, dimensions: [["API ID", "ai"]] as const },
    { namespace: "shop", name: "Prompt Tokens", value: 2, dimensions: [] },
  ];

  test("each expectation takes one of them, in any order; others are not looked at", () => {
    expect(compareMeasurements([{ name: "Prompt Tokens", value: 2 }], made)).toEqual([]);
    expect(compareMeasurements([{ value: 2 }, { value: 5, dimensions: { "API ID": "/a/" } }], made)).toEqual([]);
    expect(compareMeasurements([{ value: 2 }, { value: 2 }], made)).toMatchObject([{ at: "metrics[1]" }]);
    expect(compareMeasurements([{ value: 5, dimensions: { "API ID": "other" } }], made)).toMatchObject([
      { at: "metrics[0]" },
    ]);
  });

  test("none means none", () => {
    expect(compareMeasurements([], [])).toEqual([]);
    expect(compareMeasurements([], made)).toMatchObject([{ at: "metrics", expected: "none" }]);
  });
});
