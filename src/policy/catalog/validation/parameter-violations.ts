import type { DescribedHeader } from "../../../model/contract.ts";
import type { Contract } from "../../exchange/contract.ts";
import { MissingDefinitionError } from "./json-schema/schema-error.ts";
import { parameterValue, SeveralValuesError, ValueParseError } from "./parameter-value.ts";
import { describedValidator } from "./validators.ts";
import { internalViolation, type Violation } from "./violations.ts";

/** A kind of parameter: its type in violations, and what messages call it. */
export interface ParameterKind {
  type: "QueryParameter" | "PathParameter" | "RequestHeader" | "ResponseHeader";
  title: "query parameter" | "path parameter" | "header";
}

export const QUERY: ParameterKind = { type: "QueryParameter", title: "query parameter" };
export const PATH: ParameterKind = { type: "PathParameter", title: "path parameter" };
export const HEADER: ParameterKind = { type: "RequestHeader", title: "header" };
export const RESPONSE_HEADER: ParameterKind = { type: "ResponseHeader", title: "header" };

/** The parameter is not in the API's schema. */
export function unspecified(kind: ParameterKind, name: string): Violation {
  const details = `Unspecified ${kind.title} ${name} is not allowed.`;
  return violation(kind, name, "Unspecified", details, details);
}

/** What is wrong with the values of a described parameter. @param value makes the value; by default from the texts */
export function valueViolations(
  kind: ParameterKind,
  described: DescribedHeader,
  texts: readonly string[],
  contract: Contract,
  value: () => unknown = () => parameterValue(texts, described, contract),
): Violation[] {
  const { name } = described;
  const subject = `alue of the ${kind.title} ${name}`;
  try {
    const parsed = value();
    if (described.schema === undefined) return [];
    const direction = kind === RESPONSE_HEADER ? "response" : "request";
    return describedValidator(described, contract)
      .validate(parsed, direction)
      .map(({ message }) => {
        const rest = `${subject} does not conform to the definition. ${message}`;
        return violation(kind, name, "IncorrectMessage", `V${rest}`, `The v${rest}`);
      });
  } catch (error) {
    return [failure(kind, name, subject, error)];
  }
}

/** A required parameter that is not there; the catalogue has no text of its own for it (unconfirmed). */
export function missing(kind: ParameterKind, name: string): Violation {
  const rest = `alue of the ${kind.title} ${name} does not conform to the definition. The ${kind.title} is required.`;
  return violation(kind, name, "IncorrectMessage", `V${rest}`, `The v${rest}`);
}

function failure(kind: ParameterKind, name: string, subject: string, error: unknown): Violation {
  if (error instanceof SeveralValuesError) {
    const message = kind === RESPONSE_HEADER ? "Response" : "Request";
    const details = `${message} cannot contain multiple values for the ${kind.title} ${name}.`;
    return violation(kind, name, "IncorrectMessage", details, details);
  }
  if (error instanceof ValueParseError) {
    const end = "be parsed according to the definition.";
    if (kind === RESPONSE_HEADER) return violation(kind, name, "IncorrectMessage", `V${subject} couldn't ${end}`, "");
    const rest = `${end} ${error.message}`;
    return violation(kind, name, "IncorrectMessage", `V${subject} cannot ${rest}`, `V${subject} couldn't ${rest}`);
  }
  if (error instanceof MissingDefinitionError) {
    const details = `API's schema does not contain definition ${error.definition}, which is associated with the ${kind.title} ${name}.`;
    return internalViolation(name, kind.type, "MissingDefinition", details);
  }
  // Whatever else stops a validation, the value has not been found good.
  const reason = error instanceof Error ? error.message : String(error);
  const title = kind.title.charAt(0).toUpperCase() + kind.title.slice(1);
  return internalViolation(name, kind.type, "ValidationError", `${title} ${name} cannot be validated. ${reason}`);
}

/** What a backend answered is no business of the caller. */
function violation(kind: ParameterKind, name: string, rule: string, details: string, publicText: string): Violation {
  if (kind === RESPONSE_HEADER) return internalViolation(name, kind.type, rule, details);
  return { name, type: kind.type, rule, details, publicText };
}

/** The operation is not described at all. */
export function withoutSchema(): Violation {
  return internalViolation("", "ApiSchema", "", "API's schema doesn't exist or it couldn't be resolved.");
}
