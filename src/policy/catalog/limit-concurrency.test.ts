import { describe, expect, it } from "vitest";
import { testExchange, testServices } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml } from "../testing/run-policy.ts";

const HOLD = `<limit-concurrency key='@((string)context.Variables["k"])' max-count="2">
  <retry condition="false" count="1" interval="1"><forward-request /></retry></limit-concurrency>`;

/** Requests stay inside until their backend call is let go. */
function setup(xml: string) {
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const services = testServices();
  services.http.send = () =>
    new Promise((_resolve, reject) => {
      waiting.push({ resolve: () => reject(new Error("done")), reject });
    });
  const run = loadXml(xml, { section: "backend" });
  const enter = (key = "a") => {
    const x = testExchange({ services });
    x.section = "backend";
    x.backend = { kind: "url", base: x.request.base };
    x.variables.set("k", key);
    return (async () => run(x))();
  };
  return { services, waiting, enter };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe("limit-concurrency", () => {
  it("refuses who comes while it is full, key by key, and frees the place whatever happens", async () => {
    const { services, waiting, enter } = setup(HOLD);
    const inside = [enter(), enter()];
    await tick();
    await expect(enter()).rejects.toMatchObject({ status: 429, message: "Too many requests" });
    const other = enter("b");
    await tick();
    expect(services.concurrency).toEqual(
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
    );
    waiting[0]?.reject(new Error("lost"));
    await expect(inside[0]).rejects.toThrow();
    const next = enter();
    await tick();
    expect(waiting).toHaveLength(4);
    for (const { resolve } of waiting) resolve();
    await Promise.allSettled([inside[1], other, next]);
    expect(services.concurrency.size).toBe(0);
  });

  it("runs its policies, and leaves at once when they do not wait", () => {
    const services = testServices();
    const x = testExchange({ services });
    const run = loadXml(
      '<limit-concurrency key="k" max-count="1"><set-variable name="v" value="1" /></limit-concurrency>',
    );
    expect(run(x)).toBeUndefined();
    expect(x.variables.get("v")).toBe("1");
    expect(services.concurrency.size).toBe(0);
  });

  it("leaves when a policy inside fails at once", () => {
    const services = testServices();
    const run = loadXml(
      `<limit-concurrency key="k" max-count="1">
        <check-header name="none" failed-check-httpcode="400" failed-check-error-message="no" ignore-case="true" />
      </limit-concurrency>`,
    );
    for (let i = 0; i < 2; i++) expect(() => run(testExchange({ services }))).toThrow("none was not found");
    expect(services.concurrency.size).toBe(0);
  });

  it.each([
    ['<limit-concurrency max-count="1" />', "key"],
    ['<limit-concurrency key="k" max-count="0" />', "1 or more"],
    ['<limit-concurrency key="k" max-count="@(1)" />', "expression"],
  ])("is refused when it is written so: %s", (xml, message) => {
    expect(
      compileXml(xml)
        .diagnostics.map((d) => d.message)
        .join("\n"),
    ).toContain(message);
  });
});
