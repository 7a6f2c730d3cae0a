import { expect, test } from "vitest";
import { type Answer, difference } from "./probe.ts";
import type { Probe } from "./scenarios.ts";

const probe: Probe = {
  name: "a probe",
  request: { method: "GET", path: "/", headers: {} },
  status: [401, 403],
  headers: { "x-seen-caller": "caller-1" },
  bytes: 5,
};
const good: Answer = { status: 403, headers: { "x-seen-caller": "caller-1" }, bytes: 5 };

test("an answer as expected has no difference", () => {
  expect(difference(probe, good)).toBeUndefined();
});

test.each([
  [{ ...good, status: 200 }, "status 200, not 401 or 403"],
  [{ ...good, headers: {} }, "x-seen-caller is absent, not caller-1"],
  [{ ...good, headers: { "x-seen-caller": "caller-2" } }, "x-seen-caller is caller-2, not caller-1"],
  [{ ...good, bytes: 4 }, "4 bytes, not 5"],
])("%j is told apart", (answer, message) => {
  expect(difference(probe, answer)).toBe(message);
});
