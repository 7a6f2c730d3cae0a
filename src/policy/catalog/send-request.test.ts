import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Body, type BodySource } from "../exchange/body.ts";
import { BackendError } from "../exchange/errors.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { formatUrl } from "../exchange/url.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";

type Answer = Parameters<typeof testServices>[0];

function setUp(answer?: Answer, init: Parameters<typeof testExchange>[0] = {}) {
  const services = testServices(answer);
  return { x: testExchange({ ...init, services }), services, sent: services.sent };
}

const request = (attributes: string, inside: string) => `<send-request ${attributes}>${inside}</send-request>`;
const target = "<set-url>http://other.upstream/a?b=1</set-url><set-method>GET</set-method>";
const text = (body: Body | undefined) => Buffer.from(body?.buffered ?? []).toString();

function silent(): BodySource & { cancelled: boolean } {
  return {
    cancelled: false,
    start() {},
    resume() {},
    cancel() {
      this.cancelled = true;
    },
  };
}

describe("send-request", () => {
  it("calls what its children say and keeps the response", async () => {
    const answer = new ResponseMessage(202, "Ok", new HeaderList(["X-B", "1", "Connection", "close"]), Body.text("hi"));
    const { x, sent } = setUp(() => answer, { method: "POST", headers: { "X-Mine": "1" }, body: Body.text("mine") });
    x.variables.set("h", "other.upstream");
    await runXml(
      request(
        'mode="new" response-variable-name="r" timeout="5"',
        `<set-url>@("http://" + (string)context.Variables["h"] + "/a b?c=d")</set-url>
         <set-method>PUT</set-method>
         <set-header name="X-A" exists-action="override"><value>2</value></set-header>
         <set-body>@("x" + "y")</set-body>`,
      ),
      x,
    );
    expect(sent).toHaveLength(1);
    expect(sent[0] && formatUrl(sent[0].url)).toBe("http://other.upstream/a%20b?c=d");
    expect(sent[0]).toMatchObject({ method: "PUT", headers: ["X-A", "2"], timeoutMs: 5000, tls: undefined });
    expect(text(sent[0]?.body)).toBe("xy");
    const kept = x.variables.get("r") as ResponseMessage;
    expect(kept).toMatchObject({ status: 202, reason: "Ok" });
    expect(kept.headers.raw).toEqual(["X-B", "1"]);
    expect(text(kept.body)).toBe("hi");
    // The current request and response are as they were.
    expect(text(x.request.body)).toBe("mine");
    expect(x.response).toBeNull();
  });

  it("waits a minute by default", async () => {
    const { x, sent } = setUp();
    await runXml(request("", target) + request('timeout-ms="250"', target), x);
    expect(sent.map((one) => one.timeoutMs)).toEqual([60_000, 250]);
  });

  it("keeps its response where expressions can read it, decoded", async () => {
    const { x } = setUp(
      () => new ResponseMessage(200, "", new HeaderList(["Content-Encoding", "gzip"]), Body.of(gzipSync("plain"))),
    );
    await runXml(
      `${request('response-variable-name="r"', target)}<set-variable name="t" value='@(((IResponse)context.Variables["r"]).Body.As<string>(true))' />`,
      x,
    );
    expect(text((x.variables.get("r") as ResponseMessage).body)).toBe("plain");
  });

  it("takes the variable's name from an expression, and needs none", async () => {
    const { x } = setUp();
    await runXml(request(`response-variable-name='@("r" + "1")'`, target), x);
    expect([...x.variables.keys()]).toEqual(["r1"]);
    const source = silent();
    const none = setUp(() => new ResponseMessage(200, "", undefined, Body.stream(source)));
    await runXml(request("", target), none.x);
    expect(none.x.variables.size).toBe(0);
    expect(source.cancelled).toBe(true);
  });

  it.each([404, 500])("counts status %s as an answer", async (status) => {
    const { x } = setUp(() => new ResponseMessage(status));
    await runXml(request('response-variable-name="r"', target), x);
    expect(x.variables.get("r")).toMatchObject({ status });
  });

  it("can count error statuses as failures", async () => {
    const xml = (more: string) =>
      request(`response-variable-name="r" fail-on-error-status-code="true" ${more}`, target);
    const { x } = setUp(() => new ResponseMessage(404));
    await expect(runXml(xml(""), x)).rejects.toMatchObject({ reason: "BackendConnectionFailure" });
    await runXml(xml('ignore-error="true"'), x);
    expect(x.variables.get("r")).toBeNull();
  });

  describe("without an answer", () => {
    const failing = (kind: BackendError["kind"]) => () => {
      throw new BackendError(kind, "why");
    };

    it.each([
      ["connection", "BackendConnectionFailure"],
      ["timeout", "Timeout"],
    ] as const)("fails: %s", async (kind, reason) => {
      const { x } = setUp(failing(kind));
      await expect(runXml(request('response-variable-name="r"', target), x)).rejects.toMatchObject({
        reason,
        status: 500,
      });
      expect(x.variables.has("r")).toBe(false);
    });

    it("leaves null where errors are ignored", async () => {
      const { x } = setUp(failing("timeout"));
      x.variables.set("r", "old");
      await runXml(`${request('response-variable-name="r" ignore-error="true"', target)}<set-status code="204" />`, x);
      expect(x.variables.get("r")).toBeNull();
      expect(x.response?.status).toBe(204);
    });

    it("does not ignore errors of its own making", async () => {
      const { x, sent } = setUp();
      const bad = '<set-url>@("not a url")</set-url><set-method>GET</set-method>';
      await expect(runXml(request('ignore-error="true"', bad), x)).rejects.toThrow("not an absolute");
      expect(sent).toHaveLength(0);
    });

    it("gives up on a body that does not end, and on one that is too large", async () => {
      const source = silent();
      const { x, services } = setUp(() => new ResponseMessage(200, "", undefined, Body.stream(source)));
      await expect(runXml(request('response-variable-name="r" timeout-ms="20"', target), x)).rejects.toMatchObject({
        reason: "Timeout",
      });
      expect(source.cancelled).toBe(true);
      services.limits.bodyBytes = 3;
      const large = setUp(() => new ResponseMessage(200, "", undefined, Body.stream(silent(), 4)));
      large.services.limits.bodyBytes = 3;
      await runXml(request('response-variable-name="r" ignore-error="true"', target), large.x);
      expect(large.x.variables.get("r")).toBeNull();
    });

    it("says so when the body breaks off", async () => {
      const source = { ...silent(), start: (sink: { fail(error: Error): void }) => sink.fail(new Error("reset")) };
      const { x } = setUp(() => new ResponseMessage(200, "", undefined, Body.stream(source)));
      await expect(runXml(request('response-variable-name="r"', target), x)).rejects.toMatchObject({
        reason: "BackendConnectionFailure",
        message: "The response broke off: reset",
      });
    });
  });

  describe("in mode copy", () => {
    const init = { method: "POST", url: "http://gateway.test/o?x=1", headers: { "X-A": "1", TE: "trailers" } };

    it("starts from the current request", async () => {
      const source: BodySource = {
        start(sink) {
          sink.write(Buffer.from("mine"));
          sink.end();
        },
        resume() {},
        cancel() {},
      };
      const { x, sent } = setUp(undefined, { ...init, body: Body.stream(source) });
      await runXml(request('mode="copy" response-variable-name="r"', ""), x);
      expect(sent[0] && formatUrl(sent[0].url)).toBe("http://backend.upstream/o?x=1");
      expect(sent[0]).toMatchObject({ method: "POST", headers: ["X-A", "1"] });
      expect(text(sent[0]?.body)).toBe("mine");
      // The request can still be forwarded with its body.
      expect(text(x.request.body)).toBe("mine");
    });

    it("lets its children change the copy", async () => {
      const { x, sent } = setUp(undefined, { ...init, body: Body.text("mine") });
      await runXml(
        request(
          `mode='@("co" + "py")'`,
          `<set-url>http://other.upstream/</set-url><set-method>GET</set-method>
           <set-header name="X-A" exists-action="delete" /><set-body>yours</set-body>`,
        ),
        x,
      );
      expect(sent[0]).toMatchObject({ method: "GET", headers: [] });
      expect(text(sent[0]?.body)).toBe("yours");
      expect(x.request.headers.get("x-a")).toBe("1");
      expect(x.request.method).toBe("POST");
    });

    it("does not copy the body in outbound", async () => {
      const { x, sent } = setUp(undefined, { ...init, body: Body.text("mine") });
      x.section = "outbound";
      await runXml(request('mode="copy"', ""), x);
      expect(sent[0]?.body.absent).toBe(true);
    });
  });

  it.each([
    [request("", ""), "invalid-policy invalid-policy"],
    [request("", "<set-url>http://a/</set-url>"), "invalid-policy"],
    [request('mode="copy"', ""), ""],
    [request('mode="clone"', target), "invalid-value"],
    [request('timeout="1" timeout-ms="1"', target), "invalid-policy"],
    [request('ignore-error="@(true)"', target), "expression-not-allowed"],
    [request("", "<set-method>GET</set-method><set-url>http://a/</set-url>"), "element-order"],
    [request("", "<set-url /><set-method>GET</set-method>"), "missing-text"],
    [request("", `${target}<set-status code="200" />`), "unexpected-element"],
  ])("%s: %s", (xml, codes) => {
    expect(
      compileXml(xml)
        .diagnostics.map((d) => d.code)
        .join(" "),
    ).toBe(codes);
  });
});
