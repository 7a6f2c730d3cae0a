import { describe, expect, it } from "vitest";
import type { BackendPart, PlanBreaker } from "../../plan/plan.ts";
import { Body } from "../../policy/exchange/body.ts";
import { PolicyError } from "../../policy/exchange/errors.ts";
import { type IdentityTokens, TokenUnavailableError } from "../../policy/exchange/identity.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { parseUrl, type UrlParts } from "../../policy/exchange/url.ts";
import { ManualClock, testServices } from "../../policy/testing/exchange.ts";
import { PlanBackends } from "./backends.ts";

const BREAKER: PlanBreaker = {
  count: 2,
  percentage: null,
  intervalMs: 10_000,
  statusCodeRanges: [{ min: 500, max: 599 }],
  errorReasons: ["Timeout"],
  tripDurationMs: 5000,
  acceptRetryAfter: false,
};

function single(id: string, more: Partial<BackendPart> = {}): { hash: string; part: BackendPart } {
  const part: BackendPart = {
    kind: "backend",
    id,
    type: "Single",
    url: parseUrl(`http://${id}.test/base`) as UrlParts,
    members: [],
    breaker: null,
    headers: [],
    query: [],
    authorization: null,
    certificates: [],
    tls: { validateChain: true, validateName: true },
    proxy: null,
    ...more,
  };
  return { hash: `${id}-${JSON.stringify(more)}`, part };
}
function pool(
  id: string,
  members: [id: string, priority: number, weight: number][],
): { hash: string; part: BackendPart } {
  return single(id, {
    type: "Pool",
    url: null,
    members: members.map(([member, priority, weight]) => ({ id: member, priority, weight })),
  });
}
function backends(
  list: { hash: string; part: BackendPart }[],
  more: { clock?: ManualClock; previous?: PlanBackends; identityTokens?: IdentityTokens } = {},
) {
  return new PlanBackends({
    backends: list,
    clock: more.clock ?? new ManualClock(0),
    secret: (name) => {
      if (name === "missing") throw new Error("not given");
      return `<${name}>`;
    },
    certificate: (id) => (id === "known" ? { cert: "CERT", key: "KEY" } : undefined),
    identityTokens: more.identityTokens ?? testServices().identityTokens,
    previous: more.previous,
  });
}
function refusal(call: () => unknown): PolicyError {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return error as PolicyError;
  }
  throw new Error("it was not refused");
}
function outgoing(headers: string[], query = ""): OutgoingRequest {
  return {
    url: { ...(parseUrl("http://a.test/x") as UrlParts), query },
    method: "GET",
    headers,
    body: Body.none(),
    timeoutMs: 1000,
    httpVersion: "1",
    followRedirects: false,
    signal: undefined,
  };
}

describe("single backends", () => {
  it("give base, type and TLS", () => {
    const made = backends([single("a", { tls: { validateChain: false, validateName: true } }), pool("p", [])]);
    expect(made.choose("a")).toMatchObject({
      id: "a",
      base: { host: "a.test", path: "/base" },
      tls: { validateChain: false, validateName: true },
    });
    expect([made.base("a")?.host, made.base("p"), made.base("x")]).toEqual(["a.test", undefined, undefined]);
    expect([made.type("a"), made.type("p"), made.type("x")]).toEqual(["Single", "Pool", undefined]);
  });

  it("that are unknown, or lack a URL or key, are a 500 that tells the caller nothing", () => {
    const made = backends([single("no-url", { url: null }), single("no-key", { certificates: ["unknown"] })]);
    for (const id of ["unknown", "no-url", "no-key"]) {
      expect(refusal(() => made.choose(id))).toMatchObject({ status: 500, publicMessage: "Internal server error" });
    }
  });

  it("show their client certificate and go through their proxy, secrets resolved", () => {
    const proxy = {
      url: parseUrl("http://proxy.test:3128") as UrlParts,
      username: "u",
      password: { template: ["p-", { secret: "s" }] },
    };
    const { tls, proxy: resolved } = backends([single("a", { certificates: ["known"], proxy })]).choose("a");
    expect(tls?.clientCertificate).toEqual({ cert: "CERT", key: "KEY" });
    expect(resolved).toEqual({ url: proxy.url, username: "u", password: "p-<s>" });
  });

  it("add credentials in place of what the client sent under the same name", () => {
    const choice = backends([
      single("a", {
        headers: [
          ["X-Key", { template: [{ secret: "k" }] }],
          ["X-Key", "second"],
        ],
        query: [["code", { template: ["a b&", { secret: "q" }] }]],
        authorization: { scheme: "Bearer", parameter: { template: [{ secret: "t" }] } },
      }),
    ]).choose("a");
    const request = outgoing(
      ["x-key", "client", "authorization", "Basic x", "X-Other", "1"],
      "?a=1&CODE=evil&c%6fde=evil&b",
    );
    void choice.authorize(request);
    expect(request.headers).toEqual(["X-Other", "1", "X-Key", "<k>", "X-Key", "second", "Authorization", "Bearer <t>"]);
    expect(request.url.query).toBe("?a=1&b&code=a%20b%26%3Cq%3E");
    const bare = outgoing([]);
    void choice.authorize(bare);
    expect(bare.url.query).toBe("?code=a%20b%26%3Cq%3E");
  });
});

