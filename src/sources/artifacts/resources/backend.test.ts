import { describe, expect, it } from "vitest";
import type { BackendResource } from "../../../model/catalog.ts";
import { readTestFiles, type TestFiles } from "../testing.ts";

const FILE = "backends/b/backendInformation.json";
const CONDITION = { count: 3, interval: "PT1M", statusCodeRanges: [{ min: 500, max: 599 }] };

function read(properties: object, files: TestFiles = {}): { backend: BackendResource | undefined; findings: string[] } {
  const { catalog, findings } = readTestFiles({ [FILE]: { properties }, ...files });
  return { backend: catalog.backends.find((backend) => backend.id === "b"), findings };
}

function single(name: string): TestFiles {
  return { [`backends/${name}/backendInformation.json`]: { properties: { url: `http://${name}.test` } } };
}

describe("a backend", () => {
  it("has the service's defaults", () => {
    const { backend, findings } = read({ url: "http://b.test:81/x" });
    expect(findings).toEqual([]);
    expect(backend).toEqual({
      id: "b",
      origin: expect.anything(),
      type: "Single",
      protocol: "http",
      url: "http://b.test:81/x",
      pool: [],
      circuitBreaker: [],
      tls: { validateCertificateChain: true, validateCertificateName: true },
    });
  });

  it("may present a certificate by its thumbprint, and send a token of the gateway's identity", () => {
    const thumbprint = "\u200eb4 68 e9 92 50 61 8c 2e a5 34 3e 84 f1 de a1 6e 62 2e af 74";
    const { backend, findings } = read({
      url: "https://b.test",
      credentials: { certificate: [thumbprint], managedIdentity: { resource: "{{audience}}", clientId: "c" } },
    });
    expect(findings).toEqual([]);
    expect(backend?.credentials).toMatchObject({
      thumbprints: ["B468E99250618C2EA5343E84F1DEA16E622EAF74"],
      managedIdentity: { resource: "{{audience}}", clientId: "c" },
    });
  });

  it("keeps credentials, TLS and proxy", () => {
    const { backend, findings } = read({
      url: "https://b.test",
      title: "B",
      protocol: "SOAP",
      credentials: {
        header: { "x-key": ["{{key}}", 2] },
        query: { code: ["c"] },
        authorization: { scheme: "Bearer", parameter: "{{token}}" },
      },
      tls: { validateCertificateChain: false },
      proxy: { url: "http://proxy.test:3128", username: "u" },
    });
    expect(findings).toEqual([]);
    expect(backend).toMatchObject({
      title: "B",
      protocol: "soap",
      credentials: {
        header: { "x-key": ["{{key}}", "2"] },
        query: { code: ["c"] },
        authorization: { scheme: "Bearer", parameter: "{{token}}" },
        certificateIds: [],
      },
      tls: { validateCertificateChain: false, validateCertificateName: true },
      proxy: { url: "http://proxy.test:3128", username: "u" },
    });
  });

  it("may be a pool", () => {
    const id = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/backends/A";
    const services = [{ id, weight: 3, priority: 2 }, { id: "/backends/c" }];
    const { backend, findings } = read({ type: "Pool", pool: { services } }, { ...single("a"), ...single("c") });
    expect(findings).toEqual([]);
    expect(backend).toMatchObject({
      type: "Pool",
      pool: [
        { id: "a", weight: 3, priority: 2 },
        { id: "c", weight: 1, priority: 1 },
      ],
    });
    expect(backend).not.toHaveProperty("url");
  });

  it("may be a pool without saying so", () => {
    expect(read({ pool: { services: [{ id: "/backends/a" }] } }, single("a")).backend?.type).toBe("Pool");
  });

  it("has a circuit breaker in milliseconds", () => {
    const rule = { name: "r", failureCondition: CONDITION, tripDuration: "PT1H30S", acceptRetryAfter: true };
    expect(read({ url: "http://b", circuitBreaker: { rules: [rule] } }).backend?.circuitBreaker).toEqual([
      {
        name: "r",
        count: 3,
        intervalMs: 60_000,
        statusCodeRanges: [{ min: 500, max: 599 }],
        errorReasons: [],
        tripDurationMs: 3_630_000,
        acceptRetryAfter: true,
      },
    ]);
  });
});

