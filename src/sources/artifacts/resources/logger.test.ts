import { describe, expect, it } from "vitest";
import { compilePlan } from "../../../plan/compile.ts";
import { apiFiles, readTestFiles } from "../testing.ts";

const FILE = "loggers/l/loggerInformation.json";
const policy = (id = "l") =>
  `<policies><inbound>\n<log-to-eventhub logger-id="${id}">x</log-to-eventhub></inbound></policies>`;

function read(properties: object, more: Record<string, unknown> = {}) {
  const { catalog, findings } = readTestFiles({ ...apiFiles("a"), [FILE]: { properties }, ...more });
  return { catalog, findings, target: catalog.loggers?.[0]?.target };
}

/** The plan of a folder whose policy writes to the logger. */
function compiled(properties: object, more: Record<string, unknown> = {}, id?: string) {
  const { catalog } = read(properties, { "policy.xml": policy(id), ...more });
  const { plan, diagnostics } = compilePlan(catalog);
  const part = Object.values(plan?.parts ?? {}).find((candidate) => candidate.kind === "logger");
  const errors = diagnostics.map(
    ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
  );
  return { part, errors, secrets: plan?.root.secrets };
}

describe("a logger", () => {
  it.each([
    [
      { loggerType: "azureEventHub", credentials: { name: "h", connectionString: "c" } },
      { kind: "event-hub", name: "h", connectionString: "c" },
    ],
    [
      { loggerType: "azureEventHub", credentials: { name: "h", endpointAddress: "n", identityClientId: "i" } },
      { kind: "event-hub-identity", name: "h", endpoint: "n", clientId: "i" },
    ],
    [
      { loggerType: "file", credentials: { path: "events.log" } },
      { kind: "file", path: "events.log" },
    ],
    [
      { loggerType: "http", credentials: { url: "https://a/b", authorization: "Bearer {{t}}" } },
      { kind: "http", url: "https://a/b", authorization: "Bearer {{t}}" },
    ],
    [{ loggerType: "azureMonitor" }, { kind: "none" }],
    [{ loggerType: "azureEventHub", credentials: { name: "h" } }, { kind: "none" }],
    [{ loggerType: "azureEventHub" }, { kind: "none" }],
    [{ loggerType: "file" }, { kind: "none" }],
    [{}, { kind: "none" }],
  ])("%j goes to %j", (properties, target) => {
    const { findings, target: found } = read(properties);
    expect(findings).toEqual([]);
    expect(found).toMatchObject(target);
  });

  it.each(["../x", "/etc/x", "a/b", "a\\b", "..", ""])("does not write to %j", (path) => {
    expect(read({ loggerType: "file", credentials: { path } }).findings).toEqual([
      expect.stringContaining(`${FILE}:5:7 error "path" `),
    ]);
  });

  it("does not post to other than http addresses", () => {
    expect(read({ loggerType: "http", credentials: { url: "ftp://a" } }).findings).toHaveLength(1);
  });

  it("may be overridden by an environment", () => {
    const text = "loggers: [{ name: l, properties: { credentials: { path: other.log } } }]";
    const files = { [FILE]: { properties: { loggerType: "file", credentials: { path: "a.log" } } } };
    const { catalog } = readTestFiles(files, { overrides: { file: "configuration.dev.yaml", text } });
    expect(catalog.loggers?.[0]?.target).toMatchObject({ path: "other.log" });
  });
});

describe("a policy that writes to a logger", () => {
  it("brings it into the plan, without its secrets", () => {
    const { part, secrets } = compiled({
      loggerType: "azureEventHub",
      credentials: { name: "h", connectionString: "c" },
    });
    expect(part).toEqual({
      kind: "logger",
      id: "l",
      target: {
        kind: "event-hub",
        name: "h",
        connectionString: { template: [{ secret: "logger:l/connectionString" }] },
      },
    });
    expect(secrets).toEqual(["logger:l/connectionString"]);
  });

  it("resolves named values", () => {
    const named = (displayName: string, secret: boolean) => ({
      properties: { displayName, secret, value: `v-${displayName}` },
    });
    const more = {
      "namedValues/u/namedValueInformation.json": named("u", false),
      "namedValues/t/namedValueInformation.json": named("t", true),
    };
    const credentials = { url: "http://{{u}}/", authorization: "Bearer {{t}}" };
    expect(compiled({ loggerType: "http", credentials }, more).part).toMatchObject({
      target: { url: "http://v-u/", authorization: { template: ["Bearer ", { secret: "t" }] } },
    });
    expect(compiled({ loggerType: "http", credentials }).errors).toEqual([
      expect.stringContaining(`${FILE}:4:5 unknown-named-value`),
      expect.stringContaining(`${FILE}:4:5 unknown-named-value`),
    ]);
  });

  it("is refused at its place where there is none, or none to write to", () => {
    const file = { loggerType: "file", credentials: { path: "a.log" } };
    expect(compiled(file, {}, "m").errors).toEqual([
      'policy.xml:2:1 unknown-logger <log-to-eventhub> names the logger "m", which does not exist',
    ]);
    expect(compiled({ loggerType: "azureMonitor" }).errors).toEqual([
      expect.stringContaining("policy.xml:2:1 unusable-logger"),
    ]);
  });

  it("is the only reason to look at a logger's named values", () => {
    const { catalog } = read({ loggerType: "http", credentials: { url: "{{nothing}}" } });
    expect(compilePlan(catalog).diagnostics).toEqual([]);
  });
});
