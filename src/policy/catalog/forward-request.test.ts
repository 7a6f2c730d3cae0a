import { describe, expect, it } from "vitest";
import { Body, type BodySource, BodyTooLargeError } from "../exchange/body.ts";
import { BackendError, PolicyError } from "../exchange/errors.ts";
import { Exchange } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import type { BackendChoice, OutgoingRequest } from "../exchange/services.ts";
import { formatUrl, parseUrl, type UrlParts } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

type Answer = Parameters<typeof testServices>[0];

const base = parseUrl("http://backend.upstream/api") as UrlParts;

function setUp(init: Parameters<typeof testExchange>[0] = {}, answer?: Answer) {
  const services = testServices(answer);
  const x = testExchange({ ...init, services });
  x.section = "backend";
  x.backend = { kind: "url", base };
  return { x, services, sent: services.sent };
}

function stream(text: string): BodySource {
  return {
    start(sink) {
      sink.write(Buffer.from(text));
      sink.end();
    },
    resume() {},
    cancel() {},
  };
}

/** What a request carries, read to the end. */
async function content(request: OutgoingRequest | undefined): Promise<string> {
  await request?.body.buffer(1000);
  return Buffer.from(request?.body.buffered ?? []).toString();
}

describe("forward-request", () => {
  it("sends method, URL and headers, and takes the response", async () => {
    const answer = new ResponseMessage(201, "Made", new HeaderList(["X-B", "1"]), Body.text("b"));
    const { x, sent } = setUp(
      { method: "DELETE", url: "http://gateway.test/orders/1?q=%41", headers: { "X-A": "1" } },
      () => answer,
    );
    await runXml("<forward-request />", x);
    expect(x.response).toBe(answer);
    const [request] = sent;
    expect(request && formatUrl(request.url)).toBe("http://backend.upstream/api/orders/1?q=%41");
    expect(request).toMatchObject({
      method: "DELETE",
      headers: ["X-A", "1"],
      timeoutMs: 300_000,
      continueTimeoutMs: undefined,
      httpVersion: "1",
      followRedirects: false,
      tls: undefined,
      proxy: undefined,
    });
    expect(request?.body.absent).toBe(true);
    expect(x.facts).toMatchObject({ attempts: 1, backendTarget: "http://backend.upstream" });
    expect(x.request.urlText).toBe("http://backend.upstream/api/orders/1?q=%41");
  });

  it("evaluates its options", async () => {
    const { x, sent } = setUp();
    x.variables.set("n", 7);
    await runXml(
      `<forward-request timeout='@((int)context.Variables["n"])' continue-timeout="2" http-version="2or1" follow-redirects="@(1 == 1)" buffer-response="false" />`,
      x,
    );
    await runXml('<forward-request timeout-ms="1500" http-version="2" />', x);
    await runXml('<forward-request timeout="0" />', x);
    expect(sent[0]).toMatchObject({
      timeoutMs: 7000,
      continueTimeoutMs: 2000,
      httpVersion: "2or1",
      followRedirects: true,
    });
    expect(sent[1]).toMatchObject({ timeoutMs: 1500, httpVersion: "2" });
    expect(sent[2]?.timeoutMs).toBe(2_147_483_647);
  });

  it("leaves Host to the client, unless a policy set it", async () => {
    const { x, sent } = setUp();
    await runXml("<forward-request />", x);
    x.request.headers.set("Host", "inner.example");
    await runXml("<forward-request />", x);
    expect(sent.map((request) => request.headers)).toEqual([[], ["Host", "inner.example"]]);
  });

  it("sends no hop-by-hop fields and receives none", async () => {
    const headers = { Connection: "X-Secret", "X-Secret": "1", TE: "trailers", "Content-Length": "9", "X-A": "1" };
    const answer = new ResponseMessage(200, "", new HeaderList(["Connection", "close", "X-B", "1", "Upgrade", "h2c"]));
    const { x, sent } = setUp({ headers }, () => answer);
    await runXml("<forward-request />", x);
    expect(sent[0]?.headers).toEqual(["X-A", "1"]);
    expect(x.response?.headers.raw).toEqual(["X-B", "1"]);
    // The request keeps them: it may be forwarded again.
    expect(x.request.headers.has("te")).toBe(true);
  });

  describe("and the request's body", () => {
    it("passes a stream on with its announced length", async () => {
      const { x, sent } = setUp({ method: "POST", body: Body.stream(stream("hello"), 5) });
      await runXml("<forward-request />", x);
      expect(sent[0]?.body.announced).toBe(5);
      expect(await content(sent[0])).toBe("hello");
    });

    it("cannot send a stream twice", async () => {
      const { x, sent } = setUp({ method: "POST", body: Body.stream(stream("hello")) });
      await runXml("<forward-request />", x);
      await expect(runXml("<forward-request />", x)).rejects.toThrow('buffer-request-body="true"');
      expect(sent).toHaveLength(1);
    });

    it("sends a buffered body as often as asked", async () => {
      const { x, sent } = setUp({ method: "POST", body: Body.stream(stream("hello")) });
      await runXml('<forward-request buffer-request-body="true" />', x);
      await runXml('<forward-request buffer-request-body="true" />', x);
      expect(await content(sent[0])).toBe("hello");
      expect(await content(sent[1])).toBe("hello");
    });

    it("keeps a body's Content-Encoding when it only buffers", async () => {
      const headers = { "Content-Encoding": "gzip" };
      const { x, sent } = setUp({ method: "POST", headers, body: Body.stream(stream("not gzip")) });
      await runXml('<forward-request buffer-request-body="true" />', x);
      expect(sent[0]?.headers).toEqual(["Content-Encoding", "gzip"]);
      expect(await content(sent[0])).toBe("not gzip");
    });

    it("sends a body that a policy set, and an empty one where an expression consumed it", async () => {
      const { x, sent } = setUp({ method: "POST", body: Body.text("abc") });
      await runXml("<forward-request />", x);
      x.request.body.consumed = true;
      await runXml("<forward-request />", x);
      expect(await content(sent[0])).toBe("abc");
      expect(sent[1]?.body.absent).toBe(false);
      expect(sent[1]?.body.length).toBe(0);
    });

    it("does not buffer beyond the limit", async () => {
      const { x, services, sent } = setUp({ method: "POST", body: Body.stream(stream("hello")) });
      services.limits.bodyBytes = 3;
      await expect(runXml('<forward-request buffer-request-body="true" />', x)).rejects.toBeInstanceOf(
        BodyTooLargeError,
      );
      expect(sent).toHaveLength(0);
    });
  });

  describe("without an answer", () => {
    it.each([
      ["connection", "BackendConnectionFailure", 500],
      ["protocol", "BackendConnectionFailure", 500],
      ["timeout", "Timeout", 500],
      ["aborted", "ClientConnectionFailure", 499],
    ] as const)("%s: %s", async (kind, reason, status) => {
      const { x } = setUp({}, () => {
        throw new BackendError(kind, "why");
      });
      const failure = await runXml("<forward-request />", x).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(PolicyError);
      expect(failure).toMatchObject({ reason, status, message: "why", publicMessage: "Internal server error" });
      expect(x.response).toBeNull();
      expect(x.facts.attempts).toBe(1);
    });

    it("has no response, also after an earlier one", async () => {
      const { x } = setUp({}, () => {
        throw new BackendError("connection", "refused");
      });
      let cancelled = false;
      x.response = new ResponseMessage(
        503,
        "",
        undefined,
        Body.stream({ ...stream("x"), cancel: () => void (cancelled = true) }),
      );
      await expect(runXml("<forward-request />", x)).rejects.toThrow("refused");
      expect(x.response).toBeNull();
      expect(cancelled).toBe(true);
    });

    it("blames the client when the client has gone", async () => {
      const services = testServices(() => {
        throw new BackendError("connection", "socket closed");
      });
      const plain = testExchange({ services });
      const x = new Exchange({
        services,
        id: plain.id,
        startedAt: 0,
        client: plain.client,
        originalUrl: plain.originalUrl,
        request: plain.request,
        aborts: { signal: AbortSignal.abort() },
      });
      x.section = "backend";
      x.backend = { kind: "url", base };
      await expect(runXml("<forward-request />", x)).rejects.toMatchObject({ reason: "ClientConnectionFailure" });
    });

    it("needs a backend", async () => {
      const { x, sent } = setUp();
      x.backend = { kind: "none" };
      await expect(runXml("<forward-request />", x)).rejects.toMatchObject({ reason: "BackendConnectionFailure" });
      expect(sent).toHaveLength(0);
    });
  });

  describe("to a backend entity", () => {
    function entity(answer?: Answer) {
      const reports: unknown[] = [];
      const choice: BackendChoice = {
        id: "member-2",
        base: parseUrl("https://member.upstream:8443/m") as UrlParts,
        tls: { validateChain: false, validateName: true },
        proxy: { url: parseUrl("http://proxy:3128") as UrlParts },
        authorize(request) {
          request.headers.push("X-Key", "k");
          return Promise.resolve();
        },
        report: (outcome) => void reports.push(outcome),
      };
      const { x, services, sent } = setUp({}, answer);
      services.backends.choose = () => choice;
      x.backend = { kind: "entity", id: "pool" };
      return { x, services, sent, reports };
    }

    it("uses its URL, TLS, proxy and credentials, and says which it was", async () => {
      const { x, sent, reports } = entity((request) => {
        request.target = "192.0.2.9:8443";
        return new ResponseMessage(200);
      });
      await runXml("<forward-request />", x);
      expect(sent[0]).toMatchObject({
        headers: ["X-Key", "k"],
        tls: { validateChain: false, validateName: true },
        proxy: { url: { host: "proxy" } },
      });
      expect(x.request.urlText).toBe("https://member.upstream:8443/m/orders/1");
      expect(x.request.headers.has("x-key")).toBe(false);
      expect(x.facts).toMatchObject({ backendId: "member-2", backendTarget: "192.0.2.9:8443" });
      expect(reports).toEqual([{ status: 200, retryAfterMs: undefined }]);
    });

    it("presents the certificate and takes the proxy that policies chose", async () => {
      const { x, sent } = entity();
      x.backendCertificate = { cert: "c", key: "k" };
      x.proxy = { url: parseUrl("http://other:8080") as UrlParts };
      await runXml("<forward-request />", x);
      expect(sent[0]).toMatchObject({
        tls: { validateChain: false, validateName: true, clientCertificate: { cert: "c", key: "k" } },
        proxy: { url: { host: "other" } },
      });
    });

    it("reports Retry-After to the breaker", async () => {
      const { x, reports } = entity(() => new ResponseMessage(429, "", new HeaderList(["Retry-After", "7"])));
      await runXml("<forward-request />", x);
      expect(reports).toEqual([{ status: 429, retryAfterMs: 7000 }]);
    });

    it("reports failures to the breaker", async () => {
      const { x, reports } = entity(() => {
        throw new BackendError("timeout", "late");
      });
      await expect(runXml("<forward-request />", x)).rejects.toThrow("late");
      expect(reports).toEqual([{ reason: "Timeout" }]);
    });

    it("passes on that no member is available, and can be tried again with the same body", async () => {
      const { x, services, sent } = entity();
      const { choose } = services.backends;
      services.backends.choose = () => {
        throw new PolicyError("BackendUnavailable", 503, "open");
      };
      x.request.body = Body.stream(stream("hello"));
      await expect(runXml("<forward-request />", x)).rejects.toMatchObject({ status: 503 });
      expect(sent).toHaveLength(0);
      services.backends.choose = choose;
      await runXml("<forward-request />", x);
      expect(await content(sent[0])).toBe("hello");
    });
  });

  describe("and error statuses", () => {
    it.each([200, 404, 500])("takes %s as a response", async (status) => {
      const { x } = setUp({}, () => new ResponseMessage(status));
      await runXml("<forward-request />", x);
      expect(x.response?.status).toBe(status);
    });

    it.each([
      [399, false],
      [400, true],
      [599, true],
      [600, false],
    ])("fails on %s if asked: %s", async (status, fails) => {
      const { x } = setUp({}, () => new ResponseMessage(status));
      const run = runXml('<forward-request fail-on-error-status-code="true" />', x);
      if (fails) await expect(run).rejects.toMatchObject({ status });
      else await run;
      // A retry around it reads the status.
      expect(x.response?.status).toBe(status);
    });
  });

  it.each([
    ['<forward-request timeout="1" timeout-ms="1" />', "invalid-policy"],
    ['<forward-request timeout="-1" />', "invalid-value"],
    ['<forward-request http-version="1.1" />', "invalid-value"],
    ['<forward-request buffer-response="@(true)" />', "expression-not-allowed"],
    ['<forward-request fail-on-error-status-code="@(true)" />', "expression-not-allowed"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml, "backend").diagnostics.map((d) => d.code)).toEqual([code]);
  });

  it("belongs in backend", () => {
    expect(compileXml("<forward-request />", "outbound").diagnostics.map((d) => d.code)).toEqual([
      "policy-not-allowed-in-section",
    ]);
  });
});
