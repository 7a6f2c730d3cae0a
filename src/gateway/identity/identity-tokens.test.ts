import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Body } from "../../policy/exchange/body.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { formatUrl } from "../../policy/exchange/url.ts";
import { testServices } from "../../policy/testing/exchange.ts";
import { GatewayIdentities, type IdentitySettings } from "./identity-tokens.ts";

const ENTRA = "https://login.microsoftonline.com";
const SECOND = 1000;

type Answer = { status?: number; json?: unknown; text?: string; announced?: number } | Error;

function setup(settings: IdentitySettings, answers: Answer[] = []) {
  const services = testServices(async () => {
    const answer = answers.shift() ?? { json: { access_token: `token${services.sent.length}`, expires_in: 3600 } };
    if (answer instanceof Error) throw answer;
    if (answer.announced !== undefined) return new ResponseMessage(200, "", undefined, endless(answer.announced));
    const text = answer.text ?? JSON.stringify(answer.json ?? {});
    return new ResponseMessage(answer.status ?? 200, "", undefined, Body.text(text));
  });
  const identities = new GatewayIdentities(services.http, services.clock, settings, ENTRA);
  return { identities, services, sent: services.sent, clock: services.clock };
}

/** A body that says how long it is, and never comes. */
function endless(announced: number): Body {
  return Body.stream({ start() {}, resume() {}, cancel() {} }, announced);
}

const shown = ({ method, url, headers, body }: OutgoingRequest) => ({
  call: `${method} ${formatUrl(url)}`,
  headers: headers.filter((_, i) => i < headers.indexOf("accept")),
  form: body.buffered && Object.fromEntries(new URLSearchParams(Buffer.from(body.buffered).toString())),
});

const IMDS: IdentitySettings = { default: { source: "imds" } };

describe("what is asked", () => {
  it("of an Azure machine", async () => {
    const { identities, sent } = setup(IMDS);
    expect(await identities.token("https://storage.azure.com/", "c")).toBe("token1");
    expect(sent.map(shown)).toEqual([
      {
        call: "GET http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=c",
        headers: ["Metadata", "true"],
        form: undefined,
      },
    ]);
    expect(sent[0]).toMatchObject({ followRedirects: false });
  });

  it("of App Service", async () => {
    const { identities, sent } = setup({
      default: { source: "app-service", endpoint: "http://127.0.0.1:41/MSI/token/?x=y", header: "h" },
    });
    await identities.token("r");
    expect(sent.map(shown)).toEqual([
      {
        call: "GET http://127.0.0.1:41/MSI/token/?x=y&api-version=2019-08-01&resource=r",
        headers: ["X-IDENTITY-HEADER", "h"],
        form: undefined,
      },
    ]);
  });

  it("for a service principal", async () => {
    const principal = { source: "service-principal", tenantId: "t", clientId: "c", clientSecret: "s&" } as const;
    const { identities, sent } = setup({ default: principal });
    await identities.token("https://storage.azure.com/");
    await identities.token("api://x", "C");
    expect(sent.map(shown)).toEqual(
      ["https://storage.azure.com//.default", "api://x/.default"].map((scope) => ({
        call: `POST ${ENTRA}/t/oauth2/v2.0/token`,
        headers: [],
        form: { grant_type: "client_credentials", client_id: "c", client_secret: "s&", scope },
      })),
    );
    const elsewhere = setup({ default: { ...principal, authority: "https://login.microsoftonline.us/" } });
    await elsewhere.identities.token("r");
    expect(elsewhere.sent.map(shown)[0]?.call).toBe("POST https://login.microsoftonline.us/t/oauth2/v2.0/token");
  });

  it("for a workload, by the token that its file holds at the time", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-identity-"));
    const tokenFile = join(folder, "token");
    const { identities, sent } = setup({ default: { source: "workload", tenantId: "t", clientId: "c", tokenFile } });
    await expect((async () => identities.token("r"))()).rejects.toThrow("The file with the service account's token");
    for (const text of ["first\n", "second"]) {
      writeFileSync(tokenFile, text);
      await identities.token(`r-${text.trim()}`);
    }
    rmSync(folder, { recursive: true });
    expect(sent.map(shown).map(({ form }) => form?.client_assertion)).toEqual(["first", "second"]);
    expect(shown(sent[0] as OutgoingRequest).form).toMatchObject({
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      scope: "r-first/.default",
    });
  });

  it("of any token endpoint", async () => {
    const source = "token-endpoint";
    const url = "https://idp.test/token";
    const parameters = { audience: "{resource}", note: "{client-id} of {resource} {else}" };
    const { identities, sent } = setup({
      default: { source, url, clientId: "id", clientSecret: "s", parameters },
      clients: { "*": { source, url } },
    });
    await identities.token("r");
    await identities.token("r", "c");
    expect(sent.map(shown).map(({ form }) => form)).toEqual([
      { grant_type: "client_credentials", client_id: "id", client_secret: "s", audience: "r", note: " of r {else}" },
      { grant_type: "client_credentials", resource: "r" },
    ]);
  });

  it("of a token service that a policy names: as of a machine, without what the gateway knows", async () => {
    const { identities, sent } = setup({
      default: { source: "service-principal", tenantId: "t", clientId: "c", clientSecret: "secret" },
    });
    expect(await identities.tokenFrom("http://tokens.test/x?y=z", "r")).toBe("token1");
    expect(sent.map(shown)).toEqual([
      {
        call: "GET http://tokens.test/x?y=z&api-version=2018-02-01&resource=r",
        headers: ["Metadata", "true"],
        form: undefined,
      },
    ]);
  });
});