describe("findings about a backend", () => {
  const url = "http://b.test";
  it.each([
    [{}, {}, `${FILE}:2:3 error "url" is required`],
    [{ url: "" }, {}, `${FILE}:2:3 error "url" is required`],
    [
      { url: "b.test" },
      {},
      `${FILE}:3:5 error "url" must be an absolute URL that begins with https://, http://, wss://, ws:// (write https://b.test)`,
    ],
    [
      { url: "http://{{host}}/" },
      {},
      `${FILE}:3:5 error "url" must be an absolute URL that begins with https://, http://, wss://, ws://`,
    ],
    [
      { url, type: "Pools" },
      {},
      `${FILE}:4:5 error "type" may not be "Pools"; allowed are Single, Pool (did you mean "Pool"?)`,
    ],
    [
      { url, type: "Single", pool: { services: [] } },
      {},
      `${FILE}:5:5 error "pool" has a meaning only with "type": "Pool"`,
    ],
    [{ type: "Pool" }, {}, `${FILE}:2:3 error a pool needs at least one backend in "services"`],
    [{ type: "Pool", pool: { services: [] } }, {}, `${FILE}:4:5 error a pool needs at least one backend in "services"`],
    [
      { type: "Pool", pool: { services: [{ id: "/backends/other" }] } },
      single("y"),
      `${FILE}:7:11 error the backend "other" does not exist`,
    ],
    [
      { type: "Pool", pool: { services: [{ id: "/backends/x", weight: 101 }] } },
      single("x"),
      `${FILE}:8:11 error "weight" must be a whole number from 0 to 100`,
    ],
    [{ type: "Pool", pool: { services: [{}] } }, {}, `${FILE}:6:9 error "id" is required`],
    [{ url, credentials: { header: { "a b": ["x"] } } }, {}, `${FILE}:6:9 error "a b" is no name of a header`],
    [{ url, credentials: { header: { a: "x" } } }, {}, `${FILE}:6:9 error "a" must be a list`],
    [{ url, credentials: { authorization: { scheme: "Bearer" } } }, {}, `${FILE}:5:7 error "parameter" is required`],
    [
      { url, credentials: { certificateIds: ["/certificates/x"] } },
      {},
      `${FILE}:5:7 error the certificate "x" does not exist`,
    ],
    [{ url, credentials: { certificate: ["AB12"] } }, {}, `${FILE}:5:7 error a thumbprint has 40 hexadecimal digits`],
    [{ url, credentials: { managedIdentity: {} } }, {}, `${FILE}:5:7 error "resource" is required`],
    [
      { url, tls: { validateCertificateChan: false } },
      {},
      `${FILE}:5:7 warning the property "validateCertificateChan" is not known (did you mean "validateCertificateChain"?)`,
    ],
    [{ url, proxy: {} }, {}, `${FILE}:4:5 error "url" is required`],
  ])("%j", (properties, files, finding) => {
    expect(read(properties, files).findings).toEqual([finding]);
  });

  it.each([
    [{ tripDuration: "PT1M" }, `${FILE}:6:9 error "failureCondition" is required`],
    [{ failureCondition: CONDITION }, `${FILE}:6:9 error "tripDuration" is required`],
    [
      { failureCondition: { ...CONDITION, count: undefined }, tripDuration: "PT1M" },
      `${FILE}:7:11 error the rule never trips: "failureCondition" needs "count" or "percentage"`,
    ],
    [
      { failureCondition: { ...CONDITION, statusCodeRanges: [] }, tripDuration: "PT1M" },
      `${FILE}:7:11 error the rule never trips: "failureCondition" needs "statusCodeRanges" or "errorReasons"`,
    ],
    [
      { failureCondition: { ...CONDITION, interval: "1m" }, tripDuration: "PT1M" },
      `${FILE}:9:13 error "interval" must be a duration longer than nothing, in ISO 8601 form (such as PT30S, PT1M or PT1H)`,
    ],
    [
      { failureCondition: { ...CONDITION, interval: "PT0S" }, tripDuration: "PT1M" },
      `${FILE}:9:13 error "interval" must be a duration longer than nothing, in ISO 8601 form (such as PT30S, PT1M or PT1H)`,
    ],
    [
      { failureCondition: { ...CONDITION, statusCodeRanges: [{ min: 500, max: 400 }] }, tripDuration: "PT1M" },
      `${FILE}:12:17 error "min" (500) is greater than "max" (400)`,
    ],
    [
      { failureCondition: { ...CONDITION, statusCodeRanges: [{ min: 100, max: 400 }] }, tripDuration: "PT1M" },
      `${FILE}:12:17 error "min" must be a whole number from 200 to 599`,
    ],
    [
      { failureCondition: { ...CONDITION, count: 0 }, tripDuration: "PT1M" },
      `${FILE}:8:13 error "count" must be a whole number of at least 1`,
    ],
  ])("circuit breaker rule %j", (rule, finding) => {
    const { backend, findings } = read({ url, circuitBreaker: { rules: [rule] } });
    expect(findings).toEqual([finding]);
    expect(backend).toBeUndefined();
  });

  it("warn about rules that are not used", () => {
    const rule = { failureCondition: CONDITION, tripDuration: "PT1M" };
    const { findings } = read({ url, circuitBreaker: { rules: [rule, rule] } });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain("warning a backend has one circuit breaker rule; the others are not used");
  });

  it("name a pool in a pool", () => {
    const pool = (id: string) => ({ properties: { type: "Pool", pool: { services: [{ id: `/backends/${id}` }] } } });
    const files = {
      ...single("a"),
      "backends/p/backendInformation.json": pool("a"),
      "backends/q/backendInformation.json": pool("p"),
      "backends/r/backendInformation.json": pool("r"),
    };
    expect(readTestFiles(files).findings).toEqual([
      'backends/q/backendInformation.json:7:11 error the pool "q" may not have the pool "p" as a member',
      'backends/r/backendInformation.json:7:11 error the pool "r" may not have the pool "r" as a member',
    ]);
  });
});
