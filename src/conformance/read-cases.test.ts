import { describe, expect, test } from "vitest";
import type { RequestStep } from "./case.ts";
import { readCases } from "./read-cases.ts";

function step(yaml: string): RequestStep {
  const { cases, diagnostics } = readCases("a.yaml", `name: a\nfiles: {}\nsteps:\n  - ${yaml}\n`);
  expect(diagnostics).toEqual([]);
  return cases[0]?.steps[0] as RequestStep;
}

function messages(yaml: string): string[] {
  return readCases("a.yaml", yaml).diagnostics.map((one) => `${one.line}: ${one.message}`);
}

describe("a case file", () => {
  test("a long text is written as a repetition, wherever a text may stand", () => {
    const {
      requests: [request],
      upstream,
    } = step(
      "{ request: { url: { repeat: /a, times: 3 }, headers: { x: { repeat: b, times: 2 }, y: [1, 2] }, body: { repeat: c, times: 0 } }, upstream: { u: [ { body: { repeat: de, times: 2 } } ] } }",
    );
    expect(request?.url).toBe("/a/a/a");
    expect(request?.headers).toEqual([
      ["x", "bb"],
      ["y", "1"],
      ["y", "2"],
    ]);
    expect(request?.body).toBe("");
    expect(upstream.u?.[0]?.body).toBe("dede");
  });

  test("an upstream of a kind that there is not is reported", () => {
    expect(messages("name: a\nupstreams: { ai: { kind: openai }, b: null, c: {} }\nsteps:\n  - wait: 1s\n")).toEqual(
      [],
    );
    expect(messages("name: a\nupstreams: { ai: { kind: gpt } }\nsteps:\n  - wait: 1s\n")).toEqual([
      expect.stringMatching(/^1: the upstream "ai" is of kind "gpt"; kinds: .*openai/),
    ]);
  });

  test("what is no repetition, no coding or no answer is reported with its line", () => {
    expect(messages("name: a\nfiles: {}\nsteps:\n  - request: { body: { repeat: 1 } }\n")).toEqual([
      "4: a text is written as it is, or as { repeat: text, times: number }",
    ]);
    expect(messages("name: a\nsteps:\n  - request: { body: { repeat: abcdefgh, times: 100000000 } }\n")).toEqual([
      "3: a text may have 67108864 characters at most",
    ]);
    expect(messages("name: a\nsteps:\n  - request: { body: a, encoding: zip }\n")).toEqual([
      "3: `encoding` must be one of gzip, deflate, br",
    ]);
    expect(messages("name: a\nsteps:\n  - request: {}\n    upstream: { u: { stauts: 200 } }\n")[0]).toContain(
      'an answer has no key "stauts"',
    );
  });

  test("a list of requests, and `parallel`, are requests at once", () => {
    const { requests } = step("{ request: [ { url: /a }, { url: /b } ], parallel: 2 }");
    expect(requests.map(({ url }) => url)).toEqual(["/a", "/b", "/a", "/b"]);
    expect(messages("name: a\nsteps:\n  - { request: {}, parallel: 101 }\n")).toEqual([
      "3: `parallel` must be a number; a step sends at most 100 requests at once",
    ]);
    expect(messages("name: a\nsteps:\n  - { request: {}, parallel: 2, expect: { answers: [ {} ] } }\n")).toEqual([
      "3: `answers` must be a list with one item for each of the 2 requests",
    ]);
  });

  test("files that must not compile need no steps, others do", () => {
    const { cases } = readCases("a.yaml", 'name: a\nrefused: "/unknown/"\n');
    expect(cases[0]).toMatchObject({ refused: "/unknown/", steps: [] });
    expect(messages("name: a\nfiles: {}\n")).toEqual(["1: a case needs steps"]);
  });
});