describe("circuit breakers", () => {
  it("trip at a number of failures within the interval, and close after the time", () => {
    const clock = new ManualClock(0);
    const made = backends([single("a", { breaker: BREAKER })], { clock });
    made.choose("a").report({ status: 503 });
    clock.time += 10_000;
    // The first failure is just past the interval.
    made.choose("a").report({ status: 500 });
    made.choose("a").report({ status: 200 });
    made.choose("a").report({ reason: "BackendConnectionFailure" });
    const choice = made.choose("a");
    choice.report({ reason: "Timeout" });
    expect(refusal(() => made.choose("a"))).toMatchObject({ status: 503, message: "Service Unavailable", headers: [] });
    // Calls that were under way do not prolong it.
    clock.time += 4999;
    choice.report({ status: 500 });
    refusal(() => made.choose("a"));
    clock.time += 1;
    made.choose("a").report({ status: 500 });
    expect(made.choose("a").id).toBe("a");
  });

  it("trip at a share of failures within the interval", () => {
    const clock = new ManualClock(0);
    const made = backends([single("a", { breaker: { ...BREAKER, count: null, percentage: 50 } })], { clock });
    const report = (...statuses: number[]) => {
      for (const status of statuses) made.choose("a").report({ status });
    };
    report(200, 200, 200, 500, 500);
    report(500);
    refusal(() => made.choose("a"));
    clock.time += 5000;
    // As if nothing had been.
    report(200, 200, 500);
    clock.time += 10_001;
    // The successes have aged out.
    report(500);
    refusal(() => made.choose("a"));
  });

  it("stay open as long as the backend asked, and say so", () => {
    const clock = new ManualClock(0);
    const made = backends([single("a", { breaker: { ...BREAKER, count: 1, acceptRetryAfter: true } })], { clock });
    made.choose("a").report({ status: 503, retryAfterMs: 20_000 });
    clock.time += 12_500;
    expect(refusal(() => made.choose("a")).headers).toEqual(["Retry-After", "8"]);
    clock.time += 7500;
    expect(made.choose("a").id).toBe("a");
  });

  it("take `Server errors` for lost connections and timeouts", () => {
    const made = backends([single("a", { breaker: { ...BREAKER, count: 1, errorReasons: ["Server errors"] } })]);
    made.choose("a").report({ reason: "ClientConnectionFailure" });
    made.choose("a").report({ reason: "BackendConnectionFailure" });
    refusal(() => made.choose("a"));
  });

  it("keep their state over a plan swap where the backend is unchanged", () => {
    const unchanged = single("a", { breaker: { ...BREAKER, count: 1 } });
    const before = backends([unchanged, single("b", { breaker: { ...BREAKER, count: 1 } })]);
    before.choose("a").report({ status: 500 });
    before.choose("b").report({ status: 500 });
    const after = backends([unchanged, single("b", { breaker: { ...BREAKER, count: 1, tripDurationMs: 9 } })], {
      previous: before,
    });
    refusal(() => after.choose("a"));
    expect(after.choose("b").id).toBe("b");
  });
});

