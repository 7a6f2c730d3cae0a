import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { identityFromEnvironment, parseIdentitySettings } from "../gateway/identity/identity-settings.ts";
import type { SharedServicesOptions } from "../gateway/shared-services.ts";
import { parseUrl } from "../policy/exchange/url.ts";
import { CommandError } from "./output.ts";

/** Options of commands that run a gateway with identities and trust of its own. */
export interface IdentityCommandOptions {
  identityFile?: string;
  entraAuthority?: string;
  clientCa?: string;
}

/**
 * Who the gateway is and whom it trusts, from options and the environment.
 * @throws {CommandError} that says what is wrong, and shows no secret.
 */
export function identityOptions(
  options: IdentityCommandOptions,
  env: NodeJS.ProcessEnv,
): Pick<SharedServicesOptions, "identity" | "entraAuthority" | "clientAuthorities"> {
  const authority = options.entraAuthority ?? (env.AZURE_AUTHORITY_HOST?.trim() || undefined);
  if (authority !== undefined && !/^https?$/.test(parseUrl(authority)?.scheme ?? "")) {
    throw new CommandError(`"${authority}" is no address of Microsoft Entra ID: it must be an http or https URL.`);
  }
  return {
    identity: identity(options.identityFile, env),
    ...(authority === undefined ? {} : { entraAuthority: authority }),
    ...(options.clientCa === undefined ? {} : { clientAuthorities: authorities(options.clientCa) }),
  };
}

function identity(file: string | undefined, env: NodeJS.ProcessEnv) {
  try {
    return file === undefined ? identityFromEnvironment(env) : parseIdentitySettings(read(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const what = file === undefined ? "The identity that the environment describes" : `The identity file "${file}"`;
    throw new CommandError(`${what} cannot be used: ${(error as Error).message}.`);
  }
}

/** The certificates of a PEM file. */
function authorities(file: string): string[] {
  const blocks = read(file).match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    throw new CommandError(`"${file}" holds a certificate that is damaged.`);
  }
  if (blocks.length === 0) throw new CommandError(`"${file}" holds no certificate in PEM form.`);
  return blocks;
}

function read(file: string): string {
  if (!existsSync(file)) throw new CommandError(`There is no file "${file}".`);
  return readFileSync(file, "utf8");
}
