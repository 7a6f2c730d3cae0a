import type { PlanElement } from "../compiler/element.ts";
import type { Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, type ChildSchema, definePolicy, type Report, type TextSchema } from "../compiler/schema.ts";
import { attribute, type Element, elementChildren, textContent } from "../document/tree.ts";
import { checkAudience, loadTexts, type TokenCheck } from "./jwt/checks.ts";
import { type DecryptionKey, decryptionPrivateKey, decryptionSecret } from "./jwt/decryption.ts";
import { loadRequiredClaims, REQUIRED_CLAIMS } from "./jwt/required-claims.ts";
import { type KeySource, TokenKeys } from "./jwt/token-keys.ts";
import { loadTokenSource, TOKEN_SOURCE_ATTRIBUTES } from "./jwt/token-source.ts";
import { TOKEN_OUTCOME_ATTRIBUTES, validateToken } from "./jwt/token-validation.ts";
import {
  fromCertificate,
  fromModulus,
  fromSecret,
  fromZumoMasterKey,
  secretBytes,
  type VerificationKey,
} from "./jwt/verification-key.ts";

const SOURCES = Object.keys(TOKEN_SOURCE_ATTRIBUTES);

const KEY_TEXT: TextSchema = { type: "string", expression: true, doc: "A symmetric key in base64." };

const KEY: ChildSchema = {
  doc: "A key: a symmetric one as text, that of a certificate, or an RSA key.",
  attributes: {
    id: { type: "string", expression: false, doc: "What the token's `kid` calls the key." },
    "certificate-id": { type: "string", expression: false, doc: "Id of an uploaded certificate." },
    n: { type: "string", expression: false, doc: "Modulus of an RSA key, base64url." },
    e: { type: "string", expression: false, doc: "Exponent of an RSA key, base64url." },
  },
  text: KEY_TEXT,
};

export const validateJwt = definePolicy({
  name: "validate-jwt",
  summary: "Lets only requests with a valid JSON Web Token in.",
  category: "access",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    ...TOKEN_SOURCE_ATTRIBUTES,
    ...TOKEN_OUTCOME_ATTRIBUTES,
    "require-expiration-time": {
      type: "bool",
      expression: true,
      default: true,
      doc: "Whether the token must have an expiration time.",
    },
    "require-scheme": {
      type: "string",
      expression: true,
      doc: "Scheme that must stand before the token in the Authorization header, such as Bearer.",
    },
    "require-signed-tokens": {
      type: "bool",
      expression: true,
      default: true,
      doc: "Whether the token must be signed.",
    },
    "clock-skew": {
      type: "int",
      expression: true,
      min: 0,
      default: 0,
      doc: "Seconds that clocks of issuer and gateway may differ.",
    },
  },
  children: {
    "openid-config": {
      doc: "OpenID metadata that names the issuer and its keys.",
      attributes: {
        url: { type: "string", expression: true, required: true, doc: "Address of the metadata document." },
        // Schema only: accepted, without effect.
        host: { type: "string", expression: false, doc: "Accepted for compatibility, without effect." },
      },
    },
    "issuer-signing-tokens": {
      doc: "Older form of issuer-signing-keys.",
      max: 1,
      children: {
        token: {
          doc: "A certificate or a symmetric key.",
          attributes: { id: { type: "string", expression: false, doc: "What the token's `kid` calls the key." } },
          text: { ...KEY_TEXT, required: true, doc: "The certificate or key in base64." },
        },
      },
    },
    "issuer-signing-keys": {
      doc: "Keys that sign tokens.",
      max: 1,
      order: "any",
      children: {
        key: KEY,
        "zumo-master-key": {
          doc: "Master key of a mobile service.",
          attributes: { id: { type: "string", expression: false, doc: "What the token's `kid` calls the key." } },
          text: { ...KEY_TEXT, required: true, doc: "The master key." },
        },
      },
    },
    "decryption-keys": { doc: "Keys that decrypt tokens.", max: 1, children: { key: { ...KEY, min: 1 } } },
    audiences: {
      doc: "Audiences of which the token must have one.",
      max: 1,
      children: { audience: { doc: "An audience.", min: 1, text: required("An audience.") } },
    },
    issuers: {
      doc: "Issuers that are accepted besides those that OpenID metadata names.",
      max: 1,
      children: { issuer: { doc: "An issuer.", min: 1, text: required("An issuer.") } },
    },
    "required-claims": REQUIRED_CLAIMS,
  },
  check(element, report) {
    checkSource(element, report);
    for (const list of elementChildren(element)) {
      if (list.name !== "issuer-signing-keys" && list.name !== "decryption-keys") continue;
      for (const key of elementChildren(list)) if (key.name === "key") checkKey(key, report);
    }
  },
  load(element, loader) {
    const signing = [
      ...listed(element, "issuer-signing-tokens", "token", loader).map((key) => legacyToken(key, loader)),
      ...listed(element, "issuer-signing-keys", "key", loader).map((key) => signingKey(key, loader)),
      ...listed(element, "issuer-signing-keys", "zumo-master-key", loader).map((key) => masterKey(key, loader)),
    ];
    const audiences = loadTexts(element, "audiences", "audience", loader);
    const claims = loadRequiredClaims(element, loader);
    const checks: TokenCheck[] = [];
    if (audiences) checks.push((x, jwt) => checkAudience(jwt, audiences(x)));
    if (claims) checks.push(claims);
    return validateToken(element, loader, {
      token: loadTokenSource(element, loader),
      keys: new TokenKeys({
        metadata: loader.children(element, "openid-config").map((config) => loader.text(config, "url")),
        signing,
        decryption: listed(element, "decryption-keys", "key", loader).map((key) => decryptionKey(key, loader)),
      }),
      requireSigned: loader.bool(element, "require-signed-tokens", true),
      requireExpiration: loader.bool(element, "require-expiration-time", true),
      clockSkew: loader.int(element, "clock-skew", 0),
      issuers: loadTexts(element, "issuers", "issuer", loader) ?? (() => []),
      checks,
    });
  },
});

