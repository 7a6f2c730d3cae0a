import { describe, expect, it } from "vitest";
import { Loader } from "../compiler/loader.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { loadXml } from "../testing/load-policy.ts";
import { compileXml } from "../testing/run-policy.ts";
import { preflight } from "./cors.ts";
import { policies } from "./index.ts";

interface Options {
  attributes?: string;
  origins?: string[];
  methods?: string;
  headers?: string;
  expose?: string;
}

function policy({
  attributes = "",
  origins = ["https://app.example"],
  methods = "",
  headers = "",
  expose = "",
}: Options = {}) {
  const list = origins.map((origin) => `<origin>${origin}</origin>`).join("");
  return `<cors ${attributes}><allowed-origins>${list}</allowed-origins>${methods}${headers}${expose}</cors>`;
}

const EXPOSE = "<expose-headers><header>X-One</header><header>X-Two</header></expose-headers>";

/** Runs the policy on an actual request; the fields that the given response is sent with, or what ended the request. */
async function actual(
  xml: string,
  headers: Record<string, string>,
  response = new ResponseMessage(200),
  method = "GET",
) {
  const x = testExchange({ headers, method });
  await loadXml(xml)(x);
  if (x.ended) return x.response as ResponseMessage;
  x.applyBeforeSend(response);
  return response;
}

function ask(xml: string, headers: Record<string, string>, variables: Record<string, unknown> = {}) {
  const { elements, diagnostics } = compileXml(xml);
  expect(diagnostics).toEqual([]);
  const x: Exchange = testExchange({ method: "OPTIONS", headers });
  for (const [name, value] of Object.entries(variables)) x.variables.set(name, value);
  const answer = preflight(elements[0] as never, new Loader(policies, "api"))(x);
  return (
    answer && { status: answer.status, fields: Object.fromEntries(pairs(answer.headers)), empty: answer.body.absent }
  );
}

function pairs(headers: HeaderList): [string, string][] {
  return headers.names().map((name) => [name.toLowerCase(), headers.get(name) as string]);
}

const ALLOWED = { origin: "https://app.example" };

describe("cors on an actual request", () => {
  it("does nothing without Origin", async () => {
    expect((await actual(policy(), {})).headers.raw).toEqual([]);
  });

  it("promises the headers for the response, error responses included", async () => {
    const failed = new ResponseMessage(401, "", new HeaderList(["Vary", "Accept", "access-control-allow-origin", "*"]));
    const response = await actual(policy({ attributes: 'allow-credentials="true"', expose: EXPOSE }), ALLOWED, failed);
    expect(response.status).toBe(401);
    expect(pairs(response.headers)).toEqual([
      ["vary", "Accept,Origin"],
      ["access-control-allow-origin", "https://app.example"],
      ["access-control-allow-credentials", "true"],
      ["access-control-expose-headers", "X-One,X-Two"],
    ]);
  });

  it("does not repeat Vary", async () => {
    for (const vary of ["origin", "Accept, Origin", "*"]) {
      const response = await actual(policy(), ALLOWED, new ResponseMessage(200, "", new HeaderList(["vary", vary])));
      expect(response.headers.get("vary")).toBe(vary);
    }
  });

  it.each(["GET", "HEAD", "POST", "DELETE"])("ends an unmatched %s with an empty 200", async (method) => {
    const response = await actual(policy(), { origin: "https://evil.example" }, undefined, method);
    expect(response).toMatchObject({ status: 200 });
    expect(response.headers.raw).toEqual([]);
    expect(response.body.absent).toBe(true);
  });

  it("lets an unmatched request go on when told to", async () => {
    const xml = policy({ attributes: 'terminate-unmatched-request="false"' });
    const response = await actual(xml, { origin: "https://evil.example" }, new ResponseMessage(201));
    expect(response.status).toBe(201);
    expect(response.headers.raw).toEqual([]);
  });

  it.each([
    ["https://app.example/", "https://app.example", true],
    ["HTTPS://APP.example:443", "https://app.example", true],
    ["https://app.example", "https://app.example:443", true],
    ["https://app.example", "http://app.example", false],
    ["https://app.example", "https://app.example:444", false],
    ["https://app.example", "https://app.example.evil.example", false],
    ["https://app.example", "null", false],
  ])("with %s written, %s matches: %s", async (written, origin, matches) => {
    const response = await actual(policy({ origins: [written] }), { origin }, new ResponseMessage(299));
    expect(response.status).toBe(matches ? 299 : 200);
    expect(response.headers.get("access-control-allow-origin")).toBe(matches ? origin : undefined);
  });

  it("sends * for all, and the origin itself with credentials", async () => {
    const all = await actual(policy({ origins: ["*"] }), ALLOWED);
    expect(all.headers.get("access-control-allow-origin")).toBe("*");
    const credentials = await actual(policy({ origins: ["*"], attributes: 'allow-credentials="true"' }), ALLOWED);
    expect(credentials.headers.get("access-control-allow-origin")).toBe("https://app.example");
  });

  it("leaves a request alone that a broader scope's policy has matched", async () => {
    const broad = compileXml(policy()).elements;
    const narrow = compileXml(policy({ origins: ["https://other.example"] })).elements;
    const x = testExchange({ headers: ALLOWED });
    for (const { run } of new Loader(policies, "api").load([...broad, ...narrow])) await run(x);
    expect(x.ended).toBe(false);
  });
});

