import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Catalog, emptyCatalog } from "../model/catalog.ts";
import { canonicalJson } from "./canonical-json.ts";
import { compilePlan } from "./compile.ts";
import type { ApiPart, Plan, PolicyPart } from "./plan.ts";
import { parsePlan, serializePlan } from "./plan-builder.ts";
import { signPlan, verifyPlan } from "./signature.ts";
import { parseUrlTemplate } from "./url-template.ts";

const origin = { file: "test" };
const policy = (inbound: string) => ({
  file: "policy.xml",
  text: `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
});

function catalog(more: Partial<Catalog> = {}): Catalog {
  return {
    ...emptyCatalog("shop"),
    apis: [
      {
        id: "a",
        origin,
        revision: "1",
        isCurrent: true,
        displayName: "A",
        path: "a",
        protocols: ["http"],
        serviceUrl: "http://b.example",
        subscriptionRequired: true,
        subscriptionKeyParameterNames: { header: "Ocp-Apim-Subscription-Key", query: "subscription-key" },
        type: "http",
        apiVersion: "",
        operations: [
          {
            id: "x",
            origin,
            displayName: "X",
            method: "GET",
            urlTemplate: "/x/{id}?q={q}",
            queryParameters: [],
            responses: [{ status: 200, representations: [] }],
          },
        ],
        policy: policy('<set-header name="n"><value>{{plain}}</value></set-header>'),
      },
    ],
    namedValues: [
      { id: "plain", origin, displayName: "plain", secret: false, value: "text", tags: [] },
      { id: "hidden", origin, displayName: "hidden", secret: true, value: "never in a plan", tags: [] },
    ],
    ...more,
  };
}

function compile(value: Catalog): Plan {
  const { plan, diagnostics } = compilePlan(value);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  if (!plan) throw new Error("no plan");
  return plan;
}

function parts<T>(plan: Plan, kind: string): T[] {
  return Object.values(plan.parts).filter((part) => part.kind === kind) as T[];
}

describe("canonical JSON", () => {
  test("sorts keys, leaves out undefined, keeps arrays", () => {
    expect(canonicalJson({ b: 1, a: [{ d: undefined, c: null }], ü: "\u2028" })).toBe(
      '{"a":[{"c":null}],"b":1,"ü":"\u2028"}',
    );
  });
});

describe("a plan", () => {
  test("is the same for the same catalog, and travels as text", () => {
    const first = compile(catalog());
    expect(serializePlan(compile(catalog()))).toBe(serializePlan(first));
    expect(parsePlan(serializePlan(first))).toEqual(JSON.parse(serializePlan(first)));
  });

  test("does not depend on the order of resources that have names", () => {
    const two = catalog();
    const [api] = two.apis;
    if (!api) throw new Error("no api");
    const other = { ...api, id: "b", path: "b" };
    expect(compile({ ...two, apis: [api, other] }).name).toBe(compile({ ...two, apis: [other, api] }).name);
  });

  test("refuses a part or a root that is not what its name says", () => {
    const text = serializePlan(compile(catalog()));
    expect(() => parsePlan(text.replace('"GET"', '"PUT"'))).toThrow(/part [0-9a-f]{64} does not match its name/);
    expect(() => parsePlan(text.replace('"service":"shop"', '"service":"else"'))).toThrow("root does not match");
    expect(() => parsePlan("{}")).toThrow("not a Gatehouse plan");
  });

  test("a change to the global policy changes one document and the root", () => {
    const before = compile(catalog());
    const after = compile(
      catalog({
        policy: {
          file: "policy.xml",
          text: "<policies><inbound><set-variable name='v' value='1' /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>",
        },
      }),
    );
    const added = Object.keys(after.parts).filter((hash) => !Object.hasOwn(before.parts, hash));
    expect(added).toEqual([after.root.policy]);
    expect(after.root.apis).toEqual(before.root.apis);
    expect(after.name).not.toBe(before.name);
  });

  test("holds no secret and no key", () => {
    const plan = compile(
      catalog({
        policy: {
          file: "policy.xml",
          text: '<policies><inbound><set-header name="a"><value>Bearer {{hidden}}</value></set-header><set-variable name="b" value="@("x{{hidden}}y")" /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>',
        },
        subscriptions: [
          {
            id: "s",
            origin,
            displayName: "S",
            scope: { kind: "all-apis" },
            state: "active",
            primaryKey: "the-key",
            allowTracing: false,
          },
        ],
      }),
    );
    const text = serializePlan(plan);
    expect(text).not.toContain("never in a plan");
    expect(text).not.toContain("the-key");
    expect(plan.root.secrets).toEqual(["hidden"]);
    const [document] = parts<PolicyPart>(plan, "policy").filter((part) => part.scope === "global");
    expect(document?.sections.inbound?.[0]?.children?.[0]?.text).toEqual({
      template: ["Bearer ", { secret: "hidden" }],
    });
  });

  test("substitutes named values and says where each policy stands", () => {
    const [document] = parts<PolicyPart>(compile(catalog()), "policy").filter((part) => part.scope === "api");
    expect(document?.sections.inbound).toEqual([
      { name: "base", at: "policy.xml:1:20", path: "base[1]" },
      {
        name: "set-header",
        at: "policy.xml:1:28",
        path: "set-header[1]",
        attributes: { name: "n" },
        children: [{ name: "value", at: "policy.xml:1:49", text: "text" }],
      },
    ]);
  });

  test("carries mock material only where a policy may mock", () => {
    expect(parts<ApiPart>(compile(catalog()), "api")[0]?.operations[0]?.mocks).toBeNull();
    const mocking = catalog({
      policy: {
        file: "p.xml",
        text: "<policies><inbound><mock-response /></inbound><backend><forward-request /></backend><outbound /><on-error /></policies>",
      },
    });
    expect(parts<ApiPart>(compile(mocking), "api")[0]?.operations[0]?.mocks).not.toBeNull();
  });

  test("leaves out subscriptions that are not active and those of blocked users", () => {
    const subscription = { origin, displayName: "S", scope: { kind: "all-apis" }, allowTracing: false } as const;
    const user = { origin, email: "a@b.c", firstName: "A", lastName: "B", groups: [], identities: [] };
    const plan = compile(
      catalog({
        users: [{ ...user, id: "u", state: "blocked" }],
        subscriptions: [
          { ...subscription, id: "on", state: "active", primaryKey: "k1" },
          { ...subscription, id: "off", state: "suspended", primaryKey: "k2" },
          { ...subscription, id: "blocked", state: "active", primaryKey: "k3", ownerId: "u" },
        ],
      }),
    );
    const ids = parts<{ kind: "subscriptions"; subscriptions: { id: string }[] }>(plan, "subscriptions").flatMap(
      (part) => part.subscriptions.map((s) => s.id),
    );
    expect(ids).toEqual(["on"]);
  });

  test("reports everything at once: unknown named value, backend, bad template", () => {
    const base = catalog();
    const [api] = base.apis;
    const [operation] = api?.operations ?? [];
    if (!api || !operation) throw new Error("no operation");
    const { plan, diagnostics } = compilePlan({
      ...base,
      apis: [
        {
          ...api,
          operations: [{ ...operation, urlTemplate: "/{a}{b}" }],
          policy: policy(
            '<set-backend-service backend-id="pol" /><set-header name="n"><value>{{plai}}</value></set-header>',
          ),
        },
      ],
      backends: [
        {
          id: "pool",
          origin,
          type: "Single",
          url: "http://p.example",
          protocol: "http",
          pool: [],
          circuitBreaker: [],
          tls: { validateCertificateChain: true, validateCertificateName: true },
        },
      ],
    });
    expect(plan).toBeUndefined();
    expect(diagnostics.map((d) => `${d.file}:${d.line}:${d.column} ${d.code} ${d.hint ?? ""}`)).toEqual([
      'policy.xml:1:28 unknown-backend did you mean "pool"?',
      'policy.xml:1:96 unknown-named-value did you mean "plain"?',
      "test:1:1 invalid-url-template ",
    ]);
  });
});

describe("a signature", () => {
  test("is the plan's and the key's", () => {
    const mine = generateKeyPairSync("ed25519");
    const other = generateKeyPairSync("ed25519");
    const plan = compile(catalog());
    const signature = signPlan(plan, mine.privateKey);
    expect(verifyPlan(plan, signature, mine.publicKey)).toBe(true);
    expect(verifyPlan(plan, signature, other.publicKey)).toBe(false);
    expect(verifyPlan({ ...plan, name: "0".repeat(64) }, signature, mine.publicKey)).toBe(false);
    expect(verifyPlan(plan, "not base64!", mine.publicKey)).toBe(false);
  });
});

describe("URL templates", () => {
  test("pieces", () => {
    expect(parseUrlTemplate("/a/{b}/v{c}.json?q={q}&kind=full")).toEqual({
      segments: [
        { kind: "literal", text: "a" },
        { kind: "parameter", name: "b", prefix: "", suffix: "" },
        { kind: "parameter", name: "c", prefix: "v", suffix: ".json" },
      ],
      query: [
        { name: "q", parameter: "q", value: undefined },
        { name: "kind", parameter: undefined, value: "full" },
      ],
    });
    expect(parseUrlTemplate("/{*rest}").segments).toEqual([{ kind: "wildcard", name: "rest" }]);
    expect(parseUrlTemplate("/").segments).toEqual([]);
  });

  test.each([["/{a}{b}"], ["/a/*/b"], ["/x{*rest}"], ["/{a"]])("%s is none", (template) => {
    expect(() => parseUrlTemplate(template)).toThrow();
  });
});
