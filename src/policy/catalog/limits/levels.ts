import type { PlanElement } from "../../compiler/element.ts";
import type { Loader } from "../../compiler/loader.ts";
import type { Report } from "../../compiler/schema.ts";
import { attribute, type Element, elementChildren } from "../../document/tree.ts";
import type { Exchange } from "../../exchange/exchange.ts";

/**
 * One level of a per-subscription limit: the whole policy, an `api` in it, or an `operation`. Each counts on its own
 * and applies beside the others.
 */
export interface Level {
  element: PlanElement;
  /** What tells the level's counter from the others of a subscription; undefined where the level does not apply. */
  counter(x: Exchange): string | undefined;
}

/** The levels of a `rate-limit` or `quota`, the policy itself first. `operation` may also stand outside an `api`. */
export function loadLevels(policy: PlanElement, loader: Loader): Level[] {
  const levels: Level[] = [{ element: policy, counter: () => "" }];
  const operations = (parent: PlanElement, applies: (x: Exchange) => boolean) => {
    for (const element of loader.children(parent, "operation")) {
      const wanted = named(element, loader);
      levels.push({
        element,
        counter: (x) =>
          applies(x) && wanted(x, x.operation) ? `/apis/${x.api?.id}/operations/${x.operation?.id}` : undefined,
      });
    }
  };
  for (const element of loader.children(policy, "api")) {
    const wanted = named(element, loader);
    levels.push({ element, counter: (x) => (wanted(x, x.api) ? `/apis/${x.api?.id}` : undefined) });
    operations(element, (x) => wanted(x, x.api));
  }
  operations(policy, () => true);
  return levels;
}

/** Does the element mean this API or operation? Its `id` counts, else its `name`; case is ignored. */
function named(element: PlanElement, loader: Loader) {
  const id = loader.text(element, "id");
  const name = loader.text(element, "name");
  return (x: Exchange, entity: { id: string; name: string } | null): boolean => {
    if (!entity) return false;
    const wanted = id(x);
    return wanted !== "" ? sameName(entity.id, wanted) : sameName(entity.name, name(x));
  };
}

function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase());
}

/** Reports `api` and `operation` elements that do not say which one they mean. */
export function checkLevels(policy: Element, report: Report): void {
  for (const child of elementChildren(policy)) {
    if (child.name !== "api" && child.name !== "operation") continue;
    if (!attribute(child, "id") && !attribute(child, "name")) {
      report(child, `<${child.name}> needs the attribute "id" or "name"`);
    }
    checkLevels(child, report);
  }
}

/**
 * Begin of the key of a per-subscription counter: the place the policy is attached to and the subscription, so that
 * limits of different scopes do not share a counter. Undefined without a subscription: nothing is limited then.
 */
export function subscriptionCounter(kind: string, loader: Loader): (x: Exchange) => string | undefined {
  const { scope } = loader;
  const place: (x: Exchange) => string =
    scope === "product"
      ? (x) => x.product?.id ?? ""
      : scope === "api"
        ? (x) => x.api?.id ?? ""
        : scope === "operation"
          ? (x) => `${x.api?.id}/${x.operation?.id}`
          : (x) => x.api?.workspace?.id ?? "";
  return (x) => (x.subscription ? `${kind}:${scope}:${place(x)}:${x.subscription.id}` : undefined);
}
