import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Body } from "../exchange/body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { bodyText, cachedApi, LOOKUP } from "../testing/cached-api.ts";
import { compileXml } from "../testing/run-policy.ts";

describe("cache-lookup with cache-store", () => {
  it("answers the second request from the cache, until the time is over", async () => {
    const { call, services } = cachedApi();
    const first = await call();
    expect([first.fromCache, first.facts.cache]).toEqual([false, "stored"]);
    services.clock.time += 59_999;
    const second = await call();
    expect([second.fromCache, second.facts.cache, bodyText(second)]).toEqual([true, "hit", "1"]);
    services.clock.time += 1;
    const third = await call();
    expect([third.fromCache, bodyText(third)]).toEqual([false, "2"]);
  });

  it("gives back status, reason and headers, without what belongs to one caller or connection", async () => {
    const { call } = cachedApi(LOOKUP, '<cache-store duration="60" cache-response="true" />');
    const headers = ["X-A", "1", "x-a", "2", "Set-Cookie", "session=1", "Content-Length", "4", "Connection", "close"];
    await call({}, new ResponseMessage(203, "Changed", new HeaderList(headers), Body.text("text")));
    const { response } = await call();
    expect(response).toMatchObject({ status: 203, reason: "Changed" });
    response?.headers.delete("cache-control");
    expect(response?.headers.raw).toEqual(["X-A", "1", "x-a", "2"]);
    expect(Buffer.from(response?.body.buffered ?? []).toString()).toBe("text");
  });

  it("lets no request change what the next one gets", async () => {
    const { call } = cachedApi();
    await call();
    const { response } = await call();
    response?.headers.set("X-Mine", "1");
    response?.setBody(Buffer.from("mine"));
    const again = await call();
    expect([bodyText(again), again.response?.headers.has("x-mine")]).toEqual(["1", false]);
  });

  it.each(["POST", "HEAD", "OPTIONS", "PUT"])("leaves %s alone", async (method) => {
    const { call, services } = cachedApi();
    const x = await call({ method, headers: { "If-None-Match": '"a"' } });
    expect(services.cache.entries.size).toBe(0);
    expect(x.request.headers.has("if-none-match")).toBe(true);
    expect(x.facts.cache).toBeUndefined();
    expect(x.response?.headers.has("cache-control")).toBe(false);
  });

  it("caches nothing for a request with Authorization, unless told to", async () => {
    const { call, services } = cachedApi();
    const headers = { Authorization: "Bearer x" };
    await call({ headers });
    expect(services.cache.entries.size).toBe(0);
    await call();
    expect((await call({ headers })).fromCache).toBe(false);
    const allowed = cachedApi(LOOKUP.replace(" />", ' allow-private-response-caching="true" />'));
    await allowed.call({ headers });
    expect((await allowed.call({ headers })).fromCache).toBe(true);
  });

  it.each(["no-cache", "max-age=0, No-Cache", "no-store"])("misses for a caller who sends %s", async (directive) => {
    const { answer } = cachedApi();
    expect(await answer()).toBe("1");
    expect(await answer({ headers: { "Cache-Control": directive } })).toBe("2");
    // The new answer takes the place of the old one, unless the caller forbade to keep it.
    expect(await answer()).toBe(directive === "no-store" ? "1" : "2");
  });

  it("sends the backend no condition of the caller's on a miss", async () => {
    const { begin } = cachedApi();
    const headers = { "Cache-Control": "no-cache", "If-None-Match": '"a"', "If-Modified-Since": "x", "X-A": "1" };
    const x = await begin({ headers });
    expect(x.request.headers.raw).toEqual(["X-A", "1"]);
    expect(x.facts.cache).toBe("miss");
  });

  it("answers 304 where the caller has the cached response already", async () => {
    const { call } = cachedApi();
    await call({}, new ResponseMessage(200, "", new HeaderList(["ETag", '"v1"']), Body.text("text")));
    const x = await call({ headers: { "If-None-Match": '"v1"' } });
    expect([x.response?.status, x.fromCache, bodyText(x)]).toEqual([304, true, ""]);
    expect((await call({ headers: { "If-None-Match": '"v2"' } })).response?.status).toBe(200);
  });

  it("gives a compressed body to those who can read it, and the plain one to others", async () => {
    const { call } = cachedApi();
    const headers = new HeaderList(["Content-Encoding", "gzip"]);
    await call({}, new ResponseMessage(200, "", headers, Body.of(gzipSync("plain"))));
    const able = await call({ headers: { "Accept-Encoding": "gzip" } });
    expect(able.response?.headers.get("content-encoding")).toBe("gzip");
    const plain = await call();
    expect([plain.response?.headers.get("content-encoding"), bodyText(plain)]).toEqual([undefined, "plain"]);
    // And the entry is what it was.
    const again = await call({ headers: { "Accept-Encoding": "gzip" } });
    expect(again.response?.headers.get("content-encoding")).toBe("gzip");
  });

  it("misses for those who cannot read the stored coding", async () => {
    const { call } = cachedApi();
    const headers = new HeaderList(["Content-Encoding", "zstd"]);
    await call({}, new ResponseMessage(200, "", headers, Body.text("?")));
    expect((await call()).fromCache).toBe(false);
  });
});