describe("a managed identity", () => {
  const call = (headers: string[] = []) =>
    ({ headers, url: parseUrl("http://a.test/") as UrlParts }) as unknown as OutgoingRequest;
  const identified = (token: IdentityTokens["token"], clientId: string | null = null) =>
    backends([single("a", { identity: { resource: { template: ["https://", { secret: "r" }] }, clientId } })], {
      identityTokens: { token, tokenFrom: token },
    }).choose("a");

  it("is sent as bearer token, in place of what the client sent", () => {
    const request = call(["authorization", "Bearer client"]);
    expect(identified((resource, clientId) => `${resource} ${clientId}`, "c").authorize(request)).toBeUndefined();
    expect(request.headers).toEqual(["Authorization", "Bearer https://<r> c"]);
  });

  it("is waited for", async () => {
    const request = call();
    await identified(async () => "later").authorize(request);
    expect(request.headers).toEqual(["Authorization", "Bearer later"]);
  });

  it.each([
    [
      "at once",
      (): string => {
        throw new TokenUnavailableError("No identity.");
      },
    ],
    ["later", () => Promise.reject(new TokenUnavailableError("No identity."))],
  ])("that cannot be had (%s) fails the request, not only the token", async (_when, token) => {
    const request = call(["authorization", "Bearer client"]);
    const authorize = async () => identified(token).authorize(request);
    await expect(authorize()).rejects.toMatchObject({
      status: 500,
      publicMessage: "Internal server error",
      message: expect.stringContaining("No identity."),
    });
  });
});

describe("pools", () => {
  const chosen = (made: PlanBackends, times: number) =>
    Array.from({ length: times }, () => made.choose("p").id).join("");

  it("spread calls by weight, evenly", () => {
    const list = [
      single("a"),
      single("b"),
      single("c"),
      pool("p", [
        ["a", 1, 2],
        ["b", 1, 1],
        ["c", 1, 1],
      ]),
    ];
    const made = backends(list);
    expect(chosen(made, 8)).toBe("abcaabca");
  });

  it("take members without weight only where there is nobody else", () => {
    const breaker = { ...BREAKER, count: 1 };
    const made = backends([
      single("a", { breaker }),
      single("b"),
      pool("p", [
        ["a", 1, 1],
        ["b", 1, 0],
      ]),
    ]);
    expect(chosen(made, 3)).toBe("aaa");
    made.choose("a").report({ status: 500 });
    expect(chosen(made, 2)).toBe("bb");
  });

  it("go to the next priority while all of a higher one are open, and back", () => {
    const clock = new ManualClock(0);
    const breaker = { ...BREAKER, count: 1 };
    const list = [
      single("a", { breaker }),
      single("b", { breaker }),
      single("c", { breaker }),
      pool("p", [
        ["c", 2, 1],
        ["a", 1, 1],
        ["b", 1, 1],
      ]),
    ];
    const made = backends(list, { clock });
    expect(chosen(made, 4)).toBe("abab");
    made.choose("a").report({ status: 500 });
    expect(chosen(made, 2)).toBe("bb");
    made.choose("b").report({ status: 500 });
    expect(chosen(made, 2)).toBe("cc");
    made.choose("c").report({ status: 500 });
    expect(refusal(() => made.choose("p"))).toMatchObject({ status: 503 });
    clock.time += 5000;
    expect(chosen(made, 2)).toMatch(/^(ab|ba)$/);
  });

  it("with members that do not exist, or none, are unavailable", () => {
    const made = backends([pool("p", [["ghost", 1, 1]]), pool("q", [])]);
    expect(refusal(() => made.choose("p")).status).toBe(503);
    expect(refusal(() => made.choose("q")).status).toBe(503);
  });
});
