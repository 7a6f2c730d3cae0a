import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** Callers that take turns: enough that nothing is measured that only one caller gets. */
const CALLERS = 64;

export const AUDIENCE = "bench";
export const ROLE = "reader";
const KEY_ID = "bench-1";

/** What the callers of a run present, and what the peers check it against. Made anew for each run. */
export interface Credentials {
  /** Subscription keys by caller. */
  keys: ReadonlyMap<string, string>;
  /** Good tokens (RS256, 2048 bits), one for each caller. */
  tokens: readonly string[];
  /** Tokens that must be refused, by what is wrong with them. */
  badTokens: ReadonlyMap<string, string>;
  signingKey: { id: string; pem: string; n: string; e: string };
}

export function makeCredentials(now: Date = new Date()): Credentials {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const seconds = Math.floor(now.getTime() / 1000);
  const callers = Array.from({ length: CALLERS }, (_, index) => `caller-${index + 1}`);
  const claims = (changes: object) => ({
    iss: "https://issuer.example",
    sub: "caller-1",
    aud: AUDIENCE,
    role: ROLE,
    iat: seconds - 60,
    exp: seconds + 6 * 3600,
    ...changes,
  });
  const good = claims({});
  const jwk = own.publicKey.export({ format: "jwk" });
  return {
    keys: new Map(callers.map((caller) => [caller, `${caller}-${crypto.randomUUID()}`])),
    tokens: callers.map((sub) => token(own.privateKey, claims({ sub }))),
    badTokens: new Map([
      ["another's signature", token(foreign.privateKey, good)],
      ["no signature (alg none)", unsigned(good)],
      ["past its time", token(own.privateKey, claims({ exp: seconds - 3600 }))],
      ["another audience", token(own.privateKey, claims({ aud: "other" }))],
      ["another role", token(own.privateKey, claims({ role: "none" }))],
    ]),
    signingKey: {
      id: KEY_ID,
      pem: own.publicKey.export({ type: "spki", format: "pem" }) as string,
      n: jwk.n ?? "",
      e: jwk.e ?? "",
    },
  };
}

function token(key: KeyObject, claims: object): string {
  const content = `${part({ alg: "RS256", typ: "JWT", kid: KEY_ID })}.${part(claims)}`;
  return `${content}.${sign("sha256", Buffer.from(content), key).toString("base64url")}`;
}

function unsigned(claims: object): string {
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
