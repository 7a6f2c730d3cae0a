import { describe, expect, it } from "vitest";
import { type ApiResource, type Catalog, emptyCatalog, type SchemaResource } from "../model/catalog.ts";
import type { OperationContract } from "../model/contract.ts";
import { compilePlan } from "./compile.ts";
import type { ApiPart, ContractPart, Plan, SchemaPart } from "./plan.ts";

const origin = { file: "test" };
const CONTRACT: OperationContract = {
  parameters: [{ name: "q", in: "query", required: false, list: "multi", schema: { $ref: "#/components/schemas/Q" } }],
  bodyRequired: true,
  bodies: [
    {
      contentType: "application/json",
      definition: "A",
      schema: { $ref: "#/components/schemas/A", description: "long" },
    },
  ],
  responses: [{ status: "200", headers: [{ name: "h", required: false, list: "," }], bodies: [] }],
};
const DEFINITIONS = {
  "#/components/schemas/A": {
    title: "A",
    properties: { description: { $ref: "#/components/schemas/B/properties/c" } },
  },
  "#/components/schemas/B": { properties: { c: { type: "string" } } },
  "#/components/schemas/Q": { type: "string" },
  "#/components/schemas/Unused": { type: "string" },
};

const document = (inbound: string, outbound = "") => ({
  file: "policy.xml",
  text: `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base />${outbound}</outbound><on-error><base /></on-error></policies>`,
});
const content = (more = "", as = "json") =>
  `<validate-content unspecified-content-type-action="prevent" max-size="1" size-exceeded-action="prevent"><content validate-as="${as}" action="prevent" ${more} /></validate-content>`;

function api(inbound: string, outbound = "", more: Partial<ApiResource> = {}): ApiResource {
  const operation = (id: string) => ({
    id,
    origin,
    displayName: id,
    method: "GET",
    urlTemplate: `/${id}`,
    queryParameters: [],
    responses: [],
    contract: CONTRACT,
  });
  return {
    id: "a",
    origin,
    revision: "1",
    isCurrent: true,
    displayName: "A",
    path: "a",
    protocols: ["http"],
    subscriptionRequired: false,
    subscriptionKeyParameterNames: { header: "k", query: "k" },
    type: "http",
    apiVersion: "",
    operations: [operation("x"), operation("y")],
    definitions: () => DEFINITIONS,
    policy: document(inbound, outbound),
    ...more,
  };
}

function compile(catalog: Partial<Catalog>): { plan: Plan | undefined; findings: string[] } {
  const { plan, diagnostics } = compilePlan({ ...emptyCatalog("shop"), ...catalog });
  return { plan, findings: diagnostics.map(({ severity, message }) => `${severity} ${message}`) };
}

function parts(plan: Plan | undefined) {
  if (!plan) throw new Error("no plan");
  const part = plan.parts[plan.root.apis[0] as string] as ApiPart;
  const schemas = Object.entries(part.schemas ?? {}).map(([id, hash]) => [id, plan.parts[hash] as SchemaPart] as const);
  const contracts = part.operations.map(({ contract }) =>
    contract === undefined ? undefined : (plan.parts[contract] as ContractPart).contract,
  );
  return { part, schemas: new Map(schemas), contracts };
}

const schema = (id: string, doc: SchemaResource["document"]): SchemaResource => ({ id, origin, document: doc });

