import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { MessageEdit, Step, ValueSchema } from "../../compiler/schema.ts";
import { PolicyError } from "../../exchange/errors.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { TokenUnavailableError } from "../../exchange/identity.ts";
import type { Message } from "../../exchange/message.ts";

/** What becomes of a failure to get a token. */
export const IGNORE_ERROR: ValueSchema = {
  type: "bool",
  expression: true,
  default: false,
  doc: "Without a token, go on instead of failing the request.",
};

export const OUTPUT_VARIABLE: ValueSchema = {
  type: "string",
  expression: false,
  pattern: /\S/,
  patternDoc: "a name",
  doc: "Variable that receives the token (string); the Authorization header is left alone then.",
};

/**
 * The edit of a policy that obtains a token and sends it with the message: as bearer token, or into the variable that
 * `output-token-variable-name` names. Stays synchronous where the token is at hand.
 */
export function tokenEdit(
  element: PlanElement,
  loader: Loader,
  obtain: Evaluate<string | Promise<string>>,
): MessageEdit {
  const variable = loader.optionalText(element, "output-token-variable-name");
  const ignoreError = loader.bool(element, "ignore-error", false);
  const put = (x: Exchange, message: Message, token: string) => {
    const name = variable(x);
    if (name) {
      x.variables.set(name, token);
      (x.secretVariables ??= new Set()).add(name);
    } else message.headers.set("Authorization", `Bearer ${token}`);
  };
  const failed = (x: Exchange, error: unknown) => {
    if (!(error instanceof TokenUnavailableError && ignoreError(x))) throw tokenFailure(error);
  };
  return (x, message) => {
    let token: string | Promise<string>;
    try {
      token = obtain(x);
    } catch (error) {
      return failed(x, error);
    }
    if (typeof token === "string") return put(x, message, token);
    return token.then(
      (arrived) => put(x, message, arrived),
      (error: unknown) => failed(x, error),
    );
  };
}

/** Tokens are for backends: in no section may one reach the caller, whose response an edit would get in outbound. */
export function editsRequest(edit: MessageEdit): Step {
  return (x) => edit(x, x.request);
}

/** What the request ends with where there is no token (reason and status unconfirmed); other errors come back as they are. */
export function tokenFailure(error: unknown): unknown {
  if (!(error instanceof TokenUnavailableError)) return error;
  return new PolicyError("TokenNotObtained", 500, error.message, {
    publicMessage: "Internal server error",
    cause: error,
  });
}
