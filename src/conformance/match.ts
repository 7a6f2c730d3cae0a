/** A difference between what was expected and what came: where, what was wanted, what was got. */
export interface Difference {
  at: string;
  expected: unknown;
  actual: unknown;
}

/**
 * Matches a value against what a case wrote: `present`, `absent`, `/regex/`, or the value itself
 * (numbers and texts compare as text, so that `80` matches the header `80`).
 */
export function matchText(at: string, expected: unknown, actual: string | undefined): Difference[] {
  if (expected === "absent" || expected === null)
    return actual === undefined ? [] : [{ at, expected: "absent", actual }];
  if (expected === "present") return actual === undefined ? [{ at, expected, actual: "absent" }] : [];
  const pattern = typeof expected === "string" ? /^\/(.+)\/([isu]*)$/s.exec(expected) : null;
  if (pattern && actual !== undefined) {
    return new RegExp(pattern[1] as string, pattern[2]).test(actual) ? [] : [{ at, expected, actual }];
  }
  return actual === String(expected) ? [] : [{ at, expected, actual: actual ?? "absent" }];
}

/** Matches a header: a list has one entry for each line, anything else is matched with the lines joined. */
export function matchHeader(at: string, expected: unknown, lines: readonly string[] | undefined): Difference[] {
  if (!Array.isArray(expected)) return matchText(at, expected, lines?.join(", "));
  if (lines?.length !== expected.length) return [{ at, expected, actual: lines ?? "absent" }];
  return expected.flatMap((one, index) => matchText(`${at}[${index}]`, one, lines[index]));
}

/** Matches a JSON value against an expected subset: members not named are not looked at; arrays match item by item. */
export function matchJson(at: string, expected: unknown, actual: unknown): Difference[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return [{ at, expected, actual }];
    return expected.flatMap((item, index) => matchJson(`${at}[${index}]`, item, actual[index]));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null || Array.isArray(actual)) return [{ at, expected, actual }];
    return Object.entries(expected).flatMap(([key, value]) =>
      matchJson(`${at}.${key}`, value, (actual as Record<string, unknown>)[key]),
    );
  }
  if (expected === "present") return actual === undefined ? [{ at, expected, actual: "absent" }] : [];
  if (expected === "absent") return actual === undefined ? [] : [{ at, expected, actual }];
  if (typeof expected === "string" && /^\/.+\/[isu]*$/s.test(expected)) {
    return matchText(
      at,
      expected,
      actual === undefined ? undefined : typeof actual === "string" ? actual : JSON.stringify(actual),
    );
  }
  return Object.is(expected, actual) ? [] : [{ at, expected, actual: actual === undefined ? "absent" : actual }];
}

/** Each difference on two lines, expected above actual. */
export function formatDifferences(differences: readonly Difference[]): string {
  return differences
    .map(({ at, expected, actual }) => `${at}\n  expected ${show(expected)}\n  got      ${show(actual)}`)
    .join("\n");
}

function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? "nothing");
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
