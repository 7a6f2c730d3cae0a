import { describe, expect, it } from "vitest";
import { Body, type BodySink } from "../exchange/body.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { bodyText, cachedApi, LOOKUP, STORE } from "../testing/cached-api.ts";
import { compileXml } from "../testing/run-policy.ts";

function streaming() {
  let sink: BodySink | undefined;
  const source = {
    start(given: BodySink) {
      sink = given;
    },
    resume() {},
    cancel() {},
  };
  return {
    body: Body.stream(source),
    write: (chunk: string) => sink?.write(Buffer.from(chunk)),
    end: () => sink?.end(),
    fail: () => sink?.fail(new Error("lost")),
  };
}

describe("cache-store", () => {
  it.each([201, 204, 301, 404, 500])("keeps no %d by default, but when told to", async (status) => {
    const plain = cachedApi();
    await plain.call({}, new ResponseMessage(status));
    expect((await plain.call()).fromCache).toBe(false);
    const told = cachedApi(LOOKUP, '<cache-store duration="60" cache-response="true" />');
    await told.call({}, new ResponseMessage(status));
    expect((await told.call()).response?.status).toBe(status);
  });

  it.each([206, 304])("never keeps a %d, which is only a part", async (status) => {
    const { call } = cachedApi(LOOKUP, '<cache-store duration="60" cache-response="true" />');
    await call({}, new ResponseMessage(status));
    expect((await call()).fromCache).toBe(false);
  });

  it("keeps nothing when told not to, for no time, or without a lookup", async () => {
    for (const store of ['<cache-store duration="60" cache-response="false" />', '<cache-store duration="0" />']) {
      const { call } = cachedApi(LOOKUP, store);
      await call();
      expect((await call()).fromCache).toBe(false);
    }
    const alone = cachedApi('<set-variable name="a" value="b" />');
    await alone.call();
    expect(alone.services.cache.entries.size).toBe(0);
  });

  it("does not store a response from the cache again", async () => {
    const { call, services } = cachedApi();
    await call();
    services.clock.time += 50_000;
    await call();
    services.clock.time += 10_000;
    expect((await call()).fromCache).toBe(false);
  });

  it("lets the body stream and stores it when it is complete", async () => {
    const { call, begin, end } = cachedApi();
    const stream = streaming();
    const x = await end(await begin(), new ResponseMessage(200, "", new HeaderList(), stream.body));
    const received: string[] = [];
    x.response?.body.take().source?.start({
      write: (chunk) => received.push(Buffer.from(chunk).toString()) > 0,
      end: () => received.push("end"),
      fail: () => received.push("fail"),
    });
    stream.write("one ");
    expect(received).toEqual(["one "]);
    expect((await begin()).fromCache).toBe(false);
    stream.write("two");
    stream.end();
    expect(x.facts.cache).toBe("stored");
    expect(bodyText(await call())).toBe("one two");
  });

  it("does not store a body that breaks off, or one over the limit", async () => {
    const { begin, end, services } = cachedApi();
    const broken = streaming();
    const x = await end(await begin(), new ResponseMessage(200, "", new HeaderList(), broken.body));
    x.response?.body.take().source?.start({ write: () => true, end() {}, fail() {} });
    broken.write("one");
    broken.fail();
    services.limits.bodyBytes = 3;
    const announced = new ResponseMessage(200, "", new HeaderList(), Body.text("1234"));
    await end(await begin(), announced);
    expect(services.cache.entries.size).toBe(0);
  });

  it("survives caches that fail", async () => {
    const { call, services } = cachedApi();
    services.externalCache = {
      get: () => Promise.reject(new Error("away")),
      set: () => Promise.reject(new Error("away")),
      delete: () => Promise.reject(new Error("away")),
    };
    expect(bodyText(await call())).toBe("1");
    expect(bodyText(await call())).toBe("2");
  });
});

it("cache-store is for outbound and needs a duration", () => {
  expect(compileXml(STORE, "inbound").diagnostics).toHaveLength(1);
  expect(compileXml("<cache-store />", "outbound").diagnostics).toHaveLength(1);
});
