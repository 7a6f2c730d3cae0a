import type { BackendResource } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { NamedValue } from "../policy/compiler/named-values.ts";
import { parseUrl } from "../policy/exchange/url.ts";
import { compileText } from "./compile-text.ts";
import type { BackendPart, PlanBreaker, PlanText } from "./plan.ts";

/** Compiles a backend resource; `{{named-value}}` references in its credentials are resolved (secrets stay references). */
export function compileBackend(
  backend: BackendResource,
  namedValues: ReadonlyMap<string, NamedValue>,
  diagnostics: Diagnostic[],
): BackendPart {
  const what = `the credentials of backend "${backend.id}"`;
  const place = { origin: backend.origin, path: ["properties", "credentials"], what };
  const text = (value: string) => compileText(value, place, namedValues, diagnostics);
  const { credentials, proxy } = backend;
  const identity = credentials?.managedIdentity;
  const proxyUrl = proxy && parseUrl(proxy.url);
  return {
    kind: "backend",
    id: backend.id,
    type: backend.type,
    url: backend.url === undefined ? null : (parseUrl(backend.url) ?? null),
    members: backend.pool,
    breaker: compileBreaker(backend),
    headers: pairs(credentials?.header, text),
    query: pairs(credentials?.query, text),
    authorization: credentials?.authorization
      ? { scheme: credentials.authorization.scheme, parameter: text(credentials.authorization.parameter) }
      : null,
    certificates: [...(credentials?.certificateIds ?? []), ...(credentials?.thumbprints ?? [])],
    ...(identity
      ? {
          identity: {
            resource: text(identity.resource),
            clientId: identity.clientId === undefined ? null : text(identity.clientId),
          },
        }
      : {}),
    tls: { validateChain: backend.tls.validateCertificateChain, validateName: backend.tls.validateCertificateName },
    proxy:
      proxy && proxyUrl
        ? {
            url: proxyUrl,
            ...(proxy.username === undefined ? {} : { username: text(proxy.username) }),
            ...(proxy.password === undefined ? {} : { password: text(proxy.password) }),
          }
        : null,
  };
}

function pairs(
  values: Readonly<Record<string, readonly string[]>> | undefined,
  text: (value: string) => PlanText,
): [string, PlanText][] {
  return Object.entries(values ?? {}).flatMap(([name, list]) =>
    list.map((value): [string, PlanText] => [name, text(value)]),
  );
}

/** The first rule; the service allows one rule per backend. */
function compileBreaker(backend: BackendResource): PlanBreaker | null {
  const rule = backend.circuitBreaker[0];
  if (!rule) return null;
  return {
    count: rule.count ?? null,
    percentage: rule.percentage ?? null,
    intervalMs: rule.intervalMs,
    statusCodeRanges: rule.statusCodeRanges,
    errorReasons: rule.errorReasons,
    tripDurationMs: rule.tripDurationMs,
    acceptRetryAfter: rule.acceptRetryAfter,
  };
}
