import { readFileSync } from "node:fs";
import type { Catalog } from "../model/catalog.ts";
import { connectionSecrets } from "../plan/compile-connections.ts";
import { loggerSecrets } from "../plan/compile-loggers.ts";
import type { PlanRoot } from "../plan/plan.ts";

/** What a plan names and does not hold: values of secret named values and private keys of certificates. */
export interface Material {
  secrets: ReadonlyMap<string, string>;
  /** By certificate id. */
  keys: ReadonlyMap<string, string>;
}

/**
 * The material of a catalog on this machine: values that stand in the catalog, and those that `env:NAME` and `file:/path`
 * name. What cannot be had is listed in `missing`, with the reason.
 */
export function materialOf(catalog: Catalog): Material & { missing: string[] } {
  const secrets = new Map<string, string>();
  const missing: string[] = [];
  for (const named of catalog.namedValues) {
    if (!named.secret && named.secretIdentifier === undefined) continue;
    const found = named.value ?? readIdentifier(named.secretIdentifier);
    if (typeof found === "string") secrets.set(named.displayName, found);
    else missing.push(`secret named value "${named.displayName}" (${named.origin.file}): ${found.why}`);
  }
  for (const { name, value, file } of [...connectionSecrets(catalog), ...loggerSecrets(catalog)]) {
    const found = /^(?:env|file):/.test(value) ? readIdentifier(value) : value;
    if (typeof found === "string") secrets.set(name, found);
    else missing.push(`secret "${name}" (${file}): ${found.why}`);
  }
  const keys = new Map<string, string>();
  for (const certificate of catalog.certificates) if (certificate.key) keys.set(certificate.id, certificate.key);
  return { secrets, keys, missing };
}

/** The material of a plan alone: secrets from a JSON file (`{ "name": "value" }`) or `GATEHOUSE_SECRET_NAME` variables. */
export function materialFromEnvironment(
  root: PlanRoot,
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Material & { missing: string[] } {
  const given = file === undefined ? {} : (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>);
  const secrets = new Map<string, string>();
  const missing: string[] = [];
  for (const name of root.secrets) {
    const variable = `GATEHOUSE_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
    const value = Object.hasOwn(given, name) ? given[name] : environment[variable];
    if (typeof value === "string") secrets.set(name, value);
    else missing.push(`secret named value "${name}": give it in --secrets or as ${variable}`);
  }
  return { secrets, keys: new Map(), missing };
}

/** The value that `env:NAME` or `file:/path` names, or why there is none. */
export function readIdentifier(identifier: string | undefined): string | { why: string } {
  if (identifier === undefined) return { why: 'it has neither a "value" nor a "keyVault.secretIdentifier"' };
  if (identifier.startsWith("env:")) {
    const name = identifier.slice(4);
    return process.env[name] ?? { why: `the environment variable ${name} is not set` };
  }
  if (identifier.startsWith("file:")) {
    try {
      return readFileSync(identifier.slice(5), "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      return { why: `${identifier.slice(5)} cannot be read (${(error as NodeJS.ErrnoException).code})` };
    }
  }
  return { why: `"${identifier}" cannot be read here; env:NAME and file:/path can` };
}
