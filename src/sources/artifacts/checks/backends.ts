import type { BackendDraft } from "../resources/backend.ts";

/** A pool's members are single backends (2.13). */
export function checkPools(drafts: readonly BackendDraft[]): void {
  const pools = new Set(drafts.filter((draft) => draft.resource.type === "Pool").map((draft) => draft.resource.id));
  for (const draft of drafts) {
    for (const { id, item } of draft.members) {
      if (!pools.has(id)) continue;
      const message = `the pool "${draft.resource.id}" may not have the pool "${id}" as a member`;
      item.error("id", "nested-pool", message);
    }
  }
}
