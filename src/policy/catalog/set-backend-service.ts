import { literalText, type PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type Step, type ValueSchema } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { PolicyError, type Scope } from "../exchange/errors.ts";
import type { BackendTarget, Exchange } from "../exchange/exchange.ts";
import { parseUrl, type UrlParts } from "../exchange/url.ts";
import { daprUrl } from "./dapr/dapr-path.ts";
import { segment, segments } from "./messages/path-segments.ts";

/** Key of the scope whose statement chose the backend entity. */
const CHOSEN_AT = Symbol("scope of backend-id");

const serviceFabric = (doc: string): ValueSchema => ({
  type: "string",
  expression: true,
  doc: `Service Fabric: ${doc} Not supported yet.`,
});
const dapr = (doc: string): ValueSchema => ({ type: "string", expression: true, doc: `Dapr: ${doc}` });

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
    "backend-id": {
      type: "string",
      expression: true,
      doc: "Name of a backend or pool; dapr for a service behind the Dapr sidecar.",
    },
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
    const id = attribute(element, "backend-id");
    const toDapr = id?.value.text.trim() === "dapr";
    if (element.attributes.some(({ name }) => name.startsWith("sf-"))) {
      report(element, "a Service Fabric backend is not supported by this version of Gatehouse yet");
    } else if (Boolean(id) === Boolean(attribute(element, "base-url"))) {
      report(element, '<set-backend-service> needs exactly one of "base-url" and "backend-id"');
    } else if (toDapr) {
      for (const name of ["dapr-app-id", "dapr-method"]) {
        if (!attribute(element, name)) report(element, `a Dapr backend needs the attribute "${name}"`);
      }
    } else if (element.attributes.some(({ name }) => name.startsWith("dapr-"))) {
      report(element, 'the attributes for Dapr need backend-id="dapr"');
    }
  },
  load(element, loader) {
    if (element.attributes?.["dapr-app-id"] !== undefined) return useDapr(element, loader);
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
    choose(x, { kind: "entity", id: name }, scope);
    const base = backends.base(name);
    if (base) x.request.base = base;
  };
}

/** The path becomes the method's; the caller's query stays (unconfirmed). */
function useDapr(element: PlanElement, loader: Loader): Step {
  const { scope } = loader;
  const appId = loader.text(element, "dapr-app-id");
  const method = loader.text(element, "dapr-method");
  const namespace = loader.optionalText(element, "dapr-namespace");
  return (x) => {
    const space = namespace(x)?.trim();
    const app = segment(appId(x), "Dapr app id") + (space ? `.${segment(space, "Dapr namespace")}` : "");
    const path = segments(method(x).trim().replace(/^\/+/, ""), "Dapr method");
    const base = daprUrl(x.services.daprAddress, `/v1.0/invoke/${app}/method`);
    choose(x, { kind: "url", base }, scope);
    x.request.base = base;
    x.request.path = `/${path}`;
  };
}

/** Notes the scope whose `backend-id` it was. */
function choose(x: Exchange, backend: BackendTarget, scope: Scope): void {
  x.backend = backend;
  const chosen = x.state(CHOSEN_AT, (): Chosen => ({ scope, backend }));
  chosen.scope = scope;
  chosen.backend = backend;
}

interface Chosen {
  scope: Scope;
  backend: BackendTarget;
}

/** After a broader scope's `backend-id`, a `base-url` has no effect; only another `backend-id` has. */
function entityWasInherited(x: Exchange, scope: Scope): boolean {
  const chosen = x.peekState<Chosen>(CHOSEN_AT);
  if (chosen?.backend !== x.backend) return false;
  return ALL_SCOPES.indexOf(chosen.scope) < ALL_SCOPES.indexOf(scope);
}

function baseUrl(text: string): UrlParts {
  const url = parseUrl(text.trim());
  if (!url) throw expressionFailure("The base URL is not an absolute http or https URL.");
  return url;
}