describe("contracts", () => {
  it("do not stand in plans whose policies validate nothing", () => {
    const { plan } = compile({ apis: [api('<set-header name="n"><value>1</value></set-header>')] });
    const { part, contracts } = parts(plan);
    expect(part).not.toHaveProperty("schemas");
    expect(contracts).toEqual([undefined, undefined]);
    expect(Object.values(plan?.parts ?? {}).map(({ kind }) => kind)).not.toContain("contract");
  });

  it("hold what is validated and nothing else, definitions with what they refer to", () => {
    const { schemas, contracts } = parts(compile({ apis: [api(content())] }).plan);
    expect(contracts[0]).toEqual({
      parameters: [],
      bodyRequired: true,
      bodies: [{ contentType: "application/json", definition: "A", schema: { $ref: "#/components/schemas/A" } }],
      responses: [{ status: "200", headers: [], bodies: [] }],
    });
    expect(contracts[1]).toBe(contracts[0]);
    expect([...schemas.keys()]).toEqual(["#json"]);
    expect(schemas.get("#json")?.document).toEqual({
      kind: "definitions",
      definitions: {
        "#/components/schemas/A": { properties: { description: { $ref: "#/components/schemas/B/properties/c" } } },
        "#/components/schemas/B": { properties: { c: { type: "string" } } },
      },
    });
  });

  it("hold parameters, headers and statuses for the policies that validate those", () => {
    const parameters =
      '<validate-parameters specified-parameter-action="prevent" unspecified-parameter-action="ignore" />';
    const headers = '<validate-headers specified-header-action="prevent" unspecified-header-action="ignore" />';
    const statuses = '<validate-status-code unspecified-status-code-action="prevent" />';
    expect(parts(compile({ apis: [api(parameters)] }).plan).contracts[0]).toMatchObject({
      parameters: CONTRACT.parameters,
      bodies: [],
      responses: [],
    });
    expect(parts(compile({ apis: [api("", headers)] }).plan).contracts[0]?.responses[0]?.headers).toHaveLength(1);
    expect(parts(compile({ apis: [api("", statuses)] }).plan).contracts[0]?.responses).toEqual([
      { status: "200", headers: [], bodies: [] },
    ]);
  });

  it("stand in the plan for policies of broader scopes and of single operations too", () => {
    const global = parts(compile({ policy: document(content()), apis: [api("")] }).plan);
    expect(global.contracts.every((contract) => contract !== undefined)).toBe(true);
    const [x, y] = api("").operations;
    const one = [x, { ...y, policy: document(content()) }] as ApiResource["operations"];
    const own = parts(compile({ apis: [api("", "", { operations: one })] }).plan);
    expect(own.contracts.map((contract) => contract !== undefined)).toEqual([false, true]);
  });
});

describe("schema resources", () => {
  const json = schema("one", { kind: "json", root: { properties: { x: { $ref: "/schemas/two#/definitions/d" } } } });
  const two = schema("two", { kind: "json", root: { definitions: { d: {} } } });

  it("are taken in with what they include, the API's before the service's", () => {
    const own = schema("two", { kind: "json", root: { definitions: { d: { type: "null" } } } });
    const catalog = {
      schemas: [json, two, schema("three", two.document)],
      apis: [api(content('schema-id="one"'), "", { schemas: [own] })],
    };
    const { schemas } = parts(compile(catalog).plan);
    expect([...schemas.keys()]).toEqual(["#json", "one", "two"]);
    expect(schemas.get("two")?.document).toBe(own.document);
  });

  it("must exist and be of the kind that is validated", () => {
    expect(compile({ schemas: [json], apis: [api(content('schema-id="won"'))] }).findings).toEqual([
      'error <content> names the schema "won", which does not exist',
    ]);
    expect(compile({ schemas: [json], apis: [api(content('schema-id="one"', "xml"))] }).findings).toEqual([
      'error <content> validates as XML, but the schema "one" is JSON',
    ]);
  });

  it("that use what is not enforced are refused", () => {
    const bad = schema("bad", { kind: "json", root: { unevaluatedItems: false, pattern: "(" } });
    const { findings } = compile({ schemas: [bad], apis: [api(content('schema-id="bad"'))] });
    expect(findings[0]).toBe('error the schema keyword "unevaluatedItems" is not supported');
    expect(findings[1]).toContain("error The pattern '(' is not valid.");
    const xml = schema("xml", { kind: "xml", text: "<no-schema/>" });
    expect(compile({ schemas: [xml], apis: [api(content('schema-id="xml"', "xml"))] }).findings).toEqual([
      'error the schema "xml" cannot be used: The text holds no XML Schema.',
    ]);
  });

  it("that are too large are left out, and it is said", () => {
    const large = schema("one", { kind: "json", root: { enum: ["x".repeat(4 * 1024 * 1024)] } });
    const { plan, findings } = compile({ schemas: [large], apis: [api(content('schema-id="one"'))] });
    expect(findings).toEqual(['warning the schema "one" is larger than 4 MB: policies that validate with it fail']);
    expect([...parts(plan).schemas.keys()]).toEqual(["#json"]);
  });

  it("of another workspace are not used", () => {
    const foreign = { ...two, id: "one", workspace: "w" };
    const { plan } = compile({
      schemas: [foreign],
      workspaces: [{ id: "w", origin, displayName: "W" }],
      apis: [api(content('schema-id="one"'))],
    });
    expect([...parts(plan).schemas.keys()]).not.toContain("one");
  });
});
