import { hash } from "node:crypto";
import type { PlanSubscription, ProductPart } from "../plan/plan.ts";
import { PolicyError } from "../policy/exchange/errors.ts";
import type { HeaderList } from "../policy/exchange/headers.ts";
import { origin, queryPairs, type UrlParts } from "../policy/exchange/url.ts";
import type { LoadedApi, LoadedPlan } from "./loaded-plan.ts";

/** In whose name a request runs. */
export interface Admission {
  subscription: PlanSubscription | undefined;
  product: ProductPart | undefined;
  /** The key as presented; for `context.Subscription.Key` only. */
  key: string | undefined;
}

/** The key a request presents: the header first, the query parameter only where the header is absent. */
export function presentedKey(api: LoadedApi, headers: HeaderList, query: string): string | undefined {
  const names = api.part.info.subscriptionKeyParameterNames;
  const header = headers.get(names.header);
  if (header !== undefined) return header;
  return query === "" ? undefined : queryPairs(query).find(([name]) => name === names.query)?.[1];
}

/**
 * Decides on the subscription (policy reference 3.1). Keys are looked up by their SHA-256, so comparing takes the same
 * time for every key.
 * @throws {PolicyError} 401 for a key that is missing, unknown, inactive or not for this API.
 */
export function admit(plan: LoadedPlan, api: LoadedApi, headers: HeaderList, query: string, url: UrlParts): Admission {
  const key = presentedKey(api, headers, query);
  if (key === undefined || key === "") {
    if (api.openProduct) return { subscription: undefined, product: api.openProduct, key: undefined };
    if (!api.part.subscriptionRequired) return { subscription: undefined, product: undefined, key: undefined };
    throw refusal(
      "SubscriptionKeyNotFound",
      "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API.",
      // The text that is sent says "an API", the documented LastError text "this API" (policy reference 4.4).
      "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.",
      api,
      url,
    );
  }
  const subscription = plan.subscription(hash("sha256", key, "hex"));
  const product = subscription && covers(plan, subscription, api);
  if (!subscription || product === false) {
    const message =
      "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.";
    throw refusal("SubscriptionKeyInvalid", message, message, api, url);
  }
  return { subscription, product, key };
}

/** The product that the request's key brings, without a good key an open one. Nothing is refused. */
export function productOfKey(
  plan: LoadedPlan,
  api: LoadedApi,
  headers: HeaderList,
  query: string,
): ProductPart | undefined {
  const key = presentedKey(api, headers, query);
  const subscription = key ? plan.subscription(hash("sha256", key, "hex")) : undefined;
  const product = subscription && covers(plan, subscription, api);
  return subscription && product !== false ? product : api.openProduct;
}

/** The product a subscription brings, undefined for one without product, false where it does not cover the API. */
function covers(plan: LoadedPlan, subscription: PlanSubscription, api: LoadedApi): ProductPart | undefined | false {
  const { scope } = subscription;
  if (scope.kind === "all-apis" || scope.kind === "service") return undefined;
  if (scope.kind === "api") return scope.id === api.part.info.id ? undefined : false;
  const product = plan.products.get(scope.id);
  return product?.apis.includes(api.part.info.id) ? product : false;
}

function refusal(reason: string, message: string, publicMessage: string, api: LoadedApi, url: UrlParts): PolicyError {
  const { info } = api.part;
  const realm = `${origin(url)}/${info.path}`;
  const challenge = `AzureApiManagementKey realm="${realm}",name="${info.subscriptionKeyParameterNames.header}",type="header"`;
  return new PolicyError(reason, 401, message, {
    publicMessage,
    source: "authorization",
    headers: ["WWW-Authenticate", challenge],
  });
}
