import { readIdentifier } from "../material.ts";
import type { IdentitySource } from "./identity-source.ts";
import type { IdentitySettings } from "./identity-tokens.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const SOURCES = ["imds", "app-service", "service-principal", "workload", "token-endpoint", "none"] as const;

type SourceName = (typeof SOURCES)[number];

/** What a source of each kind must be told. */
const NEEDED: Readonly<Record<IdentitySource["source"], readonly string[]>> = {
  imds: [],
  "app-service": ["endpoint", "header"],
  "service-principal": ["tenantId", "clientId", "clientSecret"],
  workload: ["tenantId", "clientId", "tokenFile"],
  "token-endpoint": ["url"],
};

const OPTIONAL: Readonly<Record<IdentitySource["source"], readonly string[]>> = {
  imds: ["endpoint"],
  "app-service": [],
  "service-principal": ["authority"],
  workload: ["authority"],
  "token-endpoint": ["clientId", "clientSecret"],
};

/**
 * The gateway's identity as environment variables describe it: those of Azure's own libraries (`IDENTITY_ENDPOINT`,
 * `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`, …), and `GATEHOUSE_TOKEN_ENDPOINT` for any other token endpoint.
 * `GATEHOUSE_IDENTITY` chooses where several are there; the endpoint of Azure machines is only used when it says so.
 * @throws Error that names what is missing or wrong.
 */
export function identityFromEnvironment(env: Environment): IdentitySettings {
  const chosen = env.GATEHOUSE_IDENTITY?.trim() || undefined;
  if (chosen !== undefined && !isSource(chosen)) {
    throw new Error(`GATEHOUSE_IDENTITY is "${chosen}"; it can be ${SOURCES.join(", ")}`);
  }
  const name = chosen ?? present(env);
  if (name === undefined || name === "none") return {};
  const values = variables(name, env);
  const missing = NEEDED[name].filter((key) => values[key] === undefined);
  if (missing.length > 0) {
    const names = missing.map((key) => VARIABLES[name][key]).join(", ");
    throw new Error(`the identity "${name}" needs the environment variables ${names}`);
  }
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return { default: { source: name, ...Object.fromEntries(given) } as IdentitySource };
}

/** Names of variables by source and property. */
const VARIABLES: Readonly<Record<IdentitySource["source"], Readonly<Record<string, string>>>> = {
  imds: { endpoint: "AZURE_POD_IDENTITY_AUTHORITY_HOST" },
  "app-service": { endpoint: "IDENTITY_ENDPOINT", header: "IDENTITY_HEADER" },
  "service-principal": {
    tenantId: "AZURE_TENANT_ID",
    clientId: "AZURE_CLIENT_ID",
    clientSecret: "AZURE_CLIENT_SECRET",
    authority: "AZURE_AUTHORITY_HOST",
  },
  workload: {
    tenantId: "AZURE_TENANT_ID",
    clientId: "AZURE_CLIENT_ID",
    tokenFile: "AZURE_FEDERATED_TOKEN_FILE",
    authority: "AZURE_AUTHORITY_HOST",
  },
  "token-endpoint": {
    url: "GATEHOUSE_TOKEN_ENDPOINT",
    clientId: "GATEHOUSE_TOKEN_CLIENT_ID",
    clientSecret: "GATEHOUSE_TOKEN_CLIENT_SECRET",
  },
};

function variables(name: IdentitySource["source"], env: Environment): Record<string, string | undefined> {
  const values = Object.entries(VARIABLES[name]).map(([key, variable]) => [key, env[variable]?.trim() || undefined]);
  const found = Object.fromEntries(values) as Record<string, string | undefined>;
  if (name === "imds" && found.endpoint !== undefined) {
    found.endpoint = `${found.endpoint.replace(/\/+$/, "")}/metadata/identity/oauth2/token`;
  }
  return found;
}

/** The most particular source that is there in full; a secret is preferred over what the machine offers. */
function present(env: Environment): SourceName | undefined {
  const order = ["token-endpoint", "service-principal", "workload", "app-service"] as const;
  return order.find((name) => {
    const values = variables(name, env);
    return NEEDED[name].every((key) => values[key] !== undefined);
  });
}

/**
 * The gateway's identities as a JSON file describes them: `{ "default": { "source": …, … }, "clients": { "ID": { … } } }`.
 * Texts of the form `env:NAME` and `file:/path` stand for what is there.
 * @throws Error that names what is wrong, and shows no value.
 */
export function parseIdentitySettings(json: string): IdentitySettings {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new Error("it is not JSON");
  }
  return readIdentitySettings(value);
}

/** As {@link parseIdentitySettings}, of the parsed value. */
export function readIdentitySettings(value: unknown): IdentitySettings {
  const settings = objectOf(value, "it");
  const unknown = Object.keys(settings).find((key) => key !== "default" && key !== "clients");
  if (unknown !== undefined) throw new Error(`it has "${unknown}"; it can have "default" and "clients"`);
  const clients = settings.clients === undefined ? {} : objectOf(settings.clients, '"clients"');
  return {
    ...(settings.default === undefined ? {} : { default: readSource(settings.default, '"default"') }),
    clients: Object.fromEntries(
      Object.entries(clients).map(([id, source]) => [id, readSource(source, `"clients"."${id}"`)]),
    ),
  };
}

function readSource(value: unknown, what: string): IdentitySource {
  const { source, parameters, ...texts } = objectOf(value, what);
  if (typeof source !== "string" || !isSource(source) || source === "none") {
    throw new Error(`${what} needs a "source": ${SOURCES.filter((name) => name !== "none").join(", ")}`);
  }
  const allowed = [...NEEDED[source], ...OPTIONAL[source]];
  const unknown = Object.keys(texts).find((key) => !allowed.includes(key));
  if (unknown !== undefined) throw new Error(`${what} has "${unknown}"; "${source}" takes ${allowed.join(", ")}`);
  const missing = NEEDED[source].filter((key) => texts[key] === undefined);
  if (missing.length > 0) throw new Error(`${what} needs ${missing.map((key) => `"${key}"`).join(", ")}`);
  const resolved = Object.entries(texts).map(([key, text]) => [key, resolve(text, `${what}."${key}"`)]);
  if (parameters !== undefined && source !== "token-endpoint") {
    throw new Error(`${what} has "parameters"; only "token-endpoint" takes them`);
  }
  const form = parameters === undefined ? {} : { parameters: readParameters(parameters, `${what}."parameters"`) };
  return { source, ...Object.fromEntries(resolved), ...form } as IdentitySource;
}

function readParameters(value: unknown, what: string): Record<string, string> {
  const texts = Object.entries(objectOf(value, what));
  return Object.fromEntries(texts.map(([name, text]) => [name, resolve(text, `${what}."${name}"`)]));
}

function resolve(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} must be a text`);
  if (!/^(env|file):/.test(value)) return value;
  const found = readIdentifier(value);
  if (typeof found === "string") return found;
  throw new Error(`${what}: ${found.why}`);
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} must be an object`);
}

function isSource(name: string): name is SourceName {
  return (SOURCES as readonly string[]).includes(name);
}