describe("the key", () => {
  it("tells APIs, paths and what was rewritten apart", async () => {
    const { answer } = cachedApi();
    expect(await answer()).toBe("1");
    expect(await answer({ url: "http://gateway.test/orders/2" })).toBe("2");
    expect(await answer({ api: "other" })).toBe("3");
    expect(await answer({ path: "/rewritten" })).toBe("4");
    expect(await answer()).toBe("1");
  });

  it("takes the listed query parameters, in any order of the query", async () => {
    const { answer } = cachedApi(
      `<cache-lookup vary-by-developer="false" vary-by-developer-groups="false">
        <vary-by-query-parameter>a; b</vary-by-query-parameter><vary-by-query-parameter>c</vary-by-query-parameter>
      </cache-lookup>`,
    );
    const get = (query: string) => answer({ url: `http://gateway.test/orders/1${query}` });
    expect(await get("?a=1&b=2")).toBe("1");
    expect(await get("?b=2&z=9&a=1")).toBe("1");
    expect(await get("?a=1&b=3")).toBe("2");
    expect(await get("?a=1&b=2&c=")).toBe("3");
    expect(await get("?a=1&a=2&b=2")).toBe("4");
  });

  it("takes every query parameter, in any order, where none are listed", async () => {
    const { answer } = cachedApi();
    const get = (query: string) => answer({ url: `http://gateway.test/orders/1${query}`, templateQuery: ["page"] });
    expect(await get("?page=1&x=1")).toBe("1");
    expect(await get("?x=1&page=1")).toBe("1");
    expect(await get("?page=1&x=2")).toBe("2");
    expect(await get("?page=2&x=1")).toBe("3");
  });

  it("takes the listed headers", async () => {
    const { answer } = cachedApi(
      `<cache-lookup vary-by-developer="false" vary-by-developer-groups="false">
        <vary-by-header>Accept;X-A</vary-by-header></cache-lookup>`,
    );
    expect(await answer({ headers: { accept: "a", other: "1" } })).toBe("1");
    expect(await answer({ headers: { Accept: "a", other: "2" } })).toBe("1");
    expect(await answer({ headers: { accept: "b" } })).toBe("2");
    expect(await answer({ headers: { accept: "a", "x-a": "" } })).toBe("3");
  });

  it("takes developer and groups", async () => {
    const developer = cachedApi(LOOKUP.replace('developer="false"', 'developer="true"'));
    expect(await developer.answer({ user: "ann" })).toBe("1");
    expect(await developer.answer({ user: "bob" })).toBe("2");
    expect(await developer.answer()).toBe("3");
    expect(await developer.answer({ user: "ann" })).toBe("1");
    const groups = cachedApi(LOOKUP.replace('groups="false"', 'groups="true"'));
    expect(await groups.answer({ user: "ann", groups: ["a", "b"] })).toBe("1");
    expect(await groups.answer({ user: "bob", groups: ["b", "a"] })).toBe("1");
    expect(await groups.answer({ user: "eve", groups: ["a"] })).toBe("2");
    expect(await groups.answer()).toBe("3");
  });
});

describe("Cache-Control for the caller", () => {
  const sentWith = async (attributes: string, from: (calls: ReturnType<typeof cachedApi>) => Promise<Exchange>) => {
    const calls = cachedApi(LOOKUP.replace(" />", `${attributes} />`));
    return (await from(calls)).response?.headers.get("cache-control");
  };

  it.each([
    ["", "no-store, must-revalidate, no-cache"],
    [' downstream-caching-type="private"', "private, max-age=60, must-revalidate"],
    [' downstream-caching-type="public" must-revalidate="false"', "public, max-age=60"],
  ])("with%s is %s after a miss", async (attributes, expected) => {
    expect(await sentWith(attributes, ({ call }) => call())).toBe(expected);
  });

  it("counts down on a hit", async () => {
    const value = await sentWith(' downstream-caching-type="public"', async ({ call, services }) => {
      await call();
      services.clock.time += 20_500;
      return call();
    });
    expect(value).toBe("public, max-age=39, must-revalidate");
  });

  it("stays the backend's where the answer is not kept", async () => {
    const response = new ResponseMessage(404, "", new HeaderList(["Cache-Control", "max-age=1"]));
    expect(await sentWith(' downstream-caching-type="public"', ({ call }) => call({}, response))).toBe("max-age=1");
  });
});

it.each([
  ["<cache-lookup />", "vary-by-developer"],
  [`${LOOKUP}${LOOKUP}`, "only once"],
  [LOOKUP.replace(" />", ' downstream-caching-type="all" />'), '"none", "private", "public"'],
])("%s is refused", (xml, message) => {
  expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
});
