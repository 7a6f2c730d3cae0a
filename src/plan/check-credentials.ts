import type { BackendResource, Catalog } from "../model/catalog.ts";
import type { Diagnostic, Severity } from "../model/diagnostic.ts";
import { didYouMean } from "../model/nearest.ts";
import type { PlanElement } from "../policy/compiler/element.ts";
import { walkElements } from "./compile-policies.ts";
import type { PolicyPart } from "./plan.ts";

/** Connections of credential providers and certificates of issuers that a document names by literal ids and that do not exist. */
export function checkCredentials(part: PolicyPart, catalog: Catalog): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const element of walkElements(part)) {
    if (element.name === "get-authorization-context") findings.push(...checkConnection(element, catalog));
    const certificate = element.attributes?.["issuer-certificate-id"];
    if (typeof certificate !== "string" || catalog.certificates.some(({ id }) => id === certificate)) continue;
    const message = `<${element.name}> names the certificate "${certificate}", which does not exist`;
    const ids = catalog.certificates.map(({ id }) => id);
    findings.push(finding("error", element, "unknown-certificate", message, didYouMean(certificate, ids)));
  }
  return findings;
}

/** Certificates that a backend presents must be there; those named by id were looked for when they were read. */
export function checkThumbprints(backend: BackendResource, catalog: Catalog): Diagnostic[] {
  const unknown = (backend.credentials?.thumbprints ?? []).filter(
    (thumbprint) => !catalog.certificates.some((certificate) => certificate.thumbprint === thumbprint),
  );
  const path = ["properties", "credentials", "certificate"];
  return unknown.map((thumbprint) => ({
    severity: "error",
    code: "unknown-certificate",
    message: `backend "${backend.id}" presents the certificate with the thumbprint ${thumbprint}, which does not exist`,
    file: backend.origin.file,
    ...(backend.origin.locate?.(path) ?? { line: 1, column: 1 }),
  }));
}

/** A warning only: exported folders hold no credential providers, and a request fails where it needs the token. */
function checkConnection(element: PlanElement, catalog: Catalog): Diagnostic[] {
  const { "provider-id": provider, "authorization-id": connection } = element.attributes ?? {};
  if (typeof provider !== "string" || typeof connection !== "string") return [];
  const same = (a: string, b: string) => a.toLowerCase() === b.trim().toLowerCase();
  const found = catalog.credentialProviders?.find(({ id }) => same(id, provider));
  if (found?.connections.some(({ id }) => same(id, connection))) return [];
  const message = `there is no connection "${connection}" of a credential provider "${provider}": requests fail here`;
  const hint = `add authorizationProviders/${provider}/authorizations/${connection}/authorizationInformation.json`;
  return [finding("warning", element, "unknown-connection", message, hint)];
}

function finding(
  severity: Severity,
  { at }: PlanElement,
  code: string,
  message: string,
  hint: string | undefined,
): Diagnostic {
  const [, file = at, line = "1", column = "1"] = /^(.*):(\d+):(\d+)$/.exec(at) ?? [];
  return { severity, code, message, file, line: Number(line), column: Number(column), ...(hint ? { hint } : {}) };
}
