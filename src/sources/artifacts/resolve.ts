import { didYouMean } from "../../model/nearest.ts";
import type { ReadContext } from "./context.ts";
import type { FolderKind } from "./layout.ts";
import type { Properties } from "./properties.ts";
import { parseReference } from "./references.ts";

/** Collections in references (lower case) and the kinds of resources that they hold. */
const COLLECTIONS = {
  api: "apis",
  backend: "backends",
  certificate: "certificates",
  group: "groups",
  product: "products",
  "version-set": "apiversionsets",
} satisfies Partial<Record<FolderKind, string>>;

export type ReferencedKind = keyof typeof COLLECTIONS;

const TITLES: Readonly<Record<ReferencedKind, string>> = {
  api: "API",
  backend: "backend",
  certificate: "certificate",
  group: "group",
  product: "product",
  "version-set": "version set",
};

/**
 * The name of the resource that a reference means, as its folder spells it.
 * @returns undefined, and a finding at the property, where there is no such resource.
 */
export function resolveReference(
  properties: Properties,
  property: string,
  text: string,
  kind: ReferencedKind,
  context: ReadContext,
): string | undefined {
  const reference = parseReference(text, [COLLECTIONS[kind]]);
  if (!reference) {
    const message = `"${shorten(text)}" is no reference to a ${TITLES[kind]}`;
    properties.error(property, "invalid-reference", message, `write /${collectionPath(kind)}/name`);
    return undefined;
  }
  const workspace = reference.workspace ?? context.workspace;
  const found = context.names.find(kind, reference.id, workspace);
  if (found === undefined) {
    const message = missingMessage(kind, reference.id);
    const hint = didYouMean(reference.id, context.names.all(kind, workspace));
    properties.error(property, "unknown-reference", message, hint);
  }
  return found;
}

export function missingMessage(kind: ReferencedKind, id: string): string {
  return `the ${TITLES[kind]} "${shorten(id)}" does not exist`;
}

function collectionPath(kind: ReferencedKind): string {
  return kind === "version-set" ? "apiVersionSets" : COLLECTIONS[kind];
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
