import "reflect-metadata";
import { generateKeyPairSync, KeyObject } from "node:crypto";
import { X509CertificateGenerator } from "@peculiar/x509";
import { CompactEncrypt, CompactSign } from "jose";
import type { OpenIdConfiguration, OpenIdKeys } from "../exchange/services.ts";

/** A key pair for tests, the public half as a JWK without `kid` and `alg`. */
export interface TestKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  jwk: Record<string, unknown>;
}

export function rsaKey(): TestKey {
  return pair(generateKeyPairSync("rsa", { modulusLength: 2048 }));
}

export function ecKey(namedCurve = "P-256"): TestKey {
  return pair(generateKeyPairSync("ec", { namedCurve }));
}

function pair({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): TestKey {
  return { privateKey, publicKey, jwk: publicKey.export({ format: "jwk" }) as Record<string, unknown> };
}

/** A compact JWS with these claims. `header` needs `alg`. */
export async function signToken(
  claims: unknown,
  key: TestKey | Uint8Array,
  header: Record<string, unknown>,
): Promise<string> {
  const signer = key instanceof Uint8Array ? key : key.privateKey;
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ typ: "JWT", ...header } as never)
    .sign(signer);
}

/** A token without signature. */
export function unsignedToken(claims: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
}

/** A compact JWE around a token or JSON text. */
export async function encryptToken(
  content: string,
  key: KeyObject | Uint8Array,
  header: { alg: string; enc: string },
): Promise<string> {
  return new CompactEncrypt(Buffer.from(content)).setProtectedHeader(header).encrypt(key);
}

/** OpenID metadata by address, that tests change by hand; remembers who asked for unknown keys. */
export class MapOpenIdKeys implements OpenIdKeys {
  readonly configurations = new Map<string, OpenIdConfiguration>();
  /** What a refresh for an unknown key brings. */
  readonly refreshed = new Map<string, OpenIdConfiguration>();
  readonly asked: { url: string; unknownKid: boolean }[] = [];
  /** Answer by promise. */
  later = false;

  get(url: string, unknownKid = false): OpenIdConfiguration | Promise<OpenIdConfiguration> {
    this.asked.push({ url, unknownKid });
    const fresh = this.refreshed.get(url);
    if (unknownKid && fresh) this.configurations.set(url, fresh);
    const found = this.configurations.get(url);
    if (!found) {
      const error = new Error(`no metadata at ${url}`);
      if (this.later) return Promise.reject(error);
      throw error;
    }
    return this.later || (unknownKid && fresh) ? Promise.resolve(found) : found;
  }
}

/** A self-signed certificate with its private key, both PEM. */
export async function testCertificate(): Promise<{ cert: string; key: string }> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength: 2048,
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=test",
    keys,
    notBefore: new Date("2020-01-01"),
    notAfter: new Date("2100-01-01"),
    signingAlgorithm: algorithm,
  });
  const key = KeyObject.from(keys.privateKey).export({ format: "pem", type: "pkcs8" });
  return { cert: certificate.toString("pem"), key: key.toString() };
}
