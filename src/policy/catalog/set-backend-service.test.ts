import { describe, expect, it } from "vitest";
import { Loader } from "../compiler/loader.ts";
import { runSteps } from "../compiler/pipeline.ts";
import type { Scope } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { parseUrl } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";
import { policies } from "./index.ts";

function exchange(url = "http://gateway.test/partners/15?v=1"): Exchange {
  const services = testServices();
  services.backends.type = (id) => (id === "pool" ? "Pool" : id === "orders" ? "Single" : undefined);
  services.backends.base = (id) => (id === "orders" ? parseUrl("https://orders.upstream:8443/base") : undefined);
  return testExchange({ url, services });
}

/** Runs a statement as part of the document of a scope. */
async function at(scope: Scope, xml: string, x: Exchange): Promise<void> {
  await runSteps(new Loader(policies, scope).load(compileXml(xml).elements), x);
}

describe("set-backend-service", () => {
  it("replaces the base URL; path and query stay, joined with one slash", async () => {
    const x = await runXml('<set-backend-service base-url="http://new.upstream/api/8.2/" />', exchange());
    expect(x.request.urlText).toBe("http://new.upstream/api/8.2/partners/15?v=1");
    expect(x.backend).toMatchObject({ kind: "url", base: { host: "new.upstream" } });
  });

  it("keeps a query of the base URL before the request's", async () => {
    const x = await runXml('<set-backend-service base-url="http://new.upstream/m?api-version=1" />', exchange());
    expect(x.request.urlText).toBe("http://new.upstream/m/partners/15?api-version=1&v=1");
  });

  it("evaluates both attributes", async () => {
    const x = exchange();
    x.variables.set("u", " http://other.upstream ");
    await runXml(`<set-backend-service base-url='@((string)context.Variables["u"])' />`, x);
    expect(x.request.urlText).toBe("http://other.upstream/partners/15?v=1");
    x.variables.set("u", "orders");
    await runXml(`<set-backend-service backend-id='@((string)context.Variables["u"])' />`, x);
    expect(x.backend).toEqual({ kind: "entity", id: "orders" });
    expect(x.request.urlText).toBe("https://orders.upstream:8443/base/partners/15?v=1");
  });

  it("leaves the URL as it is for a pool, whose member is not chosen yet", async () => {
    const x = await runXml('<set-backend-service backend-id="pool" />', exchange());
    expect(x.backend).toEqual({ kind: "entity", id: "pool" });
    expect(x.request.base.host).toBe("backend.upstream");
  });

  it("fails for what is no URL and for an unknown backend", async () => {
    const x = exchange();
    x.variables.set("u", "/relative");
    const xml = `<set-backend-service base-url='@((string)context.Variables["u"])' />`;
    await expect(runXml(xml, x)).rejects.toMatchObject({ reason: "ExpressionValueEvaluationFailure" });
    await expect(runXml('<set-backend-service backend-id="none" />', x)).rejects.toMatchObject({ status: 500 });
  });

  it("warns about a literal that is no URL, which fails when it runs", async () => {
    const xml = '<set-backend-service base-url="relative" />';
    expect(compileXml(xml).diagnostics).toMatchObject([{ severity: "warning", code: "invalid-value" }]);
    await expect(runXml(xml, exchange())).rejects.toThrow("not an absolute http or https URL");
  });

  it("lets the last statement win, but an inherited backend-id holds against a base-url", async () => {
    const url = '<set-backend-service base-url="http://new.upstream" />';
    const id = '<set-backend-service backend-id="orders" />';
    const pool = '<set-backend-service backend-id="pool" />';

    const inherited = exchange();
    await at("global", id, inherited);
    await at("api", url, inherited);
    expect(inherited.backend).toEqual({ kind: "entity", id: "orders" });
    await at("api", pool, inherited);
    expect(inherited.backend).toEqual({ kind: "entity", id: "pool" });
    // Now the API's own statement chose it: another of the API may take it back, one of the operation may not.
    await at("operation", url, inherited);
    expect(inherited.backend).toEqual({ kind: "entity", id: "pool" });
    await at("api", url, inherited);
    expect(inherited.backend.kind).toBe("url");

    const inheritedUrl = exchange();
    await at("global", url, inheritedUrl);
    await at("api", id, inheritedUrl);
    expect(inheritedUrl.backend.kind).toBe("entity");
  });

  it("sends to a method of a service behind the Dapr sidecar", async () => {
    const dapr = (more: string) => `<set-backend-service backend-id="dapr" dapr-app-id="echo app" ${more} />`;
    const method = await runXml(dapr('dapr-method="/a b/%20c"'), exchange());
    expect(method.request.urlText).toBe("http://localhost:3500/v1.0/invoke/echo%20app/method/a%20b/%20c?v=1");
    const spaced = await runXml(dapr(`dapr-method='@(context.Request.Method)' dapr-namespace="prod"`), exchange());
    expect(spaced.request.urlText).toBe("http://localhost:3500/v1.0/invoke/echo%20app.prod/method/GET?v=1");
    for (const bad of ["..", "a/../../b", "%2e%2E/b", "a%2F..%2Fb"]) {
      await expect(runXml(dapr(`dapr-method="${bad}"`), exchange())).rejects.toMatchObject({
        reason: "ExpressionValueEvaluationFailure",
      });
    }
  });

  it("holds an inherited Dapr backend against a base-url as well", async () => {
    const x = exchange();
    await at("global", '<set-backend-service backend-id="dapr" dapr-app-id="a" dapr-method="m" />', x);
    await at("api", '<set-backend-service base-url="http://new.upstream" />', x);
    expect(x.request.base.host).toBe("localhost");
    await at("api", '<set-backend-service backend-id="orders" />', x);
    expect(x.backend).toEqual({ kind: "entity", id: "orders" });
  });

  it.each([
    ["<set-backend-service />", 'needs exactly one of "base-url" and "backend-id"'],
    ['<set-backend-service base-url="http://a" backend-id="b" />', "needs exactly one"],
    ['<set-backend-service backend-id="dapr" dapr-method="m" />', 'needs the attribute "dapr-app-id"'],
    ['<set-backend-service backend-id="dapr" dapr-app-id="a" />', 'needs the attribute "dapr-method"'],
    ['<set-backend-service backend-id="x" dapr-app-id="a" dapr-method="m" />', 'need backend-id="dapr"'],
    ['<set-backend-service base-url="http://a" dapr-app-id="a" dapr-method="m" />', 'need backend-id="dapr"'],
    ['<set-backend-service dapr-app-id="a" dapr-method="m" />', "needs exactly one"],
    ['<set-backend-service backend-id="x" sf-partition-key="1" />', "Service Fabric backend is not supported"],
  ])("%s: %s", (xml, message) => {
    const { diagnostics } = compileXml(xml);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: "error" });
    expect(diagnostics[0]?.message).toContain(message);
  });
});
