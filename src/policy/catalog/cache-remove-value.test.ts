import { describe, expect, it } from "vitest";
import { LOOKUP_VALUE, STORE_VALUE, sharedCaches } from "../testing/cached-values.ts";
import { compileXml } from "../testing/run-policy.ts";

describe("cache-remove-value", () => {
  it("removes one key; a missing one is no error", async () => {
    const { run } = sharedCaches();
    await run(STORE_VALUE, { in: 1 });
    await run('<cache-remove-value key="other" />');
    expect((await run(LOOKUP_VALUE)).get("out")).toBe(1);
    await run('<cache-remove-value key="k" />');
    expect((await run(LOOKUP_VALUE)).has("out")).toBe(false);
  });
});

it.each([
  ["<cache-remove-value />", "key"],
  ['<cache-remove-value key="k" caching-type="redis" />', '"prefer-external", "external", "internal"'],
])("%s is refused", (xml, message) => {
  expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
});
