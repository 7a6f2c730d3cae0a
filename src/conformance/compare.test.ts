import { describe, expect, test } from "vitest";
import { compareAnswers } from "./compare.ts";
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
