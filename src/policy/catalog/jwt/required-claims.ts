import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ChildSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Jwt } from "../../expression/context/jwt.ts";
import { type TokenCheck, texts } from "./checks.ts";
import { TokenFailure } from "./token-failure.ts";

const MATCHES = ["all", "any"] as const;

/** The element `required-claims`. */
export const REQUIRED_CLAIMS: ChildSchema = {
  doc: "Claims that the token must have.",
  max: 1,
  children: {
    claim: {
      doc: "A claim, and the values it must have.",
      min: 1,
      attributes: {
        name: { type: "string", expression: true, required: true, doc: "Name of the claim." },
        match: {
          type: MATCHES,
          expression: true,
          default: "all",
          doc: "Whether the token must have all of the listed values, or one of them.",
        },
        separator: {
          type: "string",
          expression: true,
          doc: "Text that separates several values in one string (`scp` in Entra tokens: a space).",
        },
      },
      children: {
        value: {
          doc: "A value; without any, the claim only has to be there.",
          text: { type: "string", expression: true, doc: "The value, compared exactly." },
        },
      },
    },
  },
};

interface RequiredClaim {
  name: Evaluate<string>;
  match: Evaluate<(typeof MATCHES)[number]>;
  separator: Evaluate<string | undefined>;
  values: Evaluate<readonly string[]>;
}

/** The check of a policy's `required-claims`; undefined where it has none. */
export function loadRequiredClaims(policy: PlanElement, loader: Loader): TokenCheck | undefined {
  const list = loader.child(policy, "required-claims");
  if (!list) return undefined;
  const required = loader.children(list, "claim").map(
    (claim): RequiredClaim => ({
      name: loader.text(claim, "name"),
      match: loader.word(claim, "match", MATCHES, "all"),
      separator: loader.optionalText(claim, "separator"),
      values: texts(loader.children(claim, "value"), loader),
    }),
  );
  return (x, jwt) => {
    const missing = required.map(({ name }) => name(x)).filter((name) => !jwt.claims.has(name));
    if (missing.length > 0) {
      const text = `JWT token is missing the following claims: ${missing.join(", ")}. Access denied.`;
      throw new TokenFailure("TokenClaimNotFound", text);
    }
    for (const claim of required) checkValues(x, jwt, claim);
  };
}

/** Values are compared exactly (case sensitivity unconfirmed). */
function checkValues(x: Exchange, jwt: Jwt, claim: RequiredClaim): void {
  const wanted = claim.values(x);
  if (wanted.length === 0) return;
  const name = claim.name(x);
  const separator = claim.separator(x);
  const written = jwt.claims.get(name) ?? [];
  const present = separator ? written.flatMap((value) => value.split(separator)) : written;
  const has = (value: string) => present.includes(value);
  if (claim.match(x) === "any" ? wanted.some(has) : wanted.every(has)) return;
  const text = `Claim ${name} value of ${written.join(",")} is not allowed. Access denied.`;
  throw new TokenFailure("TokenClaimValueNotAllowed", text);
}
