import { describe, expect, test } from "vitest";
import { Body } from "../../exchange/body.ts";
import type { ResponseMessage } from "../../exchange/message.ts";
import { testExchange } from "../../testing/exchange.ts";
import { compileXml, runXml } from "../../testing/run-policy.ts";
import { compileLiquid } from "./template.ts";

async function body(template: string, init: { type?: string; body?: string } = {}): Promise<string> {
  const x = testExchange({
    method: "POST",
    url: "http://gateway.test/orders/1?a=1&b=x%20y",
    headers: { "content-type": init.type ?? "application/json", "X-User": "ada" },
    body: Body.text(
      init.body ?? '{"name":"Ada","tags":["a","b"],"n":7,"when":"2026-01-05T09:05:07Z","nested":{"x":null}}',
    ),
  });
  x.variables.set("plan", "gold");
  await runXml(`<set-body template="liquid">${template}</set-body>`, x);
  return Buffer.from(x.request.body.buffered ?? []).toString();
}

describe("set-body with Liquid", () => {
  test.each([
    ["{{body.name}}", "Ada"],
    ["{{ body.name | Upcase | Append: '!' }}", "ADA!"],
    ["{{ body.tags | Join: '-' }} {{ body.tags.size }}", "a-b 2"],
    ["{% for t in body.tags %}[{{t}}]{% endfor %}", "[a][b]"],
    ['{% JSONArrayFor t in body.tags %}{"t":"{{t}}"}{% endJSONArrayFor %}', '{"t":"a"},{"t":"b"}'],
    ["{% JSONArrayFor t in body.none %}x{% endJSONArrayFor %}", ""],
    ["{% if body.n > 5 %}many{% else %}few{% endif %}", "many"],
    ["{{ body.when | Date: 'yyyy-MM-dd' }}", "2026-01-05"],
    ["{{ body.name | Date: 'yyyy' }}", "Ada"],
    ["{{ body.n | DividedBy: 2 }} {{ body.n | Modulo: 4 }} {{ body.n | Times: 2 | Minus: 1 }}", "3 3 13"],
    ["{{ body.missing | Default: 'none' }}{{ body.nested.x }}", "none"],
    [
      "{{context.Request.Method}} {{context.Request.Url.Path}} {{context.Request.OriginalUrl.QueryString}}",
      "POST /orders/1 ?a=1&b=x%20y",
    ],
    [
      "{{context.Request.Headers['x-user']}} {{context.Request.Url.Query.b}} {{context.Variables['plan']}}",
      "ada x y gold",
    ],
    [
      "{% for h in context.Request.Headers %}{{h.Key}}={{h.Value}};{% endfor %}",
      "content-type=application/json;X-User=ada;",
    ],
    ["{{context.Request.HasBody}} {{context.Request.IpAddress}}", "true 192.0.2.1"],
  ])("%s", async (template, expected) => {
    expect(await body(template.replaceAll("<", "&lt;").replaceAll("&", "&amp;").replaceAll("&amp;lt;", "&lt;"))).toBe(
      expected,
    );
  });

  test("XML bodies are objects, others text", async () => {
    expect(await body("{{body.root.item}}", { type: "application/xml", body: "<root><item>5</item></root>" })).toBe(
      "5",
    );
    expect(await body("({{body}})", { type: "text/plain", body: "plain" })).toBe("(plain)");
  });

  test("markup in a template is text", async () => {
    expect(await body("<out><n>{{body.name}}</n></out>")).toBe("<out><n>Ada</n></out>");
  });

  test("inside return-response there is no body", async () => {
    const x = testExchange({ headers: { "content-type": "application/json" }, body: Body.text('{"a":1}') });
    await runXml('<return-response><set-body template="liquid">[{{body}}]</set-body></return-response>', x);
    expect(Buffer.from((x.response as ResponseMessage).body.buffered ?? []).toString()).toBe("[]");
  });

  test("a template that does not parse is found when it is compiled", () => {
    const { diagnostics } = compileXml('<set-body template="liquid">{% if %}</set-body>');
    expect(diagnostics.map((d) => d.message).join()).toContain("the Liquid template of <set-body> does not parse");
  });

  test("an unknown filter is an error, not silence", async () => {
    expect(
      compileXml('<set-body template="liquid">{{ body | NoSuch }}</set-body>').diagnostics.length +
        Number(
          await body("{{ body | NoSuch }}").then(
            () => 0,
            () => 1,
          ),
        ),
    ).toBeGreaterThan(0);
  });
});

describe("templates", () => {
  test("reach nothing but the model", () => {
    const model = { body: { a: 1 }, context: {} };
    expect(compileLiquid("{{ body.constructor }}{{ body.__proto__ }}{{ body.toString }}")(model)).toBe("");
    expect(() => compileLiquid("{% include '/etc/passwd' %}")(model)).toThrow();
    expect(() => compileLiquid("{% render '../package.json' %}")(model)).toThrow();
  });

  test("that would never end are stopped", () => {
    expect(() => compileLiquid("{% for a in (1..100000000) %}{{a}}{% endfor %}")({})).toThrow();
    expect(() => compileLiquid(`${"{% for a in (1..1000) %}".repeat(4)}x${"{% endfor %}".repeat(4)}`)({})).toThrow();
  });

  test("JSONArrayFor says what is wrong with it", () => {
    expect(() => compileLiquid("{% JSONArrayFor x %}{% endJSONArrayFor %}")).toThrow('is not "JSONArrayFor x in list"');
    expect(() => compileLiquid("{% JSONArrayFor x in y %}")).toThrow("not closed");
  });
});
