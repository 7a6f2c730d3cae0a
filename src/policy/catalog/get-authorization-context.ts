import type { PlanElement } from "../compiler/element.ts";
import type { Loader } from "../compiler/loader.ts";
import { definePolicy, type Step } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { PolicyError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { type Credential, type CredentialConnection, TokenUnavailableError } from "../exchange/identity.ts";
import { Box } from "../expression/clr/box.ts";
import { type PlainJson, tokenFromPlain } from "../expression/clr/json/from-js.ts";
import { Authorization } from "../expression/context/credentials.ts";
import { identityCheck } from "./authentication/connection-identity.ts";
import { TokenFailure } from "./jwt/token-failure.ts";

const IDENTITY_TYPES = ["managed", "jwt"] as const;

export const getAuthorizationContext = definePolicy({
  name: "get-authorization-context",
  summary: "Takes the access token of a credential provider's connection.",
  category: "access",
  sections: ["inbound"],
  scopes: ["global", "product", "api", "operation"],
  attributes: {
    "provider-id": { type: "string", expression: true, required: true, doc: "Id of the credential provider." },
    "authorization-id": { type: "string", expression: true, required: true, doc: "Id of the connection." },
    "context-variable-name": {
      type: "string",
      expression: true,
      required: true,
      doc: "Variable that receives the token and its claims (Authorization).",
    },
    "identity-type": {
      type: IDENTITY_TYPES,
      expression: true,
      default: "managed",
      doc: "Who asks for the token: the gateway itself, or the identity that a token of Microsoft Entra ID proves.",
    },
    identity: {
      type: "string",
      expression: true,
      doc: "The identity's token, for the audience https://azure-api.net/authorization-manager.",
    },
    "ignore-error": {
      type: "bool",
      expression: true,
      default: false,
      doc: "A failure leaves null in the variable instead of failing the request.",
    },
  },
  check(element, report) {
    const type = attribute(element, "identity-type")?.value.text.trim();
    if (type === "jwt" && !attribute(element, "identity")) {
      report(element, '<get-authorization-context> of identity type "jwt" needs the attribute "identity"');
    }
  },
  load,
  // Inside a policy that builds a request of its own it still fills the variable.
  edit: load,
});

function load(element: PlanElement, loader: Loader): Step {
  const provider = loader.text(element, "provider-id");
  const authorization = loader.text(element, "authorization-id");
  const variable = loader.text(element, "context-variable-name");
  const type = loader.word(element, "identity-type", IDENTITY_TYPES, "managed");
  const checkIdentity = identityCheck(loader.text(element, "identity"));
  const ignoreError = loader.bool(element, "ignore-error", false);
  const keep = (x: Exchange, { accessToken, claims }: Credential) => {
    x.variables.set(variable(x), new Authorization(accessToken, boxed(claims)));
  };
  const failed = (x: Exchange, error: unknown) => {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    if (!ignoreError(x)) throw failure;
    x.variables.set(variable(x), null);
  };
  return (x) => {
    try {
      const connection = findConnection(x, provider(x).trim(), authorization(x).trim());
      const credential =
        type(x) === "jwt" ? checkIdentity(x, connection).then(() => connection.credential()) : connection.credential();
      if (!(credential instanceof Promise)) return keep(x, credential);
      return credential.then(
        (arrived) => keep(x, arrived),
        (error: unknown) => failed(x, error),
      );
    } catch (error) {
      failed(x, error);
    }
  };
}

function findConnection(x: Exchange, provider: string, authorization: string): CredentialConnection {
  const connection = x.services.credentialConnections.find(provider, authorization);
  if (connection) return connection;
  throw new TokenUnavailableError(`There is no connection "${authorization}" of a credential provider "${provider}".`);
}

/** What the request fails with (reason unconfirmed); undefined for failures that are not of the connection. */
function failureOf(error: unknown): PolicyError | undefined {
  if (!(error instanceof TokenUnavailableError || error instanceof TokenFailure)) return undefined;
  return new PolicyError("AuthorizationNotObtained", 500, error.message, {
    publicMessage: "Internal server error",
    cause: error,
  });
}

/** Claims as expressions hold them: JSON's objects and lists are JTokens. */
function boxed(claims: Credential["claims"]): Map<string, unknown> {
  return new Map(Object.entries(claims).map(([name, value]) => [name, boxedValue(value as PlainJson)]));
}

function boxedValue(value: PlainJson): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : new Box("Double", value);
  if (typeof value !== "object" || value === null) return value;
  try {
    return tokenFromPlain(value);
  } catch {
    // Nested deeper than anybody means it.
    return null;
  }
}
