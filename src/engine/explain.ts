import { policies } from "../policy/catalog/index.ts";
import type { PlanElement, PlanValue } from "../policy/compiler/element.ts";
import { isExpression, isTemplate } from "../policy/compiler/element.ts";
import type { LoadedStep } from "../policy/compiler/pipeline.ts";
import { ALL_SECTIONS } from "../policy/compiler/schema.ts";
import type { Scope, Section } from "../policy/exchange/errors.ts";
import type { HeaderList } from "../policy/exchange/headers.ts";
import type { LoadedApi, LoadedPlan } from "./loaded-plan.ts";
import { apiPath } from "./routing/api-table.ts";
import { normalizePath } from "./routing/normalize-path.ts";

/** What a policy can do to the request's course. */
export type Effect = "ends" | "may end" | "goes on";

export interface ExplainedPolicy {
  policy: string;
  scope: Scope;
  /** `file:line:column`. */
  at: string;
  /** Nesting inside other policies, 0 for a section's own. */
  depth: number;
  attributes: Record<string, string>;
  effect: Effect;
  /** Why it ends or may end the request, in words. */
  why?: string;
}

export interface Explanation {
  method: string;
  path: string;
  route?: {
    api: string;
    revision: string;
    version: string;
    operation?: string;
    template?: string;
    parameters: Readonly<Record<string, string>>;
    backend: string;
  };
  /** How the route was found, or why there is none; one sentence each. */
  reasons: string[];
  /** Product context assumed. */
  product?: string;
  sections: { section: Section; policies: ExplainedPolicy[] }[];
  /** What would end the request before the backend answers, in order. */
  endings: string[];
}

/**
 * Explains what a request would meet: the route and why, every effective policy in order with its place, and what would end it.
 * Nothing is executed. `product`: the product of the key it would present, if any.
 */
export function explain(
  plan: LoadedPlan,
  request: { method: string; path: string; query: string; headers: HeaderList; product?: string | undefined },
): Explanation {
  const { method, headers, query } = request;
  const path = normalizePath(request.path) ?? request.path;
  const explanation: Explanation = { method, path, reasons: [], sections: [], endings: [] };
  const found = plan.apis.match(path, query, headers);
  if (typeof found === "string") {
    explanation.reasons.push(
      found === "path"
        ? `no API is served at a prefix of ${path}`
        : `the APIs at this path have versions, and the request names none of them`,
    );
    explanation.endings.push("404 OperationNotFound: no API matches");
    addSections(explanation, plan, null, undefined);
    return explanation;
  }
  const { api, rest } = found;
  const { info, version } = api.part;
  explanation.reasons.push(
    `API "${info.id}": "${apiPath(api.part) || "/"}" is the longest API path that begins ${path}`,
  );
  if (version && version.scheme !== "Segment") {
    explanation.reasons.push(
      `version "${version.value || "(original)"}" by the ${version.scheme.toLowerCase()} "${version.name}"`,
    );
  }
  const match = api.operations.match(method, rest, query);
  explanation.route = {
    api: info.id,
    revision: info.revision,
    version: info.version,
    parameters: { ...match?.parameters },
    backend: info.serviceUrl ? `${info.serviceUrl.scheme}://${info.serviceUrl.host}${info.serviceUrl.path}` : "none",
  };
  if (match) {
    explanation.route.operation = match.operation.plan.info.id;
    explanation.route.template = `${match.operation.method} ${match.operation.urlTemplate}`;
    explanation.reasons.push(
      `operation "${match.operation.plan.info.id}": ${method} ${rest} fits ${match.operation.method} ${match.operation.urlTemplate}`,
    );
  } else {
    const methods = api.operations.methods(rest, query);
    explanation.reasons.push(
      methods.length > 0
        ? `no operation: ${rest} exists for ${methods.join(", ")} only`
        : `no operation of "${info.id}" fits ${rest}`,
    );
    explanation.endings.push("404 OperationNotFound: no operation matches");
  }
  const product = productOf(plan, api, request.product, explanation);
  addSections(explanation, plan, api, product, match?.operation);
  return explanation;
}

