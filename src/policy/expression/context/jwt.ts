/**
 * `Jwt` of policy expressions: a JSON Web Token's content. Holding one says nothing about its signature:
 * `AsJwt()` does not check it, `validate-jwt` does.
 */
export class Jwt {
  /** `alg` of the header. */
  readonly algorithm: string | null;
  /** `typ` of the header. */
  readonly type: string | null;
  /** `jti`. */
  readonly id: string | null;
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly audiences: readonly string[];
  /** Every claim by name, the registered ones included; arrays give one value per item, other types their text. */
  readonly claims: ReadonlyMap<string, readonly string[]>;
  /** Epoch milliseconds; null when absent or not a number. */
  readonly expirationTime: number | null;
  readonly notBefore: number | null;
  readonly issuedAt: number | null;

  /** From the decoded header and payload. */
  constructor(header: JsonObject, payload: JsonObject) {
    this.algorithm = text(header.alg);
    this.type = text(header.typ);
    this.id = text(payload.jti);
    this.issuer = text(payload.iss);
    this.subject = text(payload.sub);
    this.claims = new Map(
      Object.entries(payload).flatMap(([name, value]) => {
        const values = claimValues(value);
        return values.length > 0 ? [[name, values] as const] : [];
      }),
    );
    this.audiences = this.claims.get("aud") ?? [];
    this.expirationTime = time(payload.exp);
    this.notBefore = time(payload.nbf);
    this.issuedAt = time(payload.iat);
  }

  /**
   * Reads a signed token in compact form, with or without `Bearer ` before it; the signature is not checked.
   * @returns null for anything else.
   */
  static parse(written: string): Jwt | null {
    const token = written.trim().replace(/^bearer +/i, "");
    if (token.length > LONGEST) return null;
    const [first, second, third, ...more] = token.split(".");
    if (first === undefined || second === undefined || third === undefined || more.length > 0) return null;
    const header = decodeJson(first);
    const payload = decodeJson(second);
    return header && payload ? new Jwt(header, payload) : null;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Characters of the longest token that is looked at. */
const LONGEST = 65_536;

/** A base64url part of a token that holds a JSON object; undefined when it does not. */
export function decodeJson(part: string): JsonObject | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return undefined;
  return parseObject(Buffer.from(part, "base64url").toString("utf8"));
}

/** A JSON object; undefined for any other text, and for one nested so deeply that nobody means it. */
export function parseObject(json: string): JsonObject | undefined {
  if (tooDeep(json)) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Levels of JSON that a token's parts may have. */
const DEEPEST = 64;

function tooDeep(json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > DEEPEST) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function time(seconds: unknown): number | null {
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds * 1000 : null;
}

/** A claim without a value (null, an empty array) counts as absent. */
function claimValues(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => (item === null ? [] : [claimText(item)]));
  return value === null || value === undefined ? [] : [claimText(value)];
}

function claimText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
