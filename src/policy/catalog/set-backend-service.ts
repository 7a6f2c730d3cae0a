import { literalText, type PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type Step, type ValueSchema } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { PolicyError, type Scope } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { parseUrl, type UrlParts } from "../exchange/url.ts";

/** Key of the scope whose statement chose the backend entity. */
const CHOSEN_AT = Symbol("scope of backend-id");

const serviceFabric = (doc: string): ValueSchema => ({
  type: "string",
  expression: true,
  doc: `Service Fabric: ${doc} Not supported yet.`,
});
const dapr = (doc: string): ValueSchema => ({
  type: "string",
  expression: true,
  doc: `Dapr: ${doc} Not supported yet.`,
});

export const setBackendService = definePolicy({
  name: "set-backend-service",
  summary: "Chooses the backend that the request goes to.",
  category: "routing",
  sections: ["inbound", "backend"],
  scopes: ALL_SCOPES,
  attributes: {
    "base-url": {
      type: "string",
      expression: true,
      pattern: /^\s*(?:https?|wss?):\/\/[^\s/?#]/i,
      patternDoc: "an absolute http or https URL",
      patternWarns: true,
      doc: "Base URL of the backend; path and query of the request stay.",
    },
    "backend-id": { type: "string", expression: true, doc: "Name of a backend or pool." },
    "sf-resolve-condition": serviceFabric("when true, the service is resolved anew and the request sent again."),
    "sf-service-instance-name": serviceFabric("name of the service instance."),
    "sf-partition-key": serviceFabric("key of the partition."),
    "sf-replica-type": serviceFabric("replica to use, primary or secondary."),
    "sf-listener-name": serviceFabric("name of the listener."),
    "dapr-app-id": dapr("name of the target application."),
    "dapr-method": dapr("name or URL of the method."),
    "dapr-namespace": dapr("namespace of the target application."),
  },
  check(element, report) {
    const special = element.attributes.find(({ name }) => /^(?:sf|dapr)-/.test(name));
    const id = attribute(element, "backend-id");
    if (special || id?.value.text.trim() === "dapr") {
      const what = special?.name.startsWith("sf-") ? "Service Fabric" : "Dapr";
      report(element, `a ${what} backend is not supported by this version of Gatehouse yet`);
    } else if (Boolean(id) === Boolean(attribute(element, "base-url"))) {
      report(element, '<set-backend-service> needs exactly one of "base-url" and "backend-id"');
    }
  },
  load(element, loader) {
    return element.attributes?.["backend-id"] === undefined ? useUrl(element, loader) : useEntity(element, loader);
  },
});

function useUrl(element: PlanElement, loader: Loader): Step {
  const { scope } = loader;
  const literal = literalText(element.attributes?.["base-url"]);
  const known = literal === undefined ? undefined : parseUrl(literal.trim());
  const text = loader.text(element, "base-url");
  const target = known && ({ kind: "url", base: known } as const);
  return (x) => {
    if (entityWasInherited(x, scope)) return;
    const backend = target ?? { kind: "url" as const, base: baseUrl(text(x)) };
    x.backend = backend;
    x.request.base = backend.base;
  };
}

function useEntity(element: PlanElement, loader: Loader): Step {
  const { scope } = loader;
  const id = loader.text(element, "backend-id");
  return (x) => {
    const name = id(x).trim();
    const { backends } = x.services;
    if (backends.type(name) === undefined) {
      // Status and reason of an unknown backend are unconfirmed.
      throw new PolicyError("BackendNotFound", 500, `The backend "${name}" does not exist.`);
    }
    x.backend = { kind: "entity", id: name };
    x.state(CHOSEN_AT, (): { scope: Scope } => ({ scope })).scope = scope;
    const base = backends.base(name);
    if (base) x.request.base = base;
  };
}

/** After a broader scope's `backend-id`, a `base-url` has no effect; only another `backend-id` has. */
function entityWasInherited(x: Exchange, scope: Scope): boolean {
  if (x.backend.kind !== "entity") return false;
  const chosen = x.peekState<{ scope: Scope }>(CHOSEN_AT);
  return chosen !== undefined && ALL_SCOPES.indexOf(chosen.scope) < ALL_SCOPES.indexOf(scope);
}

function baseUrl(text: string): UrlParts {
  const url = parseUrl(text.trim());
  if (!url) throw expressionFailure("The base URL is not an absolute http or https URL.");
  return url;
}
