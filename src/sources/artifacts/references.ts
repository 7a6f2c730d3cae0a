/** A reference to a resource of the same service, taken apart. */
export interface Reference {
  /** Collection name in lower case, as asked for. */
  collection: string;
  id: string;
  /** The workspace that the reference names, if it does. */
  workspace: string | undefined;
}

/**
 * Reads a reference: a full ARM id, the relative form (`/apis/x`), a bare name where one collection is expected, or
 * any of them with something in front; what follows the last collection name counts (management API reference, 2.1).
 * @param collections expected collections in lower case (`apiversionsets`).
 */
export function parseReference(text: string, collections: readonly string[]): Reference | undefined {
  const segments = text.split("/");
  for (let at = segments.length - 2; at >= 0; at--) {
    const collection = (segments[at] as string).toLowerCase();
    const id = segments[at + 1] as string;
    if (id === "" || !collections.includes(collection)) continue;
    return { collection, id: decode(id), workspace: workspaceOf(segments, at) };
  }
  const [only, ...others] = segments;
  if (only !== undefined && only !== "" && others.length === 0 && collections.length === 1) {
    return { collection: collections[0] as string, id: only, workspace: undefined };
  }
  return undefined;
}

/** What a subscription may cover. */
export type ScopeReference =
  | { kind: "product" | "api"; id: string; workspace: string | undefined }
  | { kind: "all-apis"; workspace: string | undefined }
  | { kind: "service" };

/** Reads a subscription's scope: `/products/x`, `/apis/x`, `/apis`, the service itself (`/`), or their ARM ids. */
export function parseScope(text: string): ScopeReference | undefined {
  const segments = text.replace(/\/+$/, "").split("/");
  const last = (segments.at(-1) ?? "").toLowerCase();
  const beforeLast = (segments.at(-2) ?? "").toLowerCase();
  if (segments.every((segment) => segment === "") || beforeLast === "service") return { kind: "service" };
  if (last === "apis" && beforeLast !== "apis" && beforeLast !== "products") {
    return { kind: "all-apis", workspace: workspaceOf(segments, segments.length - 1) };
  }
  const reference = parseReference(text, ["products", "apis"]);
  if (!reference) return undefined;
  const kind = reference.collection === "apis" ? "api" : "product";
  return { kind, id: reference.id, workspace: reference.workspace };
}

function workspaceOf(segments: readonly string[], before: number): string | undefined {
  const at = before - 2;
  return segments[at]?.toLowerCase() === "workspaces" ? decode(segments[at + 1] ?? "") : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