describe("cors on a preflight request", () => {
  const METHODS =
    '<allowed-methods preflight-result-max-age="300"><method>GET</method><method>put</method></allowed-methods>';
  const HEADERS = "<allowed-headers><header>Content-Type</header><header>X-A</header></allowed-headers>";
  const full = policy({ attributes: 'allow-credentials="true"', methods: METHODS, headers: HEADERS });
  const put = { ...ALLOWED, "access-control-request-method": "PUT" };

  it("answers 200 with what is allowed", () => {
    expect(ask(full, { ...put, "access-control-request-headers": "content-type, x-a" })).toEqual({
      status: 200,
      empty: true,
      fields: {
        "access-control-allow-origin": "https://app.example",
        "access-control-allow-methods": "GET,put",
        "access-control-allow-headers": "Content-Type,X-A",
        "access-control-max-age": "300",
        "access-control-allow-credentials": "true",
        vary: "Origin",
      },
    });
  });

  it("allows GET and POST by default, no headers, and says no age", () => {
    for (const method of ["GET", "POST"]) {
      expect(ask(policy(), { ...ALLOWED, "access-control-request-method": method })?.fields).toEqual({
        "access-control-allow-origin": "https://app.example",
        "access-control-allow-methods": "GET,POST",
        vary: "Origin",
      });
    }
    expect(ask(policy(), { ...ALLOWED, "access-control-request-method": "DELETE" })?.fields).toEqual({});
  });

  it.each([
    { ...put, origin: "https://evil.example" },
    { ...put, "access-control-request-method": "DELETE" },
    { ...put, "access-control-request-headers": "x-a,x-b" },
  ])("gives an empty 200, or the next policy its turn, to %j", (headers) => {
    expect(ask(full, headers)).toEqual({ status: 200, fields: {}, empty: true });
    expect(ask(full.replace("<cors", '<cors terminate-unmatched-request="false"'), headers)).toBeUndefined();
  });

  it("names what was asked for where everything is allowed", () => {
    const all = policy({
      origins: ["*"],
      methods: "<allowed-methods><method>*</method></allowed-methods>",
      headers: "<allowed-headers><header>*</header></allowed-headers>",
    });
    const headers = { ...put, "access-control-request-headers": "authorization, X-B" };
    expect(ask(all, headers)?.fields).toEqual({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "PUT",
      "access-control-allow-headers": "authorization,X-B",
      vary: "Origin",
    });
  });

  it("evaluates expressions", () => {
    const xml = policy({
      attributes: `allow-credentials='@((bool)context.Variables["c"])'`,
      methods: `<allowed-methods preflight-result-max-age='@((int)context.Variables["age"])'>
        <method>@((string)context.Variables["m"])</method></allowed-methods>`,
    });
    expect(ask(xml, put, { c: true, age: 9, m: "PUT" })?.fields).toEqual({
      "access-control-allow-origin": "https://app.example",
      "access-control-allow-methods": "PUT",
      "access-control-max-age": "9",
      "access-control-allow-credentials": "true",
      vary: "Origin",
    });
  });
});

it.each([
  ["<cors />", "allowed-origins"],
  ["<cors><allowed-origins /></cors>", "origin"],
  ["<cors><allowed-origins><origin>*</origin></allowed-origins><allowed-methods /></cors>", "method"],
  [policy() + policy(), "only once"],
])("%s is refused", (xml, message) => {
  expect(compileXml(xml).diagnostics.map((d) => d.message)).toContainEqual(expect.stringContaining(message));
});
