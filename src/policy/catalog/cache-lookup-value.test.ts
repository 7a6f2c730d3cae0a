import { describe, expect, it } from "vitest";
import { failingCache, LOOKUP_VALUE, STORE_VALUE, sharedCaches, throwingCache } from "../testing/cached-values.ts";
import { MapCache } from "../testing/exchange.ts";
import { compileXml } from "../testing/run-policy.ts";

describe("cache-lookup-value", () => {
  it("leaves the variable alone on a miss, or set it to the default", async () => {
    const { run } = sharedCaches();
    expect((await run(LOOKUP_VALUE, { out: "before" })).get("out")).toBe("before");
    const withDefault = `<cache-lookup-value key="k" variable-name="out" default-value='@(context.Variables["d"])' />`;
    expect((await run(withDefault, { d: 7 })).get("out")).toBe(7);
    const literal = '<cache-lookup-value key="k" variable-name="out" default-value="" />';
    expect((await run(literal)).get("out")).toBe("");
  });

  it.each([
    ["", "external"],
    [' caching-type="prefer-external"', "external"],
    [' caching-type="external"', "external"],
    [' caching-type="internal"', "internal"],
  ])("with%s uses the %s cache where both are there", async (attribute, which) => {
    const { run, services } = sharedCaches();
    const external = new MapCache(services.clock);
    services.externalCache = external;
    await run(`<cache-store-value key="k" value="v" duration="60"${attribute} />`);
    expect(external.entries.size).toBe(which === "external" ? 1 : 0);
    expect(services.cache.entries.size).toBe(which === "internal" ? 1 : 0);
    const found = await run(`<cache-lookup-value key="k" variable-name="out"${attribute} />`);
    expect(found.get("out")).toBe("v");
  });

  it("misses, stores and removes nothing where there is no external cache", async () => {
    const { run, services } = sharedCaches();
    await run('<cache-store-value key="k" value="v" duration="60" caching-type="external" />');
    expect(services.cache.entries.size).toBe(0);
    const found = await run('<cache-lookup-value key="k" variable-name="out" caching-type="external" />');
    expect(found.has("out")).toBe(false);
    await run('<cache-remove-value key="k" caching-type="external" />');
  });

  it.each([
    ["promises that fail", failingCache],
    ["calls that throw", throwingCache],
  ])("never fails a request by a cache with %s", async (_name, cache) => {
    const { run, services } = sharedCaches();
    services.externalCache = cache;
    await run(STORE_VALUE, { in: 1 });
    expect((await run(`<cache-lookup-value key="k" variable-name="out" default-value="d" />`)).get("out")).toBe("d");
    await run('<cache-remove-value key="k" />');
    const strict = run('<cache-remove-value key="k" fail-on-cache-removal-error="true" />');
    await expect(strict).rejects.toMatchObject({ status: 500 });
  });

  it("waits for a cache that answers later", async () => {
    const { run, services } = sharedCaches();
    services.externalCache = { get: async () => "later", set: async () => {}, delete: async () => {} };
    expect((await run(LOOKUP_VALUE)).get("out")).toBe("later");
  });
});

it.each([
  ['<cache-lookup-value key="k" />', "variable-name"],
  ['<cache-lookup-value key="k" variable-name="@(1)" />', "expression"],
])("%s is refused", (xml, message) => {
  expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
});
