import type { Report } from "../../report.ts";
import type { ProductDraft } from "../resources/product.ts";

/** An API is in one open product at most (2.8): without a key there is no telling which product a call belongs to. */
export function checkOpenProducts(drafts: readonly ProductDraft[], report: Report): void {
  const open = new Map<string, ProductDraft>();
  for (const draft of drafts) {
    if (draft.resource.subscriptionRequired || draft.properties.broken) continue;
    for (const link of draft.links) {
      const key = `${draft.resource.workspace ?? ""}/${link.id}`;
      const other = open.get(key);
      if (other) {
        const message = `the API "${link.id}" is in two open products: "${other.resource.id}" and "${draft.resource.id}"`;
        const hint = 'an open product is one with "subscriptionRequired": false';
        report.error(link.place, "two-open-products", message, hint);
        draft.properties.markBroken();
      } else open.set(key, draft);
    }
  }
}