function required(doc: string): TextSchema {
  return { type: "string", expression: true, required: true, doc };
}

function listed(policy: PlanElement, list: string, item: string, loader: Loader): readonly PlanElement[] {
  const element = loader.child(policy, list);
  return element ? loader.children(element, item) : [];
}

function keyId(key: PlanElement): string | undefined {
  const id = key.attributes?.id;
  return typeof id === "string" && id !== "" ? id : undefined;
}

function signingKey(key: PlanElement, loader: Loader): KeySource<VerificationKey> {
  const id = keyId(key);
  const { attributes = {} } = key;
  if (attributes["certificate-id"] !== undefined) {
    const certificate = loader.text(key, "certificate-id");
    return {
      text: (x) => x.services.certificate(certificate(x))?.cert,
      make: (pem) => fromCertificate(pem, id),
    };
  }
  if (attributes.n !== undefined) {
    const modulus = loader.text(key, "n");
    const exponent = loader.text(key, "e", "AQAB");
    return {
      text: (x) => `${modulus(x)}.${exponent(x)}`,
      make: (text) => fromModulus(...(text.split(".", 2) as [string, string]), id),
    };
  }
  return { text: loader.textOf(key.text), make: (text) => fromSecret(text, id) };
}

function masterKey(key: PlanElement, loader: Loader): KeySource<VerificationKey> {
  return { text: loader.textOf(key.text), make: (text) => fromZumoMasterKey(text.trim(), keyId(key)) };
}

function legacyToken(token: PlanElement, loader: Loader): KeySource<VerificationKey> {
  const id = keyId(token);
  return {
    text: loader.textOf(token.text),
    make: (text) => {
      const bytes = secretBytes(text);
      return bytes && (fromCertificate(bytes, id) ?? fromSecret(text, id));
    },
  };
}

function decryptionKey(key: PlanElement, loader: Loader): KeySource<DecryptionKey> {
  if (key.attributes?.["certificate-id"] !== undefined) {
    const certificate = loader.text(key, "certificate-id");
    return { text: (x) => x.services.certificate(certificate(x))?.key, make: decryptionPrivateKey };
  }
  return { text: loader.textOf(key.text), make: decryptionSecret };
}

function checkSource(element: Element, report: Report): void {
  const given = SOURCES.filter((name) => attribute(element, name));
  if (given.length === 1) return;
  const names = SOURCES.map((name) => `"${name}"`).join(", ");
  report(element, `<${element.name}> needs exactly one of the attributes ${names}`);
}

/** A key is one thing: text, a certificate, or a modulus with its exponent. */
function checkKey(key: Element, report: Report): void {
  const has = (name: string) => attribute(key, name) !== undefined;
  const forms = [(textContent(key)?.text.trim() ?? "") !== "", has("certificate-id"), has("n") || has("e")];
  if (forms.filter(Boolean).length !== 1) {
    report(key, '<key> needs either text, or the attribute "certificate-id", or the attributes "n" and "e"');
  } else if (has("n") !== has("e")) {
    report(key, '<key> needs both of the attributes "n" and "e"');
  }
}
