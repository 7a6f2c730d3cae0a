import { preflight as corsPreflight, promiseCors } from "../policy/catalog/cors.ts";
import { policies } from "../policy/catalog/index.ts";
import type { PlanElement } from "../policy/compiler/element.ts";
import { Loader } from "../policy/compiler/loader.ts";
import type { LoadedStep } from "../policy/compiler/pipeline.ts";
import type { Exchange } from "../policy/exchange/exchange.ts";
import { ResponseMessage } from "../policy/exchange/message.ts";
import type { IncomingRequest } from "./handler.ts";
import type { LoadedApi, LoadedPlan } from "./loaded-plan.ts";
import { productOfKey } from "./subscription-key.ts";

type Answer = (x: Exchange) => ResponseMessage | undefined;

const answers = new WeakMap<PlanElement, Answer>();

/**
 * The `cors` policies that answer a preflight: those of the effective inbound section of the operation that the
 * request asks for (policy reference 12.2). No key is checked, and browsers send none in a header: only one in the query
 * tells the product.
 * @returns undefined where the section has none: the request is then an ordinary one.
 */
export function preflightPolicies(
  plan: LoadedPlan,
  api: LoadedApi,
  rest: string,
  request: IncomingRequest,
): readonly LoadedStep[] | undefined {
  const method = request.headers.get("access-control-request-method")?.toUpperCase() ?? "";
  const operation = api.operations.match(method, rest, request.query)?.operation ?? null;
  const pipeline = plan.pipeline(api, operation, productOfKey(plan, api, request.headers, request.query));
  const policies = corsSteps(pipeline.inbound);
  return policies.length > 0 ? policies : undefined;
}

/** The first policy that applies answers; where none does, an empty `200 OK` without CORS header fields. */
export function answerPreflight(steps: readonly LoadedStep[], x: Exchange): ResponseMessage {
  for (const step of steps) {
    let answer = answers.get(step.element);
    if (!answer) answers.set(step.element, (answer = corsPreflight(step.element, new Loader(policies, step.scope))));
    const response = answer(x);
    if (response) return response;
  }
  return new ResponseMessage(200);
}

const promises = new WeakMap<PlanElement, (x: Exchange) => void>();

/** Lets the `cors` policies of an inbound section that will not run speak for the response, which is an error. */
export function promiseCorsFields(inbound: readonly LoadedStep[], x: Exchange): void {
  if (!x.request.headers.has("origin")) return;
  for (const step of corsSteps(inbound)) {
    let promise = promises.get(step.element);
    if (!promise) promises.set(step.element, (promise = promiseCors(step.element, new Loader(policies, step.scope))));
    try {
      promise(x);
    } catch {
      // An expression that fails here must not hide what the request was refused for.
    }
  }
}

function corsSteps(inbound: readonly LoadedStep[]): readonly LoadedStep[] {
  return inbound.filter((step) => step.element.name === "cors");
}