function productOf(
  plan: LoadedPlan,
  api: LoadedApi,
  wanted: string | undefined,
  explanation: Explanation,
): ReturnType<LoadedPlan["products"]["get"]> {
  const product = wanted === undefined ? api.openProduct : plan.products.get(wanted);
  if (wanted !== undefined && !product?.apis.includes(api.part.info.id)) {
    explanation.endings.push(`401 SubscriptionKeyInvalid: product "${wanted}" does not contain this API`);
    return undefined;
  }
  if (product) {
    explanation.product = product.info.id;
    explanation.reasons.push(
      wanted === undefined
        ? `product "${product.info.id}": open (needs no subscription) and contains this API`
        : `product "${wanted}": as asked`,
    );
  } else if (api.part.subscriptionRequired) {
    explanation.endings.push(
      "401 SubscriptionKeyNotFound unless the request brings a subscription key (name its product with --product)",
    );
  }
  return product;
}

function addSections(
  explanation: Explanation,
  plan: LoadedPlan,
  api: LoadedApi | null,
  product: ReturnType<LoadedPlan["products"]["get"]>,
  operation: Parameters<LoadedPlan["pipeline"]>[1] = null,
): void {
  const pipeline = plan.pipeline(api, operation, product);
  for (const section of ALL_SECTIONS) {
    const explained: ExplainedPolicy[] = [];
    for (const step of pipeline[section]) describe(step.element, step, 0, explained);
    explanation.sections.push({ section, policies: explained });
    if (section === "on-error") continue;
    for (const policy of explained) {
      if (policy.effect !== "goes on") explanation.endings.push(`${policy.policy} (${policy.at}) ${policy.why}`);
    }
  }
}

function describe(
  element: PlanElement,
  step: LoadedStep,
  depth: number,
  into: ExplainedPolicy[],
  conditional = false,
): void {
  const { effect, why } = effectOf(element.name, conditional);
  into.push({
    policy: element.name,
    scope: step.scope,
    at: element.at,
    depth,
    attributes: Object.fromEntries(
      Object.entries(element.attributes ?? {}).map(([name, value]) => [name, show(value)]),
    ),
    effect,
    ...(why ? { why } : {}),
  });
  for (const child of element.children ?? []) nested(child, step, depth + 1, into);
}

/** Policies inside a container; `when` and `otherwise` are shown as they stand, other children are the policy's own. */
function nested(element: PlanElement, step: LoadedStep, depth: number, into: ExplainedPolicy[]): void {
  if (element.path !== undefined && policies.get(element.name)?.edit === undefined) {
    describe(element, step, depth, into, true);
    return;
  }
  for (const child of element.children ?? []) nested(child, step, depth, into);
}

function effectOf(name: string, conditional: boolean): { effect: Effect; why?: string } {
  const category = policies.get(name)?.category;
  if (name === "return-response" || name === "mock-response") {
    return conditional
      ? { effect: "may end", why: "answers when its condition holds; nothing after it runs then" }
      : { effect: "ends", why: "answers; nothing after it runs" };
  }
  if (category === "limits") return { effect: "may end", why: "refuses when the limit is reached" };
  if (category === "access") return { effect: "may end", why: "refuses when the check fails" };
  if (name === "cache-lookup")
    return { effect: "may end", why: "answers from the cache; the backend is not called then" };
  if (name === "cors") return { effect: "may end", why: "ends requests of origins that are not allowed" };
  return { effect: "goes on" };
}

function show(value: PlanValue): string {
  if (isExpression(value)) return value.expression;
  if (isTemplate(value))
    return value.template.map((part) => (typeof part === "string" ? part : `{{${part.secret}}}`)).join("");
  return String(value);
}
