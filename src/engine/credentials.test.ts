import { describe, expect, it } from "vitest";
import { type Catalog, emptyCatalog } from "../model/catalog.ts";
import { compilePlan } from "../plan/compile.ts";
import { Body } from "../policy/exchange/body.ts";
import { HeaderList } from "../policy/exchange/headers.ts";
import { testExchange, testServices } from "../policy/testing/exchange.ts";
import { loadXml } from "../policy/testing/load-policy.ts";
import { Engine } from "./engine.ts";
import type { Handled, Tunnel } from "./handler.ts";
import { LoadedPlan } from "./loaded-plan.ts";
import { RequestTrace } from "./request-trace.ts";

const origin = { file: "f" };

/** A WebSocket API with these policies in inbound. */
function engine(inbound: string): Engine {
  const catalog: Catalog = {
    ...emptyCatalog(),
    certificates: [{ id: "main", origin, certificate: "CERT", key: "KEY", thumbprint: "AB" }],
    apis: [
      {
        id: "chat",
        origin,
        revision: "1",
        isCurrent: true,
        displayName: "Chat",
        path: "chat",
        protocols: ["ws", "wss"],
        serviceUrl: "wss://chat.upstream",
        subscriptionRequired: false,
        subscriptionKeyParameterNames: { header: "k", query: "k" },
        type: "websocket",
        apiVersion: "",
        operations: [],
        policy: {
          file: "p.xml",
          text: `<policies><inbound>${inbound}</inbound><backend /><outbound /><on-error /></policies>`,
        },
      },
    ],
  };
  const { plan, diagnostics } = compilePlan(catalog);
  if (!plan) throw new Error(diagnostics.map((d) => d.message).join("\n"));
  const services = { ...testServices(), certificate: () => ({ cert: "CERT", key: "KEY" }) };
  return new Engine(new LoadedPlan(plan), { services, gateway: "g", enforceProtocols: false });
}

function handshake(inbound: string): Promise<Tunnel | Handled> {
  return engine(inbound).handshake({
    method: "GET",
    scheme: "http",
    host: "gateway.test",
    port: 80,
    path: "/chat/room",
    query: "",
    headers: new HeaderList(),
    body: Body.none(),
    client: { address: "192.0.2.1" },
    httpVersion: "1.1",
    signal: undefined,
  });
}

describe("a WebSocket handshake", () => {
  it("presents the certificate that a policy says, and sends its token", async () => {
    const tunnel = await handshake(
      '<authentication-certificate certificate-id="main" /><authentication-managed-identity resource="r" />',
    );
    expect(tunnel).toMatchObject({
      target: { host: "chat.upstream" },
      tls: { validateChain: true, validateName: true, clientCertificate: { cert: "CERT", key: "KEY" } },
    });
    expect((tunnel as Tunnel).headers).toContain("Bearer token for r");
    expect(await handshake("")).toMatchObject({ tls: undefined });
  });

  it("does not go past a proxy", async () => {
    const handled = await handshake('<proxy url="http://proxy.test:3128" />');
    expect(handled).toMatchObject({ response: { status: 500 } });
  });
});

describe("a trace", () => {
  const policies =
    '<authentication-managed-identity resource="r" output-token-variable-name="t" /><set-variable name="other" value="seen" />';

  it.each([
    [false, ["***", "seen"]],
    [true, ["token for r", "seen"]],
  ])("shows tokens in variables only on a developer's own machine (%s)", async (showCredentials, shown) => {
    const x = testExchange();
    const trace = new RequestTrace(showCredentials);
    const done = trace.enter(x, { policy: "all", at: "f:1:1", scope: "api" } as never);
    await loadXml(policies)(x);
    done();
    const texts = trace.steps[0]?.changes.map(({ after }) =>
      after?.replace("(System.String) ", "").replace("(string) ", ""),
    );
    expect(texts).toEqual(shown);
  });
});
