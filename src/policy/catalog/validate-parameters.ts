import type { DescribedParameter } from "../../model/contract.ts";
import { literalText, type PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, type ChildSchema, definePolicy } from "../compiler/schema.ts";
import type { Contract } from "../exchange/contract.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { queryPairs } from "../exchange/url.ts";
import { ACTIONS, type Action, actionAttribute, ERRORS_VARIABLE } from "./validation/actions.ts";
import { baseOf, objectOf, propertiesOf, typesOf } from "./validation/parameter-value.ts";
import {
  HEADER,
  missing,
  PATH,
  type ParameterKind,
  QUERY,
  unspecified,
  valueViolations,
  withoutSchema,
} from "./validation/parameter-violations.ts";
import { type Violation, violationHandler } from "./validation/violations.ts";

const SPECIFIED = actionAttribute("What to do about parameters that the API describes.");
const UNSPECIFIED = actionAttribute("What to do about parameters that it does not.");

const PARAMETER: ChildSchema = {
  doc: "One parameter; its action wins.",
  attributes: {
    name: { type: "string", expression: false, required: true, doc: "Name of the parameter." },
    action: actionAttribute("What to do about it."),
  },
};

const GROUP: ChildSchema = {
  doc: "Actions for parameters in this place.",
  max: 1,
  attributes: { "specified-parameter-action": SPECIFIED, "unspecified-parameter-action": UNSPECIFIED },
  children: { parameter: PARAMETER },
};

export const validateParameters = definePolicy({
  name: "validate-parameters",
  summary: "Validates header, query and path parameters of requests against the API's description.",
  category: "validation",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  once: true,
  attributes: {
    "specified-parameter-action": SPECIFIED,
    "unspecified-parameter-action": UNSPECIFIED,
    "errors-variable-name": ERRORS_VARIABLE,
  },
  children: {
    headers: GROUP,
    query: GROUP,
    path: {
      doc: "Actions for parameters of the URL template.",
      max: 1,
      attributes: { "specified-parameter-action": SPECIFIED },
      children: { parameter: PARAMETER },
    },
  },
  load(element, loader) {
    const root = loadActions(element, loader, undefined);
    const headers = loadActions(loader.child(element, "headers"), loader, root, (name) => name.toLowerCase());
    const query = loadActions(loader.child(element, "query"), loader, root);
    const path = loadActions(loader.child(element, "path"), loader, root);
    const handle = violationHandler(element);
    return (x) => {
      const { contract } = x;
      const parameters = contract?.operation?.parameters;
      if (!contract || !parameters) {
        handle(x, root.specified(x), [withoutSchema()]);
        return;
      }
      for (const [kind, actions, values] of [
        [PATH, path, pathValues(x)],
        [QUERY, query, queryValues(x)],
        [HEADER, headers, headerValues(x)],
      ] as const) {
        const described = parameters.filter((parameter) => parameter.in === PLACES[kind.type]);
        for (const { name, violations } of check(kind, described, values, contract, actions, x)) {
          handle(x, actions.of(x, name, true), violations());
        }
        // Everything described has been taken out.
        for (const name of values.keys()) {
          handle(x, actions.of(x, name, false), [unspecified(kind, kind === HEADER ? written(x, name) : name)]);
        }
      }
    };
  },
});

/** A header's name as the client wrote it. */
function written(x: Exchange, name: string): string {
  return x.request.headers.names().find((other) => other.toLowerCase() === name) ?? name;
}

const PLACES: Readonly<Record<ParameterKind["type"], string>> = {
  PathParameter: "path",
  QueryParameter: "query",
  RequestHeader: "header",
  ResponseHeader: "",
};

interface Actions {
  specified: Evaluate<Action>;
  unspecified: Evaluate<Action>;
  /** The action for a parameter by its name, the nearest that is written. */
  of(x: Exchange, name: string, specified: boolean): Action;
}

function loadActions(
  element: PlanElement | undefined,
  loader: Loader,
  outer: Actions | undefined,
  fold: (name: string) => string = (name) => name,
): Actions {
  const action = (name: string, fallback: Evaluate<Action> | undefined): Evaluate<Action> => {
    if (element?.attributes?.[name] === undefined) return fallback ?? (() => "prevent");
    return loader.word(element, name, ACTIONS, "prevent");
  };
  const named = new Map<string, Evaluate<Action>>();
  for (const parameter of element ? loader.children(element, "parameter") : []) {
    const name = literalText(parameter.attributes?.name) ?? "";
    named.set(fold(name.trim()), loader.word(parameter, "action", ACTIONS, "prevent"));
  }
  const specified = action("specified-parameter-action", outer?.specified);
  const unspecified = action("unspecified-parameter-action", outer?.unspecified);
  const of = (x: Exchange, name: string, known: boolean) =>
    (named.get(fold(name)) ?? (known ? specified : unspecified))(x);
  return { specified, unspecified, of };
}