describe("which identity", () => {
  const principal = (clientId: string) => ({
    source: "service-principal" as const,
    tenantId: "t",
    clientId,
    clientSecret: `secret of ${clientId}`,
  });
  const asked = async (settings: IdentitySettings, clientId?: string) => {
    const { identities, sent } = setup(settings);
    await identities.token("r", clientId);
    return shown(sent[0] as OutgoingRequest).form?.client_id;
  };

  it("is the gateway's own, or the one that is named", async () => {
    const settings = { default: principal("own"), clients: { Other: principal("other") } };
    expect(await asked(settings)).toBe("own");
    expect(await asked(settings, "OWN")).toBe("own");
    expect(await asked(settings, "other")).toBe("other");
    expect(await asked({ ...settings, clients: { "*": principal("any") } }, "whichever")).toBe("any");
  });

  it("is never another than the one that is named", () => {
    const { identities, sent } = setup({ default: principal("own") });
    expect(() => identities.token("r", "other")).toThrow('This gateway has no identity with the client id "other".');
    expect(() => setup({}).identities.token("r")).toThrow("This gateway was given no identity of its own");
    expect(sent).toEqual([]);
  });
});

describe("a token", () => {
  it("is fetched once for all that wait, and kept for its resource", async () => {
    const { identities, sent } = setup(IMDS);
    const tokens = await Promise.all([identities.token("a"), identities.token("a"), identities.token("b")]);
    expect(tokens).toEqual(["token1", "token1", "token2"]);
    expect(identities.token("a")).toBe("token1");
    await identities.token("a", "c");
    await identities.tokenFrom("http://x.test", "a");
    expect(sent).toHaveLength(4);
  });

  it("is renewed in the background before it expires, and not given out any more just before", async () => {
    const { identities, sent, clock } = setup(IMDS);
    await identities.token("a");
    clock.time += 3300 * SECOND;
    expect(identities.token("a")).toBe("token1");
    await new Promise((resolve) => setImmediate(resolve));
    expect(identities.token("a")).toBe("token2");
    expect(sent).toHaveLength(2);
    clock.time += 3570 * SECOND;
    expect(await identities.token("a")).toBe("token3");
  });

  it("holds on while its renewal fails", async () => {
    const { identities, sent, clock } = setup(IMDS, [
      { json: { access_token: "first", expires_in: "3600" } },
      { status: 500 },
    ]);
    await identities.token("a");
    clock.time += 3400 * SECOND;
    for (let i = 0; i < 3; i++) {
      expect(identities.token("a")).toBe("first");
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toHaveLength(2);
    clock.time += 2 * SECOND;
    identities.token("a");
    await new Promise((resolve) => setImmediate(resolve));
    expect(identities.token("a")).toBe("token3");
  });

  it.each([
    [{ expires_in: 10 }, 8, true],
    [{ expires_in: 10 }, 9.5, false],
    [{ expires_in: "10", expires_on: "99999999999" }, 9.5, false],
    [{ expires_on: String(Math.floor(Date.UTC(2026, 0, 5, 9, 5, 7) / 1000) + 100) }, 80, true],
    [{ expires_on: 1 }, 0, false],
    [{}, 250, true],
    [{}, 300, false],
    [{ expires_in: 1e12 }, 23 * 3600, true],
    [{ expires_in: 1e12 }, 24 * 3600, false],
    [{ expires_in: "soon" }, 300, false],
    [{ expires_in: -1 }, 300, false],
  ])("with %j after %d seconds: kept %s", async (life, seconds, kept) => {
    const { identities, clock } = setup(IMDS, [{ json: { access_token: "first", ...life } }]);
    expect(await identities.token("a")).toBe("first");
    clock.time += seconds * SECOND;
    expect((await identities.token("a")) === "first").toBe(kept);
  });
});

describe("a failure", () => {
  const failure = async (answer: Answer) => {
    const { identities } = setup(
      { default: { source: "app-service", endpoint: "http://id.test/t?s=1", header: "TOP" } },
      [answer],
    );
    const token = async () => identities.token("r");
    return token().catch((error: Error) => `${error.name}: ${error.message}`);
  };

  it.each<[Answer, string]>([
    [new Error("refused TOP"), "gave no answer."],
    [{ status: 400, json: { error: "invalid_request", error_description: "TOP" } }, "answered 400 (invalid_request)."],
    [{ status: 401, text: "TOP <html>" }, "answered 401."],
    [{ status: 302, text: "" }, "answered 302."],
    [{ status: 400, json: { error: "TOP secret: <x>" } }, "answered 400."],
    [{ json: {} }, "gave no token."],
    [{ text: "TOP" }, "gave no token."],
    [{ json: { access_token: "a b" } }, "gave no token."],
    [{ json: { access_token: "a\r\nX-Evil: 1" } }, "gave no token."],
    [{ announced: 300_000 }, "gave no answer."],
  ])("%j", async (answer, message) => {
    const said = await failure(answer);
    expect(said).toBe(`TokenUnavailableError: The token endpoint http://id.test ${message}`);
  });

  it("is remembered for a moment, so that the endpoint is not flooded", async () => {
    const { identities, sent, clock } = setup(IMDS, [{ status: 500 }, { status: 500 }]);
    const attempt = async () => identities.token("a");
    for (let i = 0; i < 3; i++) await expect(attempt()).rejects.toThrow("answered 500");
    expect(sent).toHaveLength(1);
    clock.time += SECOND;
    await expect(attempt()).rejects.toThrow("answered 500");
    clock.time += SECOND;
    expect(await attempt()).toBe("token3");
  });

  it("of one resource is none of another", async () => {
    const { identities } = setup(IMDS, [{ status: 500 }]);
    await expect(identities.token("a")).rejects.toThrow();
    expect(await identities.token("b")).toBe("token2");
  });
});
