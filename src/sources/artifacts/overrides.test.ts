import { describe, expect, it } from "vitest";
import { apiFiles, readTestFiles, type TestFiles } from "./testing.ts";

const FILES: TestFiles = {
  ...apiFiles("orders", { protocols: ["http", "https"] }),
  "apis/orders/policy.xml": "<policies>file</policies>",
  "apis/orders/operations/get-root/policy.xml": "<policies>file</policies>",
  "backends/main/backendInformation.json": {
    properties: { url: "http://dev.test", credentials: { header: { "x-a": ["1"], "x-b": ["2"] } } },
  },
  "named values/key/namedValueInformation.json": { properties: { displayName: "key", secret: true } },
  "workspaces/team/named values/n/namedValueInformation.json": { properties: { displayName: "n", value: "1" } },
};

function read(text: string, tokens: Record<string, string> = {}) {
  return readTestFiles(FILES, { overrides: { file: "configuration.prod.yaml", text }, tokens });
}

describe("overrides", () => {
  it("are merged over the properties; lists are replaced", () => {
    const { catalog, findings } = read(`
apimServiceName: prod-service
namedValues:
  - name: key
    properties: { value: s3cret }
backends:
  - name: MAIN
    properties:
      url: https://prod.test
      credentials: { header: { x-b: [3] } }
apis:
  - name: orders
    properties: { protocols: [https], apiVersionDescription: x }
workspaces:
  - name: team
    namedValues:
      - name: n
        properties: { value: 2.50 }
`);
    expect(findings).toEqual([]);
    expect(catalog.name).toBe("prod-service");
    expect(catalog.backends).toMatchObject([
      { url: "https://prod.test", credentials: { header: { "x-a": ["1"], "x-b": ["3"] } } },
    ]);
    expect(catalog.apis).toMatchObject([{ protocols: ["https"] }]);
    expect(catalog.namedValues).toMatchObject([{ value: "s3cret" }, { value: "2.50" }]);
  });

  it("leave the service's name to the caller where they give none", () => {
    expect(readTestFiles(FILES, { serviceName: "mine" }).catalog.name).toBe("mine");
    expect(readTestFiles(FILES).catalog.name).toBe("gatehouse");
  });

  it("may replace policies", () => {
    const { catalog, findings } = read(`
policies:
  - name: policy
    properties: { format: rawxml, value: <policies>global</policies> }
apis:
  - name: orders
    policies:
      - name: policy
        properties: { format: rawxml }
    operations:
      - name: get-root
        policies:
          - name: policy
            properties: { value: <policies>prod</policies> }
`);
    expect(findings).toContain(
      'named values/key/namedValueInformation.json:2:3 warning the secret "key" has no value here (give "value", or "keyVault": { "secretIdentifier": "env:NAME" }, here or in configuration.{env}.yaml)',
    );
    expect(findings).toHaveLength(1);
    expect(catalog.policy).toEqual({ file: "configuration.prod.yaml#4", text: "<policies>global</policies>" });
    expect(catalog.apis[0]?.policy?.text).toBe("<policies>file</policies>");
    expect(catalog.apis[0]?.operations[0]?.policy?.text).toBe("<policies>prod</policies>");
  });

  it("are where the findings about them are", () => {
    const { catalog, findings } = read(
      "backends:\n  - name: main\n    properties:\n      url: nowhere\nnamedValues: [{ name: key, properties: { value: x } }]\n",
    );
    expect(findings).toEqual([
      'configuration.prod.yaml:4:7 error "url" must be an absolute URL that begins with https://, http://, wss://, ws:// (write https://nowhere)',
    ]);
    expect(catalog.backends).toEqual([]);
    const named = catalog.namedValues[0]?.origin;
    expect(named?.locate?.(["properties", "value"])).toEqual({ file: "configuration.prod.yaml", line: 5, column: 42 });
    expect(named?.locate?.(["properties", "secret"])).toMatchObject({
      file: "named values/key/namedValueInformation.json",
      line: 4,
    });
  });
});

describe("tokens", () => {
  it("are replaced in both forms, with and without quotes", () => {
    const { catalog, findings } = read(
      'namedValues:\n  - name: key\n    properties: { value: {#[KEY]#} }\nbackends:\n  - name: main\n    properties:\n      url: "https://{#host#}/x"\n',
      { KEY: 'a": [b]\nc', host: "prod.test" },
    );
    expect(findings).toEqual([]);
    expect(catalog.namedValues).toMatchObject([{ value: 'a": [b]\nc' }, {}]);
    expect(catalog.backends).toMatchObject([{ url: "https://prod.test/x" }]);
  });

  it("that are numbers or booleans count as such", () => {
    const { catalog, findings } = read(
      "apis:\n  - name: orders\n    properties: { subscriptionRequired: '{#[REQUIRED]#}' }\nnamedValues: [{ name: key, properties: { value: x } }]\n",
      { REQUIRED: "false" },
    );
    expect(findings).toEqual([]);
    expect(catalog.apis[0]?.subscriptionRequired).toBe(false);
  });

  it("without a value are named once", () => {
    const { findings } = read(
      "namedValues:\n  - name: key\n    properties: { value: '{#[KEY]#} {#[KEY]#}', tags: ['{#KEY#}'] }\n",
    );
    expect(findings).toEqual(['configuration.prod.yaml:3:19 error there is no value for the token "KEY"']);
  });
});

describe("findings about overrides", () => {
  const key = "namedValues: [{ name: key, properties: { value: x } }]\n";
  it.each([
    ["- a", "1:1 error the configuration must be an object of sections"],
    [
      "a: [",
      "1:5 error not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["backend: []", '1:1 warning the section "backend" is not read (did you mean "backends"?)'],
    ["backends: {}", '1:1 error "backends" must be a list'],
    ["backends: [main]", '1:12 error each item needs a "name"'],
    [
      "backends: [{ name: man }]",
      '1:12 warning "man" has no artifact, so its override is ignored (did you mean "main"?)',
    ],
    ["backends: [{ name: main, properties: [] }]", '1:26 error "properties" must be an object'],
    [
      "backends: [{ name: main, propertys: {} }]",
      '1:26 warning the section "propertys" is not read (did you mean "properties"?)',
    ],
    [
      "apis: [{ name: orders, properties: { apiRevision: 2 } }]",
      '1:38 warning "apiRevision" cannot be overridden and is ignored',
    ],
    [
      "apis: [{ name: orders, operations: [{ name: get-root, properties: { displayName: X } }] }]",
      '1:55 warning "get-root" has no operationInformation.json, so its override is ignored',
    ],
    ["gateways: [{ name: x }]\ndiagnostics:\ntags: 5", undefined],
    ["", undefined],
  ])("%s", (text, finding) => {
    const { findings } = read(text.startsWith("-") || text === "a: [" || text === "" ? text : `${text}\n${key}`);
    const about = findings.filter((line) => line.startsWith("configuration"));
    expect(about).toEqual(finding === undefined ? [] : [`configuration.prod.yaml:${finding}`]);
  });
});
