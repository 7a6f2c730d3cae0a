import { describe, expect, it } from "vitest";
import { Body, type BodySource } from "../policy/exchange/body.ts";
import { HeaderList } from "../policy/exchange/headers.ts";
import { ResponseMessage } from "../policy/exchange/message.ts";
import { formatUrl } from "../policy/exchange/url.ts";
import { ManualClock } from "../policy/testing/exchange.ts";
import { OpenIdKeyStore } from "./openid-keys.ts";

const URL_1 = "https://issuer.test/.well-known/openid-configuration";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Answer = string | (() => string | Promise<string>) | ResponseMessage;

function setup(answers: Record<string, Answer>) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const store = new OpenIdKeyStore(
    {
      async send(request) {
        const address = formatUrl(request.url);
        asked.push(address);
        const answer = answers[address];
        if (answer instanceof ResponseMessage) return answer;
        if (answer === undefined) return new ResponseMessage(404);
        const text = typeof answer === "string" ? answer : await answer();
        return new ResponseMessage(200, "", new HeaderList(), Body.text(text));
      },
    },
    clock,
  );
  return { clock, asked, store };
}

function issuer(...kids: string[]): Record<string, Answer> {
  return {
    [URL_1]: JSON.stringify({ issuer: "https://issuer.test/", jwks_uri: "https://issuer.test/keys" }),
    "https://issuer.test/keys": JSON.stringify({ keys: kids.map((kid) => ({ kty: "RSA", kid })) }),
  };
}

const kids = (configuration: { keys: readonly Record<string, unknown>[] }) => configuration.keys.map((key) => key.kid);

