import type { PlanElement } from "../../compiler/element.ts";
import { literalText } from "../../compiler/element.ts";
import { PolicyError } from "../../exchange/errors.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { JArray } from "../../expression/clr/json/array.ts";
import { JObject } from "../../expression/clr/json/object.ts";
import { JValue } from "../../expression/clr/json/value.ts";
import type { Action } from "./actions.ts";

/** What a caller reads where the cause is none of its business. */
export const GENERIC = "The request could not be processed due to an internal error. Contact the API owner.";

/** One violation as section 9.7 of the policy reference lists them. */
export interface Violation {
  /** Content type, parameter or header name, or status code; empty for size and schema errors. */
  name: string;
  type: string;
  /** Empty for errors of the API's schema. */
  rule: string;
  /** For the variable and `LastError`. */
  details: string;
  /** For the caller. */
  publicText: string;
}

/** What a validating policy does with violations: note them in its variable, and refuse the message. */
export type Handle = (x: Exchange, action: Action, violations: readonly Violation[]) => void;

/** @param attribute the attribute of the policy that names its variable */
export function violationHandler(element: PlanElement, attribute = "errors-variable-name"): Handle {
  const variable = literalText(element.attributes?.[attribute])?.trim();
  return (x, action, violations) => {
    const first = violations[0];
    if (action === "ignore" || !first) return;
    if (variable) note(x, variable, action, violations);
    for (const violation of violations) {
      x.trace({ source: element.name, severity: "error", message: violation.details });
    }
    if (action === "prevent") throw refusal(x, first);
  };
}

/**
 * The variable's value is a JArray, as expressions can cast to that and read it (the service's own type is
 * unconfirmed). A policy without violations does not make it.
 */
function note(x: Exchange, variable: string, action: Action, violations: readonly Violation[]): void {
  const known = x.variables.get(variable);
  const list = known instanceof JArray ? known : new JArray();
  if (known !== list) x.variables.set(variable, list);
  for (const { name, type, rule, details } of violations) {
    const entry = new JObject();
    const members = { Name: name, Type: type, ValidationRule: rule, Details: details, Action: action };
    for (const [key, value] of Object.entries(members)) entry.set(key, JValue.ofString(value));
    list.append(entry);
  }
}

/** 400 for what the client sent, 502 for what the backend answered (policy reference 4.5). */
function refusal(x: Exchange, { details, publicText }: Violation): PolicyError {
  const request = isRequestSection(x);
  return new PolicyError(request ? "Bad request" : "Response not allowed", request ? 400 : 502, details, {
    publicMessage: publicText,
  });
}

/** Is the message of the current section the request? */
export function isRequestSection(x: Exchange): boolean {
  return x.section === "inbound" || x.section === "backend";
}

/** A violation whose caller reads nothing of the cause. */
export function internalViolation(name: string, type: string, rule: string, details: string): Violation {
  return { name, type, rule, details, publicText: GENERIC };
}
