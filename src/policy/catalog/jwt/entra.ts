import type { Evaluate } from "../../compiler/loader.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { origin, parseUrl } from "../../exchange/url.ts";

/** Where Microsoft Entra ID is, in the public cloud and in sovereign ones. */
const AUTHORITIES: ReadonlySet<string> = new Set([
  "https://login.microsoftonline.com",
  "https://login.microsoftonline.us",
  "https://login.partner.microsoftonline.cn",
  "https://login.chinacloudapi.cn",
  "https://login.windows.net",
  "https://sts.windows.net",
]);

/** A tenant's id, domain or common name (`organizations`); nothing that could lead elsewhere in an address. */
const TENANT = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/;

/**
 * Addresses of the OpenID metadata of a tenant: of its first and its second version, as tokens come in both.
 * @param tenant id, domain, or address of the tenant.
 * @param endpoint base address of Entra where the policy says it, else the gateway's setting is used.
 */
export function entraMetadata(
  tenant: Evaluate<string>,
  endpoint: Evaluate<string | undefined>,
): readonly Evaluate<string>[] {
  return ["/.well-known/openid-configuration", "/v2.0/.well-known/openid-configuration"].map((path) => (x) => {
    const base = tenantAddress(tenant(x).trim(), endpoint(x)?.trim() || x.services.entraAuthority, x);
    return base === undefined ? NOWHERE : base + path;
  });
}

/** Without a usable tenant there is no metadata, so no key and no token that could be accepted. */
const NOWHERE = "";

function tenantAddress(tenant: string, authority: string, x: Exchange): string | undefined {
  const base = authority.replace(/\/+$/, "");
  if (TENANT.test(tenant)) return `${base}/${tenant}`;
  const url = parseUrl(tenant);
  if (!url) return undefined;
  // The tenant may be what a caller says: only where Entra is known to be can an address lead.
  const at = origin(url);
  const known = AUTHORITIES.has(at) || at === originOf(base) || at === originOf(x.services.entraAuthority);
  const name = url.path.split("/")[1] ?? "";
  return known && TENANT.test(name) ? `${at}/${name}` : undefined;
}

function originOf(address: string): string | undefined {
  const url = parseUrl(address);
  return url && origin(url);
}