/** Texts by name, in order; header names in lower case. Checking takes out what it knows. */
type Values = Map<string, string[]>;

interface Checked {
  name: string;
  violations(): Violation[];
}

/** What is to be checked for each described parameter that has a finding to make, worked out when asked. */
function* check(
  kind: ParameterKind,
  described: readonly DescribedParameter[],
  values: Values,
  contract: Contract,
  actions: Actions,
  x: Exchange,
): Generator<Checked> {
  // Template parameters may be described as query parameters of the same name; both are known.
  for (const parameter of described) {
    const { name } = parameter;
    const ignored = actions.of(x, name, true) === "ignore";
    const key = kind === HEADER ? name.toLowerCase() : name;
    const pairs = kind === QUERY ? objectPairs(parameter, values, contract) : undefined;
    if (pairs) {
      for (const [taken] of pairs) values.delete(taken);
      if (ignored) continue;
      if (pairs.length === 0 && !parameter.required) continue;
      if (pairs.length === 0) yield { name, violations: () => [missing(kind, name)] };
      else {
        const properties = pairs.flatMap(([taken, texts]) =>
          texts.map((text) => [propertyOf(taken, name), text] as const),
        );
        const value = () => objectOf(properties, parameter, contract);
        yield { name, violations: () => valueViolations(kind, parameter, [], contract, value) };
      }
      continue;
    }
    const texts = values.get(key);
    values.delete(key);
    if (ignored) continue;
    if (!texts) {
      if (parameter.required) yield { name, violations: () => [missing(kind, name)] };
      continue;
    }
    if (parameter.allowEmptyValue && texts.length === 1 && texts[0] === "") continue;
    const { prefix } = parameter;
    const plain = prefix === undefined ? texts : texts.map((text) => withoutPrefix(text, prefix));
    yield { name, violations: () => valueViolations(kind, parameter, plain, contract) };
  }
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

/** The pairs that make an object: `name[property]`, or the properties' own names in an exploded form. */
function objectPairs(
  parameter: DescribedParameter,
  values: Values,
  contract: Contract,
): [string, string[]][] | undefined {
  if (parameter.deepObject) {
    return [...values].filter(([name]) => name.startsWith(`${parameter.name}[`) && name.endsWith("]"));
  }
  if (parameter.list !== "multi" || parameter.json || parameter.schema === undefined) return undefined;
  try {
    const base = baseOf(parameter, contract);
    if (!typesOf(parameter.schema, base).has("object")) return undefined;
    const properties = propertiesOf(parameter.schema, base);
    return [...values].filter(([name]) => Object.hasOwn(properties, name));
  } catch {
    // A reference that leads nowhere is found again, and reported, when the value is validated.
    return undefined;
  }
}

function propertyOf(name: string, parameter: string): string {
  return name.startsWith(`${parameter}[`) && name.endsWith("]") ? name.slice(parameter.length + 1, -1) : name;
}

function pathValues(x: Exchange): Values {
  const values: Values = new Map();
  const query = new Set(x.operation?.templateQuery ?? []);
  for (const [name, value] of Object.entries(x.matchedParameters)) {
    // What the wildcard of a template matches is no parameter.
    if (name !== "*" && !query.has(name)) values.set(name, [value]);
  }
  return values;
}

function queryValues(x: Exchange): Values {
  const values: Values = new Map();
  // The gateway's own key is not the API's parameter (unconfirmed).
  const key = x.api?.subscriptionKeyParameterNames.query.toLowerCase();
  for (const [name, value] of queryPairs(x.request.query)) {
    if (name.toLowerCase() === key) continue;
    const known = values.get(name);
    if (known) known.push(value);
    else values.set(name, [value]);
  }
  return values;
}

/** Fields that the gateway itself adds to every request: no client sent them. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "traceparent",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-request-id",
]);

function headerValues(x: Exchange): Values {
  const values: Values = new Map();
  const described = new Set(
    x.contract?.operation?.parameters
      .filter(({ in: where }) => where === "header")
      .map(({ name }) => name.toLowerCase()),
  );
  const key = x.api?.subscriptionKeyParameterNames.header.toLowerCase();
  const { raw } = x.request.headers;
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (!described.has(name) && (OWN_FIELDS.has(name) || name === key)) continue;
    const known = values.get(name);
    if (known) known.push(raw[i + 1] as string);
    else values.set(name, [raw[i + 1] as string]);
  }
  return values;
}
