import type { Measurement } from "../policy/exchange/metrics.ts";
import type { AnswerExpectation, Expectation, MeasurementExpectation } from "./case.ts";
import { type Difference, matchHeader, matchJson, matchText } from "./match.ts";
import type { Answer } from "./send.ts";
import type { ReceivedRequest } from "./upstreams.ts";

/** How the answers to requests that were sent at once differ from what a step expects; undefined: closed without one. */
export function compareAnswers(expect: Expectation, answers: readonly (Answer | undefined)[]): Difference[] {
  if (expect.answers) return compareInAnyOrder(expect.answers, answers);
  return answers.flatMap((answer) => {
    if (!answer) {
      return expect.closed
        ? []
        : [{ at: "connection", expected: expect.status ?? "an answer", actual: "closed without an answer" }];
    }
    const closed = { at: "connection", expected: "closed without an answer", actual: answer.status };
    return [...(expect.closed ? [closed] : []), ...compareAnswer(expect, answer)];
  });
}

/** Each expectation takes the first answer that meets it and that none before it took. */
function compareInAnyOrder(
  expected: readonly AnswerExpectation[],
  answers: readonly (Answer | undefined)[],
): Difference[] {
  const left = new Set(answers);
  return expected.flatMap((one, index) => {
    for (const answer of left) {
      if (answer && compareAnswer(one, answer).length === 0) {
        left.delete(answer);
        return [];
      }
    }
    const actual = [...left].map((answer) => answer && { status: answer.status, body: clip(answer.body) });
    return [{ at: `answers[${index}]`, expected: one, actual }];
  });
}

function compareAnswer(expect: AnswerExpectation, answer: Answer): Difference[] {
  const differences: Difference[] = [];
  if (expect.status !== undefined && expect.status !== answer.status) {
    differences.push({ at: "status", expected: expect.status, actual: answer.status });
  }
  if (expect.reason !== undefined) differences.push(...matchText("reason", expect.reason, answer.reason));
  for (const [name, value] of Object.entries(expect.headers ?? {})) {
    differences.push(...matchHeader(`headers.${name}`, value, answer.lines[name.toLowerCase()]));
  }
  if (expect.body !== undefined) differences.push(...matchText("body", expect.body, answer.body));
  if (expect.json !== undefined) differences.push(...matchJson("json", expect.json, parseJson(answer.body)));
  return differences;
}

/** How what the upstreams got differs from what a step expects. */
export function compareReceived(
  expected: NonNullable<Expectation["received"]>,
  received: readonly ReceivedRequest[],
): Difference[] {
  if (expected === "none") {
    return received.length === 0 ? [] : [{ at: "received", expected: "none", actual: received }];
  }
  const differences: Difference[] = [];
  if (expected.count !== undefined && expected.count !== received.length) {
    differences.push({ at: "received.count", expected: expected.count, actual: received.length });
  }
  if (Object.keys(expected).every((key) => key === "count")) return differences;
  const candidates = received.filter((one) => expected.upstream === undefined || one.upstream === expected.upstream);
  const last = candidates.at(-1);
  if (!last)
    return [...differences, { at: "received", expected, actual: received.length === 0 ? "nothing" : received }];
  if (expected.method !== undefined) differences.push(...matchText("received.method", expected.method, last.method));
  if (expected.url !== undefined) differences.push(...matchText("received.url", expected.url, last.url));
  if (expected.certificate !== undefined) {
    differences.push(...matchText("received.certificate", expected.certificate, last.certificate));
  }
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    differences.push(...matchHeader(`received.headers.${name}`, value, last.lines[name.toLowerCase()]));
  }
  if (expected.body !== undefined) differences.push(...matchText("received.body", expected.body, last.body));
  if (expected.json !== undefined) differences.push(...matchJson("received.json", expected.json, parseJson(last.body)));
  return differences;
}

/**
 * How what policies measured differs from what a step expects: each expectation takes a measurement of its own, in any
 * order; those that nothing expects are not looked at, unless none is expected.
 */
export function compareMeasurements(
  expected: readonly MeasurementExpectation[],
  made: readonly Measurement[],
): Difference[] {
  const left = made.map(({ dimensions, ...rest }) => ({ ...rest, dimensions: Object.fromEntries(dimensions) }));
  if (expected.length === 0) return left.length === 0 ? [] : [{ at: "metrics", expected: "none", actual: left }];
  return expected.flatMap((one, index) => {
    const found = left.findIndex((measurement) => matchJson("", one, measurement).length === 0);
    if (found < 0) return [{ at: `metrics[${index}]`, expected: one, actual: left }];
    left.splice(found, 1);
    return [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `(not JSON) ${clip(text)}`;
  }
}

/** As much of a text as a message should hold. */
export function clip(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}
