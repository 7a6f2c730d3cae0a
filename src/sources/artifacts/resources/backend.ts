import type { BackendResource, PoolMember } from "../../../model/catalog.ts";
import { readUrl } from "../absolute-url.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import type { Properties } from "../properties.ts";
import { resolveReference } from "../resolve.ts";
import type { ResourceFolder } from "../tree.ts";
import { readCredentials } from "./backend-credentials.ts";
import { readCircuitBreaker } from "./circuit-breaker.ts";

const KNOWN = [
  "title",
  "description",
  "url",
  "protocol",
  "type",
  "pool",
  "circuitBreaker",
  "credentials",
  "tls",
  "proxy",
  "resourceId",
  "properties",
  "azureRegion",
];

const SCHEMES = ["https", "http", "wss", "ws"];

/** Places of the pool's members, for the checks across backends. */
export interface BackendDraft extends Draft<BackendResource> {
  members: readonly { id: string; item: Properties }[];
}

/** `backends/{x}/backendInformation.json` (2.13). */
export function readBackend(folder: ResourceFolder, context: ReadContext): BackendDraft | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const title = properties.text("title", { max: 300 });
  properties.text("description", { max: 2000 });
  // Older versions of the management API write a pool without its type.
  const type = properties.choice("type", ["Single", "Pool"]) ?? (properties.has("pool") ? "Pool" : "Single");
  const protocol = properties.choice("protocol", ["http", "soap"]) ?? "http";
  const members = type === "Pool" ? readPool(properties, context) : [];
  const url = type === "Single" ? readSingleUrl(properties) : undefined;
  if (type === "Single" && properties.has("pool")) {
    properties.error("pool", "invalid-property", '"pool" has a meaning only with "type": "Pool"');
  }
  return {
    properties,
    members,
    resource: {
      ...identity,
      type,
      protocol,
      pool: members.map((member) => member.resource),
      circuitBreaker: readCircuitBreaker(properties),
      tls: readTls(properties),
      ...defined({ title, url, credentials: readCredentials(properties, context), proxy: readProxy(properties) }),
    },
  };
}

function readSingleUrl(properties: Properties): string | undefined {
  if (properties.has("url") && properties.raw("url") !== "") return readUrl(properties, "url", SCHEMES);
  properties.missing("url");
  return undefined;
}

function readPool(
  properties: Properties,
  context: ReadContext,
): { id: string; item: Properties; resource: PoolMember }[] {
  const pool = properties.object("pool");
  pool?.expect(["services", "sessionAffinity", "failureResponse"]);
  const services = pool?.objects("services") ?? [];
  if (services.length === 0 && !properties.broken) {
    properties.error(pool ? "pool" : undefined, "missing-property", 'a pool needs at least one backend in "services"');
  }
  return services.flatMap((item) => {
    item.expect(["id", "weight", "priority"]);
    const text = item.requiredText("id");
    const weight = item.integer("weight", 0, 100) ?? 1;
    const priority = item.integer("priority", 0, 100) ?? 1;
    const id = text === undefined ? undefined : resolveReference(item, "id", text, "backend", context);
    return id === undefined ? [] : [{ id, item, resource: { id, weight, priority } }];
  });
}

function readTls(properties: Properties): BackendResource["tls"] {
  const tls = properties.object("tls");
  tls?.expect([
    "validateCertificateChain",
    "validateCertificateName",
    "serverCertificateThumbprints",
    "serverX509Names",
  ]);
  return {
    validateCertificateChain: tls?.boolean("validateCertificateChain") ?? true,
    validateCertificateName: tls?.boolean("validateCertificateName") ?? true,
  };
}

function readProxy(properties: Properties): BackendResource["proxy"] | undefined {
  const proxy = properties.object("proxy");
  if (!proxy) return undefined;
  proxy.expect(["url", "username", "password"]);
  if (!proxy.has("url")) proxy.missing("url");
  const url = readUrl(proxy, "url", ["http", "https"]);
  const optional = defined({ username: proxy.text("username"), password: proxy.text("password") });
  return url === undefined ? undefined : { url, ...optional };
}
