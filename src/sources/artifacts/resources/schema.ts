import type { SchemaResource } from "../../../model/catalog.ts";
import type { SchemaDocument } from "../../../model/contract.ts";
import { isRecord } from "../../document/data-document.ts";
import type { ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import type { Properties } from "../properties.ts";
import type { ResourceFolder } from "../tree.ts";

const KNOWN = ["schemaType", "contentType", "description", "document", "value", "provisioningState"];

/**
 * `schemas/{s}/schemaInformation.json` of the service and `apis/{a}/schemas/{s}/apiSchemaInformation.json` (2.6).
 * @returns undefined for a broken one, and for kinds that no policy validates with (GraphQL, Protocol Buffers).
 */
export function readSchema(folder: ResourceFolder, context: ReadContext): SchemaResource | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const document = readDocument(properties);
  return document && !properties.broken ? { ...identity, document } : undefined;
}

function readDocument(properties: Properties): SchemaDocument | undefined {
  const contentType = (properties.text("contentType") ?? "").toLowerCase();
  const schemaType = properties.choice("schemaType", ["xml", "json"]);
  const kind = schemaType ?? kindOf(contentType);
  const document = properties.raw("document");
  const text = textOf(document) ?? textOf(properties.raw("value"));
  if (kind === "xml") {
    if (text !== undefined) return { kind: "xml", text };
    properties.error("value", "missing-property", 'a schema of type "xml" needs its text in "value"');
    return undefined;
  }
  if (kind !== "json") return undefined;
  if (isRecord(document) && typeof document.value !== "string") return { kind: "json", root: document };
  const value = properties.raw("value");
  if (isRecord(value)) return { kind: "json", root: value };
  const root = text === undefined ? undefined : parsed(text);
  if (root !== undefined) return { kind: "json", root };
  const message = 'a schema of type "json" needs an object in "document", or its JSON text in "value"';
  properties.error(document === undefined ? "value" : "document", "missing-property", message);
  return undefined;
}

function kindOf(contentType: string): "xml" | "json" | undefined {
  if (contentType.includes("graphql") || contentType.includes("protobuf")) return undefined;
  if (/xml|odata/.test(contentType)) return "xml";
  return contentType === "" || contentType.includes("json") ? "json" : undefined;
}

/** Text as it is, or as the management API wraps it. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isRecord(value) && typeof value.value === "string" ? value.value : undefined;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) || typeof value === "boolean" ? value : undefined;
  } catch {
    return undefined;
  }
}
