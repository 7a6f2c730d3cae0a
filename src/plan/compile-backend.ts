import type { BackendResource } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { didYouMean } from "../model/nearest.ts";
import { SourceText } from "../model/source-text.ts";
import { type NamedValue, SECRET_OPEN, substitute, templateParts } from "../policy/compiler/named-values.ts";
import { parseUrl } from "../policy/exchange/url.ts";
import type { BackendPart, PlanBreaker, PlanText } from "./plan.ts";

/** Compiles a backend resource; `{{named-value}}` references in its credentials are resolved (secrets stay references). */
export function compileBackend(
  backend: BackendResource,
  namedValues: ReadonlyMap<string, NamedValue>,
  diagnostics: Diagnostic[],
): BackendPart {
  const text = (value: string) => compileText(value, backend, namedValues, diagnostics);
  const { credentials, proxy } = backend;
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
    certificates: credentials?.certificateIds ?? [],
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

function compileText(
  value: string,
  backend: BackendResource,
  namedValues: ReadonlyMap<string, NamedValue>,
  diagnostics: Diagnostic[],
): PlanText {
  const source = SourceText.of(value, backend.origin.file);
  const substituted = substitute(source, namedValues, (name) => {
    const position = backend.origin.locate?.(["properties", "credentials"]) ?? { line: 1, column: 1 };
    const hint = didYouMean(name, namedValues.keys());
    diagnostics.push({
      severity: "error",
      code: "unknown-named-value",
      message: `the credentials of backend "${backend.id}" refer to the named value "${name}", which does not exist`,
      file: backend.origin.file,
      ...position,
      ...(hint ? { hint } : {}),
    });
  }).text;
  return substituted.includes(SECRET_OPEN) ? { template: templateParts(substituted) } : substituted;
}
