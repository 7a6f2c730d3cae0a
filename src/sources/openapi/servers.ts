import { parseUrl } from "../../policy/exchange/url.ts";
import { isRecord } from "../document/data-document.ts";

/** The service URL that an OpenAPI 3 document gives: its first https server, else its first http one. */
export function openApiServiceUrl(document: Record<string, unknown>): string | undefined {
  const servers = Array.isArray(document.servers) ? document.servers : [];
  return firstServiceUrl(servers.flatMap((server: unknown) => serverUrl(server) ?? []));
}

/** The same of a Swagger 2.0 document, from `schemes`, `host` and `basePath`. */
export function swaggerServiceUrl(document: Record<string, unknown>): string | undefined {
  const { host, basePath, schemes } = document;
  if (typeof host !== "string" || host === "") return undefined;
  const path = typeof basePath === "string" ? basePath : "";
  const written = Array.isArray(schemes) ? schemes.filter((scheme) => typeof scheme === "string") : [];
  return firstServiceUrl((written.length > 0 ? written : ["https"]).map((scheme) => `${scheme}://${host}${path}`));
}

function firstServiceUrl(urls: readonly string[]): string | undefined {
  const absolute = urls.filter((url) => parseUrl(url) !== undefined && !/[{}]/.test(url));
  const found = absolute.find((url) => /^https:/i.test(url)) ?? absolute[0];
  return found?.replace(/\/+$/, "");
}

/** A server's URL, its variables replaced by their defaults. */
function serverUrl(server: unknown): string | undefined {
  if (!isRecord(server) || typeof server.url !== "string" || server.url.length > 2000) return undefined;
  const variables = isRecord(server.variables) ? server.variables : {};
  return server.url.replace(/\{([^{}]*)\}/g, (written, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const value = isRecord(variable) ? variable.default : undefined;
    return value === undefined || value === null ? written : String(value);
  });
}
