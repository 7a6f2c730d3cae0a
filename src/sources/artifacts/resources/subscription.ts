import type { SubscriptionResource } from "../../../model/catalog.ts";
import { didYouMean } from "../../../model/nearest.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { displayNameOf, readInfo } from "../info.ts";
import type { Properties } from "../properties.ts";
import { parseReference, parseScope } from "../references.ts";
import { missingMessage } from "../resolve.ts";
import { splitRevision } from "../resource-name.ts";
import type { ResourceFolder } from "../tree.ts";
import { readDate } from "./date.ts";

const KNOWN = [
  "displayName",
  "scope",
  "ownerId",
  "state",
  "primaryKey",
  "secondaryKey",
  "allowTracing",
  "createdDate",
  "startDate",
  "endDate",
  "expirationDate",
  "notificationDate",
  "stateComment",
];

const STATES = ["suspended", "active", "expired", "submitted", "rejected", "cancelled"] as const;

/**
 * `subscriptions/{x}/subscriptionInformation.json` (2.9), with `primaryKey` and `secondaryKey`, which the original
 * tools never write. Without a state it is active: who writes a subscription into the folder has approved it.
 */
export function readSubscription(
  folder: ResourceFolder,
  context: ReadContext,
): Draft<SubscriptionResource> | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const displayName = displayNameOf(properties, folder.name, 100);
  const scope = readScope(properties, folder, context);
  const ownerId = readOwner(properties, context);
  const key = { min: 1, max: 256 };
  const optional = {
    ownerId,
    primaryKey: properties.text("primaryKey", key),
    secondaryKey: properties.text("secondaryKey", key),
    createdDate: readDate(properties, "createdDate"),
    startDate: readDate(properties, "startDate"),
    endDate: readDate(properties, "endDate"),
  };
  const state = properties.choice("state", STATES) ?? "active";
  const allowTracing = properties.boolean("allowTracing") ?? false;
  if (!scope) return undefined;
  return {
    properties,
    resource: { ...identity, displayName, scope, state, allowTracing, ...defined(optional) },
  };
}

function readScope(
  properties: Properties,
  folder: ResourceFolder,
  context: ReadContext,
): SubscriptionResource["scope"] | undefined {
  const text = properties.requiredText("scope", { min: 0 });
  if (text === undefined) return undefined;
  const scope = parseScope(text);
  if (!scope) {
    const hint = "write /products/x, /apis/x or /apis";
    properties.error("scope", "invalid-reference", `"${text.slice(0, 200)}" is no scope of a subscription`, hint);
    return undefined;
  }
  if (scope.kind === "service") {
    if (folder.name === "master") return { kind: "service" };
    const message = 'only the built-in subscription "master" may cover the whole service';
    properties.error("scope", "invalid-property", message, "write /apis for all APIs");
    return undefined;
  }
  const workspace = scope.workspace ?? context.workspace;
  if (scope.kind === "all-apis") {
    if (workspace === undefined) return { kind: "all-apis" };
    // A plan knows no such scope: read as the scope of the service, its keys would open every API.
    const message = "a subscription to all APIs of a workspace is not supported yet";
    properties.error("scope", "unsupported", message, "subscribe to a product or an API of the workspace");
    return undefined;
  }
  const id = scope.kind === "api" ? splitRevision(scope.id).id : scope.id;
  const found = context.names.find(scope.kind, id, workspace);
  if (found !== undefined) return { kind: scope.kind, id: found };
  const hint = didYouMean(id, context.names.all(scope.kind, workspace));
  properties.error("scope", "unknown-reference", missingMessage(scope.kind, id), hint);
  return undefined;
}

/** Exports name owners and hold no users; once there are users, the owner has to be one of them. */
function readOwner(properties: Properties, context: ReadContext): string | undefined {
  const text = properties.text("ownerId");
  if (text === undefined || text === "") return undefined;
  const reference = parseReference(text, ["users"]);
  if (!reference) {
    properties.error("ownerId", "invalid-reference", '"ownerId" is no reference to a user', "write /users/x");
    return undefined;
  }
  const users = context.names.all("user", undefined);
  const found = context.names.find("user", reference.id, undefined);
  if (found === undefined && users.length > 0) {
    const message = `the user "${reference.id}" does not exist; calls with this subscription have no user`;
    properties.warning("ownerId", "unknown-reference", message, didYouMean(reference.id, users));
  }
  return found ?? reference.id;
}
