import type { ProductResource } from "../../../model/catalog.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { displayNameOf, readInfo } from "../info.ts";
import { type Link, readLinks } from "../links.ts";
import { readPolicy } from "../policy-text.ts";
import type { ResourceFolder } from "../tree.ts";

const KNOWN = [
  "displayName",
  "description",
  "terms",
  "subscriptionRequired",
  "approvalRequired",
  "subscriptionsLimit",
  "state",
  "tags",
];

/** A product with the places of its APIs, for the check that no API is in two open products. */
export interface ProductDraft extends Draft<ProductResource> {
  links: readonly Link[];
}

/** `products/{x}/productInformation.json` with its associations (2.8). */
export function readProduct(folder: ResourceFolder, context: ReadContext): ProductDraft | undefined {
  const info = readInfo(folder, KNOWN, context);
  const links = readLinks(folder, "api", context);
  const groups = readLinks(folder, "group", context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const displayName = displayNameOf(properties, folder.name);
  const description = properties.text("description", { max: 1000 });
  const subscriptionRequired = properties.boolean("subscriptionRequired") ?? true;
  const approvalRequired = properties.boolean("approvalRequired") ?? false;
  const subscriptionsLimit = properties.integer("subscriptionsLimit", 0, Number.MAX_SAFE_INTEGER) ?? null;
  if (!subscriptionRequired) {
    // Exporters write false and null for open products as well.
    const message = (name: string) => `"${name}" has a meaning only with "subscriptionRequired": true`;
    if (approvalRequired) properties.error("approvalRequired", "invalid-property", message("approvalRequired"));
    if (subscriptionsLimit !== null) {
      properties.error("subscriptionsLimit", "invalid-property", message("subscriptionsLimit"));
    }
  }
  return {
    properties,
    links,
    resource: {
      ...identity,
      displayName,
      subscriptionRequired,
      approvalRequired,
      subscriptionsLimit,
      state: properties.choice("state", ["notPublished", "published"]) ?? "notPublished",
      apis: links.map((link) => link.id),
      groups: groups.map((link) => link.id),
      ...defined({ description, policy: readPolicy(folder, context) }),
    },
  };
}