describe("OpenIdKeyStore", () => {
  it("downloads metadata and keys once and then answers at once", async () => {
    const { asked, store } = setup(issuer("a", "b"));
    const first = await store.get(URL_1);
    expect(first.issuer).toBe("https://issuer.test/");
    expect(kids(first)).toEqual(["a", "b"]);
    const second = store.get(URL_1);
    expect(second).toBe(first);
    expect(asked).toHaveLength(2);
  });

  it("shares a download between all who wait for it", async () => {
    const { asked, store } = setup(issuer("a"));
    const [first, second] = await Promise.all([store.get(URL_1), store.get(URL_1)]);
    expect(first).toBe(second);
    expect(asked).toHaveLength(2);
  });

  it("reads again after an hour, and keeps the same key set when nothing changed", async () => {
    const answers = issuer("a");
    const { asked, clock, store } = setup(answers);
    const first = await store.get(URL_1);
    clock.time += HOUR;
    const second = await store.get(URL_1);
    expect(asked).toHaveLength(4);
    expect(second.keys).toBe(first.keys);
    answers["https://issuer.test/keys"] = JSON.stringify({ keys: [{ kty: "RSA", kid: "new" }] });
    clock.time += HOUR;
    const third = await store.get(URL_1);
    expect(kids(third)).toEqual(["new"]);
    expect(third.keys).not.toBe(first.keys);
  });

  it("reads again in the background shortly before, without anybody waiting", async () => {
    const { asked, clock, store } = setup(issuer("a"));
    const first = await store.get(URL_1);
    clock.time += HOUR - MINUTE;
    expect(store.get(URL_1)).toBe(first);
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toHaveLength(4);
    clock.time += 30 * MINUTE;
    expect(store.get(URL_1)).toBe(first);
    expect(asked).toHaveLength(4);
  });

  it("reads again for an unknown key, at most once in 5 minutes", async () => {
    const answers = issuer("a");
    const { asked, clock, store } = setup(answers);
    await store.get(URL_1);
    answers["https://issuer.test/keys"] = JSON.stringify({ keys: [{ kty: "RSA", kid: "b" }] });
    clock.time += 1000;
    expect(kids(await store.get(URL_1, true))).toEqual(["b"]);
    expect(asked).toHaveLength(4);
    clock.time += 4 * MINUTE;
    expect(store.get(URL_1, true)).not.toBeInstanceOf(Promise);
    expect(asked).toHaveLength(4);
    clock.time += MINUTE;
    await store.get(URL_1, true);
    expect(asked).toHaveLength(6);
  });

  it("serves the last good keys while the issuer is away, but not for ever", async () => {
    const answers = issuer("a");
    const { asked, clock, store } = setup(answers);
    await store.get(URL_1);
    delete answers[URL_1];
    clock.time += 2 * HOUR;
    expect(kids(await store.get(URL_1))).toEqual(["a"]);
    expect(asked).toHaveLength(3);
    // One more try, and then only every 5 minutes.
    await store.get(URL_1);
    expect(kids(store.get(URL_1) as never)).toEqual(["a"]);
    expect(asked).toHaveLength(4);
    clock.time += 22 * HOUR;
    await expect(store.get(URL_1)).rejects.toThrow("answered 404");
  });

  it("fails without ever having had keys, and tries again within limits", async () => {
    const answers: Record<string, Answer> = {};
    const { asked, clock, store } = setup(answers);
    await expect(store.get(URL_1)).rejects.toThrow("answered 404");
    await expect(store.get(URL_1)).rejects.toThrow("answered 404");
    expect(() => store.get(URL_1)).toThrow("answered 404");
    expect(asked).toHaveLength(2);
    Object.assign(answers, issuer("a"));
    clock.time += 5 * MINUTE;
    expect(kids(await store.get(URL_1))).toEqual(["a"]);
  });

  it.each([
    ["no JSON", "<html>", "not a JSON object"],
    ["no object", "[]", "not a JSON object"],
    ["no key address", "{}", "names no jwks_uri"],
    ["keys over http", '{"jwks_uri":"http://issuer.test/keys"}', "not served over https"],
    ["another scheme", '{"jwks_uri":"httpsx://issuer.test/keys"}', "not served over https"],
    ["a document that is too large", " ".repeat((1 << 20) + 1), "larger than"],
  ])("refuses metadata with %s", async (_name, metadata, message) => {
    const { store } = setup({ ...issuer("a"), [URL_1]: streamed(metadata) });
    await expect(store.get(URL_1)).rejects.toThrow(message);
  });

  it.each([
    ["no keys", "{}", "holds no keys"],
    ["too many", JSON.stringify({ keys: Array.from({ length: 201 }, () => ({})) }), "more than 200"],
  ])("refuses a key set with %s", async (_name, keys, message) => {
    const { store } = setup({ ...issuer("a"), "https://issuer.test/keys": keys });
    await expect(store.get(URL_1)).rejects.toThrow(message);
  });

  it("leaves out what is no key", async () => {
    const { store } = setup({ ...issuer(), "https://issuer.test/keys": '{"keys":[null,1,{"kid":"a"}]}' });
    expect(kids(await store.get(URL_1))).toEqual(["a"]);
  });

  it("refuses addresses that are not http", async () => {
    const { store } = setup({});
    await expect(store.get("file:///etc/passwd")).rejects.toThrow("not an http or https address");
  });

  it("remembers a bounded number of addresses", async () => {
    const { asked, store } = setup({});
    for (let i = 0; i < 600; i++) await expect(store.get(`https://issuer.test/${i}`)).rejects.toThrow();
    asked.length = 0;
    await expect(store.get("https://issuer.test/0")).rejects.toThrow();
    await expect(store.get("https://issuer.test/0")).rejects.toThrow();
    expect(() => store.get("https://issuer.test/0")).toThrow();
    expect(asked).toHaveLength(2);
  });
});

/** A response whose body arrives as a stream of unknown length. */
function streamed(text: string): ResponseMessage {
  const source: BodySource = {
    start(sink) {
      sink.write(Buffer.from(text));
      sink.end();
    },
    resume() {},
    cancel() {},
  };
  return new ResponseMessage(200, "", new HeaderList(), Body.stream(source));
}
