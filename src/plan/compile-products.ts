import type { Catalog, PolicyText, UserResource } from "../model/catalog.ts";
import type { GroupInfo, UserInfo } from "../policy/exchange/exchange.ts";
import { sha256 } from "./canonical-json.ts";
import type { Hash, PlanSubscription, ProductPart, SubscriptionsPart } from "./plan.ts";

/** Subscriptions go into parts by the first byte of their first key, so that one new key changes one small part. */
const SLICE_LENGTH = 2;

export function compileProducts(
  catalog: Catalog,
  policyHash: (policy: PolicyText | undefined) => Hash | null,
): ProductPart[] {
  const apis = new Map(catalog.apis.filter((api) => api.isCurrent).map((api) => [api.id, api]));
  return catalog.products.map((product) => ({
    kind: "product",
    info: {
      id: product.id,
      name: product.displayName,
      state: product.state === "published" ? "Published" : "NotPublished",
      approvalRequired: product.approvalRequired,
      subscriptionRequired: product.subscriptionRequired,
      subscriptionsLimit: product.subscriptionsLimit,
      groups: groups(catalog, product.groups),
      apis: product.apis.flatMap((id) => {
        const api = apis.get(id);
        return api ? [{ id: api.id, name: api.displayName, path: api.path }] : [];
      }),
    },
    apis: product.apis,
    policy: policyHash(product.policy),
  }));
}

/** Active subscriptions of users that are not blocked; their keys hashed. */
export function compileSubscriptions(catalog: Catalog): SubscriptionsPart[] {
  const slices = new Map<string, PlanSubscription[]>();
  const users = new Map(catalog.users.map((user) => [user.id, user]));
  for (const subscription of catalog.subscriptions) {
    const owner = users.get(subscription.ownerId ?? "");
    if (subscription.state !== "active" || owner?.state === "blocked" || owner?.state === "deleted") continue;
    const keys = [subscription.primaryKey, subscription.secondaryKey].filter((key) => key !== undefined).map(sha256);
    if (keys.length === 0) continue;
    const slice = (keys[0] as string).slice(0, SLICE_LENGTH);
    let list = slices.get(slice);
    if (!list) slices.set(slice, (list = []));
    list.push({
      id: subscription.id,
      name: subscription.displayName,
      keys,
      scope: subscription.scope,
      createdDate: subscription.createdDate ?? "0001-01-01T00:00:00Z",
      startDate: subscription.startDate ?? null,
      endDate: subscription.endDate ?? null,
      allowTracing: subscription.allowTracing,
      user: owner ? userInfo(catalog, owner) : null,
    });
  }
  return [...slices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, subscriptions]) => ({
      kind: "subscriptions",
      subscriptions: subscriptions.sort((a, b) => (a.id < b.id ? -1 : 1)),
    }));
}

function userInfo(catalog: Catalog, user: UserResource): UserInfo {
  return {
    id: user.id,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    note: user.note ?? "",
    registrationDate: user.registrationDate ?? "0001-01-01T00:00:00Z",
    groups: groups(catalog, user.groups),
    identities: user.identities,
  };
}

function groups(catalog: Catalog, ids: readonly string[]): GroupInfo[] {
  return ids.map((id) => ({ id, name: catalog.groups.find((group) => group.id === id)?.displayName ?? id }));
}
