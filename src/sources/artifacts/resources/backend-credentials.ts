import type { BackendResource } from "../../../model/catalog.ts";
import { defined, type ReadContext } from "../context.ts";
import type { Properties } from "../properties.ts";
import { resolveReference } from "../resolve.ts";

type Credentials = NonNullable<BackendResource["credentials"]>;

const MAX_CERTIFICATES = 32;

/** A backend's `credentials`: what is added to each request to it (2.13). */
export function readCredentials(backend: Properties, context: ReadContext): Credentials | undefined {
  const credentials = backend.object("credentials");
  if (!credentials) return undefined;
  credentials.expect(["certificateIds", "certificate", "query", "header", "authorization", "managedIdentity"]);
  return {
    header: readValues(credentials, "header"),
    query: readValues(credentials, "query"),
    certificateIds: readCertificates(credentials, context),
    ...defined({
      authorization: readAuthorization(credentials),
      thumbprints: readThumbprints(credentials),
      managedIdentity: readManagedIdentity(credentials),
    }),
  };
}

/** Names with a list of values each. */
function readValues(credentials: Properties, property: "header" | "query"): Record<string, string[]> {
  const values = credentials.object(property);
  const names = values?.names() ?? [];
  return Object.fromEntries(
    names.flatMap((name) => {
      if (property === "header" && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
        values?.error(name, "invalid-property", `"${name}" is no name of a header`);
        return [];
      }
      return [[name, values?.texts(name) ?? []]];
    }),
  );
}

function readAuthorization(credentials: Properties): Credentials["authorization"] {
  const authorization = credentials.object("authorization");
  if (!authorization) return undefined;
  authorization.expect(["scheme", "parameter"]);
  const scheme = authorization.requiredText("scheme", { max: 100 });
  const parameter = authorization.requiredText("parameter", { max: 300 });
  return scheme === undefined || parameter === undefined ? undefined : { scheme, parameter };
}

function readCertificates(credentials: Properties, context: ReadContext): string[] {
  const ids = credentials.texts("certificateIds") ?? [];
  if (ids.length > MAX_CERTIFICATES) {
    const message = `"certificateIds" may hold at most ${MAX_CERTIFICATES} certificates`;
    credentials.error("certificateIds", "invalid-property", message);
  }
  return ids.flatMap((text) => resolveReference(credentials, "certificateIds", text, "certificate", context) ?? []);
}

function readThumbprints(credentials: Properties): string[] | undefined {
  return credentials.texts("certificate")?.flatMap((text) => {
    // People copy thumbprints with the spaces and invisible marks of certificate dialogs.
    const thumbprint = text.replace(/[^0-9a-f]/gi, "").toUpperCase();
    if (/^[0-9A-F]{40}$/.test(thumbprint)) return [thumbprint];
    credentials.error("certificate", "invalid-property", "a thumbprint has 40 hexadecimal digits");
    return [];
  });
}

function readManagedIdentity(credentials: Properties): Credentials["managedIdentity"] {
  const identity = credentials.object("managedIdentity");
  if (!identity) return undefined;
  identity.expect(["clientId", "resource"]);
  const resource = identity.requiredText("resource");
  return resource === undefined
    ? undefined
    : { resource, ...defined({ clientId: identity.text("clientId", { min: 1 }) }) };
}
