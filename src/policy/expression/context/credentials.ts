import { ClrArray } from "../clr/box.ts";
import { Dictionary } from "../clr/collections/dictionary.ts";
import { type Cell, declareType, type TypeDeclaration } from "../clr/declare.ts";
import { DateTime } from "../clr/system/date-time.ts";
import { Jwt } from "./jwt.ts";

/** User and password of a Basic Authorization header. */
export class BasicAuthCredentials {
  readonly clrName = "Gatehouse.BasicAuthCredentials";
  readonly userId: string;
  readonly password: string;
  constructor(userId: string, password: string) {
    this.userId = userId;
    this.password = password;
  }

  /**
   * Reads an Authorization header value of the scheme Basic. The user ends at the first colon (RFC 7617).
   * @returns null when it is no such value
   */
  static parse(header: string | null): BasicAuthCredentials | null {
    const match = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/.exec(header ?? "");
    if (!match) return null;
    const text = Buffer.from(match[1] as string, "base64").toString("latin1");
    const colon = text.indexOf(":");
    return colon > 0 ? new BasicAuthCredentials(text.slice(0, colon), text.slice(colon + 1)) : null;
  }
}

/** What `get-authorization-context` stores. */
export class Authorization {
  readonly clrName = "Gatehouse.Authorization";
  readonly accessToken: string;
  /** Claims of the identity, boxed values. */
  readonly claims: ReadonlyMap<string, unknown>;
  constructor(accessToken: string, claims: ReadonlyMap<string, unknown> = new Map()) {
    this.accessToken = accessToken;
    this.claims = claims;
  }
}

function time(milliseconds: number | null): DateTime | null {
  if (milliseconds === null || Math.abs(milliseconds) > 8.64e15 || milliseconds < -62135596800000) return null;
  return DateTime.fromUnixMilliseconds(milliseconds, 1);
}

const basic = declareType({
  name: "Gatehouse.BasicAuthCredentials",
  kind: "class",
  is: (value) => value instanceof BasicAuthCredentials,
  members: {
    "string UserId { get; }": (credentials: BasicAuthCredentials) => credentials.userId,
    "string Username { get; }": (credentials: BasicAuthCredentials) => credentials.userId,
    "string Password { get; }": (credentials: BasicAuthCredentials) => credentials.password,
  },
});

const jwt = declareType({
  name: "Gatehouse.Jwt",
  kind: "class",
  is: (value) => value instanceof Jwt,
  members: {
    "string Algorithm { get; }": (token: Jwt) => token.algorithm,
    "System.Collections.Generic.IEnumerable<string> Audiences { get; }": (token: Jwt) =>
      new ClrArray("string", [...token.audiences]),
    "IClaims Claims { get; }": (token: Jwt) => token.claims,
    "DateTime? ExpirationTime { get; }": (token: Jwt) => time(token.expirationTime),
    "string Id { get; }": (token: Jwt) => token.id,
    "DateTime? IssuedAt { get; }": (token: Jwt) => time(token.issuedAt),
    "string Issuer { get; }": (token: Jwt) => token.issuer,
    "DateTime? NotBefore { get; }": (token: Jwt) => time(token.notBefore),
    "string Subject { get; }": (token: Jwt) => token.subject,
    "string Type { get; }": (token: Jwt) => token.type,
  },
});

const authorization = declareType({
  name: "Gatehouse.Authorization",
  kind: "class",
  is: (value) => value instanceof Authorization,
  members: {
    "string AccessToken { get; }": (value: Authorization) => value.accessToken,
    "System.Collections.Generic.IReadOnlyDictionary<string, object> Claims { get; }": (value: Authorization) => {
      const claims = new Dictionary("string", "object");
      for (const [name, claim] of value.claims) claims.setEntry(name, claim);
      return claims;
    },
  },
});

const extensions = declareType({
  name: "Gatehouse.CredentialExtensions",
  kind: "static",
  members: {
    "static BasicAuthCredentials AsBasic(this string value)": BasicAuthCredentials.parse,
    "static bool TryParseBasic(this string value, out BasicAuthCredentials credentials)": (
      value: string | null,
      credentials: Cell<BasicAuthCredentials | null>,
    ) => (credentials.value = BasicAuthCredentials.parse(value)) !== null,
    "static Jwt AsJwt(this string value)": (value: string | null) => (value === null ? null : Jwt.parse(value)),
    "static bool TryParseJwt(this string value, out Jwt token)": (value: string | null, token: Cell<Jwt | null>) =>
      (token.value = value === null ? null : Jwt.parse(value)) !== null,
  },
});

export const credentialTypes: TypeDeclaration[] = [basic, jwt, authorization, extensions];
