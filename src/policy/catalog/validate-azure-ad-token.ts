import type { PlanElement } from "../compiler/element.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, type ChildSchema, definePolicy } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import type { Jwt } from "../expression/context/jwt.ts";
import { checkAudience, loadTexts, type TokenCheck } from "./jwt/checks.ts";
import { type DecryptionKey, decryptionPrivateKey } from "./jwt/decryption.ts";
import { entraMetadata } from "./jwt/entra.ts";
import { loadRequiredClaims, REQUIRED_CLAIMS } from "./jwt/required-claims.ts";
import { TokenFailure } from "./jwt/token-failure.ts";
import { type KeySource, TokenKeys } from "./jwt/token-keys.ts";
import { loadTokenSource, TOKEN_SOURCE_ATTRIBUTES } from "./jwt/token-source.ts";
import { TOKEN_OUTCOME_ATTRIBUTES, validateToken } from "./jwt/token-validation.ts";

const SOURCES = Object.keys(TOKEN_SOURCE_ATTRIBUTES);

const applicationIds = (doc: string): ChildSchema => ({
  doc,
  max: 1,
  children: {
    "application-id": {
      doc: "An application id.",
      min: 1,
      text: { type: "string", expression: false, required: true, doc: "The application id." },
    },
  },
});

export const validateAzureAdToken = definePolicy({
  name: "validate-azure-ad-token",
  summary: "Lets only requests with a valid token of a Microsoft Entra ID tenant in.",
  category: "access",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    "tenant-id": {
      type: "string",
      expression: true,
      required: true,
      doc: "Id, domain or address of the tenant; organizations, common and consumers stand for many.",
    },
    ...TOKEN_SOURCE_ATTRIBUTES,
    ...TOKEN_OUTCOME_ATTRIBUTES,
    "authentication-endpoint": {
      type: "string",
      expression: true,
      doc: "Base address of Microsoft Entra ID, in sovereign clouds; by default the gateway's setting.",
    },
    "require-scheme": {
      type: "string",
      expression: true,
      doc: "Scheme that must stand before the token in the Authorization header, such as Bearer.",
    },
    "allow-protected-forwarded-tokens": {
      type: "bool",
      expression: true,
      default: false,
      doc: "Accepted for compatibility; such tokens are not understood and are refused.",
    },
    "allow-proof-of-possession-tokens": {
      type: "bool",
      expression: true,
      default: false,
      doc: "Accepted for compatibility; such tokens are not understood and are refused.",
    },
  },
  order: "any",
  children: {
    "backend-application-ids": applicationIds("Applications that the token must be for one of."),
    "client-application-ids": applicationIds("Applications of which one must have asked for the token."),
    audiences: {
      doc: "Audiences of which the token must have one.",
      max: 1,
      children: {
        audience: {
          doc: "An audience.",
          min: 1,
          text: { type: "string", expression: true, required: true, doc: "The audience." },
        },
      },
    },
    "required-claims": REQUIRED_CLAIMS,
    "decryption-keys": {
      doc: "Keys that decrypt tokens.",
      max: 1,
      children: {
        key: {
          doc: "The key of a certificate.",
          min: 1,
          attributes: {
            "certificate-id": {
              type: "string",
              expression: false,
              required: true,
              doc: "Id of an uploaded certificate.",
            },
            id: { type: "string", expression: false, doc: "What the token's `kid` calls the key." },
          },
        },
      },
    },
  },
  check(element, report) {
    const given = SOURCES.filter((name) => attribute(element, name));
    if (given.length <= 1) return;
    const names = SOURCES.map((name) => `"${name}"`).join(", ");
    report(element, `<${element.name}> takes at most one of the attributes ${names}`);
  },
  load(element, loader) {
    const endpoint = loader.optionalText(element, "authentication-endpoint");
    return validateToken(element, loader, {
      token: loadTokenSource(element, loader, "Authorization"),
      keys: new TokenKeys({
        metadata: entraMetadata(loader.text(element, "tenant-id"), endpoint),
        signing: [],
        decryption: decryptionKeys(element, loader),
      }),
      requireSigned: () => true,
      requireExpiration: () => true,
      // The policy has no setting for it (unconfirmed).
      clockSkew: () => 0,
      issuers: () => [],
      issuerRequired: true,
      checks: checksOf(element, loader),
      describe,
    });
  },
});

function checksOf(element: PlanElement, loader: Loader): TokenCheck[] {
  const checks: TokenCheck[] = [];
  const audiences = loadTexts(element, "audiences", "audience", loader);
  const backends = loadTexts(element, "backend-application-ids", "application-id", loader);
  if (audiences || backends) {
    // A token is for an application by its id or by the default form of its URI. Without any of these lists the audience
    // is not checked (unconfirmed).
    checks.push((x, jwt) => {
      const own = backends?.(x).flatMap((id) => [id, `api://${id}`]) ?? [];
      checkAudience(jwt, [...own, ...(audiences?.(x) ?? [])]);
    });
  }
  const clients = loadTexts(element, "client-application-ids", "application-id", loader);
  if (clients) checks.push((x, jwt) => checkClient(jwt, clients(x)));
  const claims = loadRequiredClaims(element, loader);
  if (claims) checks.push(claims);
  return checks;
}

/** The application that asked for the token: `appid` in its first version, `azp` in the second. */
function checkClient(jwt: Jwt, allowed: readonly string[]): void {
  const [version] = jwt.claims.get("ver") ?? [];
  const name = version?.startsWith("2") || !jwt.claims.has("appid") ? "azp" : "appid";
  const [client] = jwt.claims.get(name) ?? [];
  if (client === undefined) {
    const text = `JWT token is missing the following claims: ${name}. Access denied.`;
    throw new TokenFailure("TokenClaimNotFound", text);
  }
  if (allowed.some((id) => id.toLowerCase() === client.toLowerCase())) return;
  throw new TokenFailure(
    "TokenClaimValueNotAllowed",
    `Claim ${name} value of ${client} is not allowed. Access denied.`,
  );
}

function decryptionKeys(element: PlanElement, loader: Loader): KeySource<DecryptionKey>[] {
  const list = loader.child(element, "decryption-keys");
  return loader.children(list ?? element, "key").map((key) => {
    const certificate = loader.text(key, "certificate-id");
    return { text: (x) => x.services.certificate(certificate(x))?.key, make: decryptionPrivateKey };
  });
}

/** The form of messages that one log of the service shows: `Invalid JWT token. Token is expired.` (unconfirmed). */
function describe({ reason, message }: TokenFailure): string {
  if (reason === "TokenNotPresent") return message;
  if (reason === "TokenExpired") return "Invalid JWT token. Token is expired.";
  return `Invalid JWT token. ${message.replace(/ Access denied\.$/, "")}`;
}
