import type { ApiResource } from "../../../model/catalog.ts";
import { parseUrl } from "../../../policy/exchange/url.ts";
import type { ImportedApi } from "../../openapi/import.ts";
import { readUrl } from "../absolute-url.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import { readPolicy } from "../policy-text.ts";
import type { Properties } from "../properties.ts";
import { resolveReference } from "../resolve.ts";
import { splitRevision } from "../resource-name.ts";
import { readSpecification } from "../specification.ts";
import { childrenOf, type ResourceFolder } from "../tree.ts";
import { readOperations } from "./operations.ts";
import { readSchema } from "./schema.ts";

const KNOWN = [
  "path",
  "displayName",
  "description",
  "protocols",
  "serviceUrl",
  "subscriptionRequired",
  "subscriptionKeyParameterNames",
  "type",
  "apiType",
  "apiRevision",
  "apiRevisionDescription",
  "apiVersion",
  "apiVersionDescription",
  "apiVersionSetId",
  "apiVersionSet",
  "isCurrent",
  "isOnline",
  "provisioningState",
  "sourceApiId",
  "authenticationSettings",
  "termsOfServiceUrl",
  "contact",
  "license",
  "translateRequiredQueryParameters",
  "value",
  "format",
  "wsdlSelector",
];

const TYPES = ["http", "soap", "websocket", "graphql", "odata", "grpc", "mcp", "a2a"] as const;

/** The one operation of every WebSocket API; no specification describes it (policy reference, section 17). */
const HANDSHAKE: ImportedApi = {
  title: undefined,
  description: undefined,
  serviceUrl: undefined,
  operations: [
    {
      id: "onHandshake",
      operationId: "onHandshake",
      origin: { file: "(WebSocket handshake)" },
      displayName: "onHandshake",
      method: "GET",
      urlTemplate: "/*",
      queryParameters: [],
      responses: [],
    },
  ],
};

/** One revision of an API as its folder says it, before the revisions are put together. */
export interface ApiDraft extends Draft<ApiResource> {
  folder: ResourceFolder;
  /** N of the folder `x;rev=N`. */
  folderRevision: string | undefined;
  /** `isCurrent` as written. */
  current: boolean | undefined;
}

/** `apis/{x}/apiInformation.json` with its specification and operations (2.3, 2.5). */
export function readApi(folder: ResourceFolder, context: ReadContext): ApiDraft | undefined {
  const info = readInfo(folder, KNOWN, context);
  const { id, revision } = splitRevision(folder.name);
  const required = info?.properties.choice("translateRequiredQueryParameters", ["template", "query"]) ?? "template";
  const type = info?.properties.choice("type", TYPES) ?? info?.properties.choice("apiType", TYPES) ?? "http";
  const specification = readSpecification(folder, required, context) ?? (type === "websocket" ? HANDSHAKE : undefined);
  const operations = readOperations(folder, specification, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const schemas = childrenOf(folder, "schema").flatMap((schema) => readSchema(schema, context) ?? []);
  const described = typeof specification === "object" ? specification : undefined;
  const protocols = properties.choices("protocols", ["http", "https", "ws", "wss"]) ?? [];
  const apiVersion = readVersion(properties);
  const versionSetId = readVersionSetId(properties, context);
  if (apiVersion !== "" && versionSetId === undefined && !properties.has("apiVersionSetId")) {
    const message = '"apiVersion" has a meaning only in a version set';
    properties.error("apiVersion", "missing-property", message, 'give "apiVersionSetId"');
  }
  const resource: ApiResource = {
    ...identity,
    id,
    revision: readRevision(properties, revision),
    isCurrent: false,
    displayName: properties.text("displayName", { min: 1, max: 300 }) ?? described?.title ?? id,
    path: readPath(properties),
    protocols: protocols.length > 0 ? protocols : [type === "websocket" ? "wss" : "https"],
    subscriptionRequired: properties.boolean("subscriptionRequired") ?? true,
    subscriptionKeyParameterNames: readKeyNames(properties),
    type,
    apiVersion,
    operations,
    ...(schemas.length > 0 ? { schemas } : {}),
    ...(described?.definitions ? { definitions: described.definitions } : {}),
    ...defined({
      description: properties.text("description") ?? described?.description,
      serviceUrl: readServiceUrl(properties, described),
      versionSetId,
      policy: readPolicy(folder, context),
    }),
  };
  if (operations.length === 0 && type === "http" && specification === undefined) {
    const message = `the API "${folder.name}" has no operations, so that it answers every request with 404`;
    properties.warning(undefined, "no-operations", message, "write specification.yaml or operations/{name}/");
  }
  return { properties, resource, folder, folderRevision: revision, current: properties.boolean("isCurrent") };
}

/** The path without slashes around it; empty for the root. */
function readPath(properties: Properties): string {
  const text = properties.text("path", { max: 400 }) ?? "";
  const path = text.trim().replace(/^\/+|\/+$/g, "");
  const wrong = /[\s?#\\{}*]|\/\//.exec(path)?.[0];
  if (wrong !== undefined) properties.error("path", "invalid-property", `"path" may not hold "${wrong}"`);
  return path;
}

function readRevision(properties: Properties, folderRevision: string | undefined): string {
  const written = properties.text("apiRevision", { min: 1, max: 100 });
  if (folderRevision === undefined) return written ?? "1";
  if (written !== undefined && written !== folderRevision) {
    const message = `"apiRevision" is "${written}", but the folder says "${folderRevision}", which counts`;
    properties.warning("apiRevision", "revision-mismatch", message);
  }
  return folderRevision;
}

function readVersion(properties: Properties): string {
  const version = properties.text("apiVersion", { max: 100 }) ?? "";
  if (/[\s/?#&%]/.test(version)) {
    properties.error("apiVersion", "invalid-property", '"apiVersion" may not hold spaces, "/", "?", "#", "&" or "%"');
  }
  return version;
}

function readVersionSetId(properties: Properties, context: ReadContext): string | undefined {
  const written = properties.text("apiVersionSetId");
  if (written) return resolveReference(properties, "apiVersionSetId", written, "version-set", context);
  const inline = properties.object("apiVersionSet");
  const id = inline?.text("id");
  if (inline && id) return resolveReference(inline, "id", id, "version-set", context);
  if (inline) {
    const message = "a version set inside of an API is not supported yet";
    properties.error("apiVersionSet", "unsupported", message, 'write "version sets/{name}/versionSetInformation.json"');
  }
  return undefined;
}

function readKeyNames(properties: Properties): ApiResource["subscriptionKeyParameterNames"] {
  const names = properties.object("subscriptionKeyParameterNames");
  names?.expect(["header", "query"]);
  return {
    header: names?.text("header") || "Ocp-Apim-Subscription-Key",
    query: names?.text("query") || "subscription-key",
  };
}

/**
 * The backend's address: the information file's, else the specification's. A specification that the service exported
 * names the service itself as its server; calling that would lead to Azure and, on Azure, in a circle.
 */
function readServiceUrl(properties: Properties, described: ImportedApi | undefined): string | undefined {
  const written = readUrl(properties, "serviceUrl", ["https", "http", "wss", "ws"]);
  if (written !== undefined || properties.raw("serviceUrl")) return written;
  const server = described?.serviceUrl;
  const own = server !== undefined && parseUrl(server)?.host.endsWith(".azure-api.net");
  return own ? undefined : server;
}
