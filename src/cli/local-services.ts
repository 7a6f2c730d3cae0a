import { LoadedPlan } from "../engine/loaded-plan.ts";
import { SharedServices } from "../gateway/shared-services.ts";
import { emptyCatalog } from "../model/catalog.ts";
import { compilePlan } from "../plan/compile.ts";
import type { Services } from "../policy/exchange/services.ts";

/** Services for an expression evaluated at the terminal: those of a gateway with nothing to serve. */
export function localServices(): Services {
  const { plan } = compilePlan(emptyCatalog());
  if (!plan) throw new Error("The empty catalog does not compile.");
  return new SharedServices({}).forPlan(new LoadedPlan(plan), { secrets: new Map(), keys: new Map() });
}
