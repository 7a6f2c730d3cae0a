import type { ServiceKind } from "./services/kinds.ts";

/** A behaviour case: an artifacts folder, upstreams, and steps with what to expect (docs/guide/policy-tests.md). */
export interface Case {
  name: string;
  /** File it stands in, and its line there. */
  file: string;
  line: number;
  /** Path to content: a mapping is a JSON file, a string a text file. */
  files: Readonly<Record<string, unknown>>;
  /** Artifacts folder that `files` are added to, relative to the case's file. */
  folder?: string;
  upstreams: Readonly<Record<string, UpstreamOptions>>;
  issuers: Readonly<Record<string, IssuerOptions>>;
  certificates: Readonly<Record<string, CertificateOptions>>;
  /** Identities of the gateway, as its settings file describes them (docs/guide/identity.md). */
  identity?: unknown;
  /** Features the data plane must have, else the case is skipped with that reason. */
  needs: readonly string[];
  /** Expected refusals: plane to `refused`. */
  planes: Readonly<Record<string, "refused">>;
  /** What the report must say where the files must not compile, on no data plane. */
  refused?: string;
  steps: readonly Step[];
}

export interface UpstreamOptions {
  /** Serve TLS with a certificate of the kit's CA, or of one that nobody knows. */
  tls?: boolean | "untrusted";
  /** Further host names that this upstream stands for (`login.example.com`), so that policies need not be changed. */
  hosts?: readonly string[];
  /** What it stands for instead of an echo. */
  kind?: ServiceKind;
}

export interface IssuerOptions {
  /** Value of `iss` in metadata and tokens; default `http://NAME.issuer`. */
  issuer?: string;
  /** Host names that the issuer stands for (`login.microsoftonline.com`), served over TLS with a certificate of the kit's CA. */
  hosts?: readonly string[];
  /** Keys that are published; default: those that the case's tokens name. */
  keys?: readonly { kid: string; alg: string }[];
}

export interface CertificateOptions {
  commonName?: string;
  /** Whole distinguished name instead (`CN=alice, O=Example`). */
  subject?: string;
  dnsNames?: readonly string[];
  /** Hexadecimal. */
  serialNumber?: string;
  /** Not signed by the kit's CA. */
  selfSigned?: boolean;
  /** Another certificate of the case, an authority, signs it; the client presents that one as well. */
  issuedBy?: string;
  /** It may issue others. */
  authority?: boolean;
  /** `server`: for servers only. */
  purpose?: "server";
  /** It names a revocation list, which the kit serves and which names it where it is `revoked`; `unreachable`: nobody does. */
  revocation?: "good" | "revoked" | "unreachable";
  /** Offsets from now in days. */
  validFromDays?: number;
  validToDays?: number;
}

export type Step = RequestStep | WaitStep | ChangeStep;

export interface WaitStep {
  kind: "wait";
  line: number;
  ms: number;
}

export interface ChangeStep {
  kind: "change";
  line: number;
  files: Readonly<Record<string, unknown>>;
  /** Issuers that publish other keys from now on. */
  issuers: Readonly<Record<string, Pick<IssuerOptions, "keys">>>;
}

export interface RequestStep {
  kind: "request";
  line: number;
  /** Sent at once; most steps have one. */
  requests: readonly CaseRequest[];
  times: number;
  /** Scripted answers by upstream, in order; then echo again. */
  upstream: Readonly<Record<string, readonly ScriptedAnswer[]>>;
  expect: Expectation;
}

export interface CaseRequest {
  method: string;
  /** Path and query at the gateway. */
  url: string;
  headers: readonly (readonly [name: string, value: string])[];
  body?: string;
  /** Content coding that the body is sent in. */
  encoding?: ContentCoding;
  token?: TokenRequest;
  subscription?: string;
  certificate?: string;
  /** Milliseconds after which the client gives up; default 10,000. */
  timeoutMs?: number;
}

export interface TokenRequest {
  /** A token with a name is made once in a case: later steps that name it send the very same one. */
  name?: string;
  issuer: string;
  alg: string;
  kid: string;
  /** Members override the defaults `iss`, `iat`, `exp` (in 5 minutes); null leaves one out; `+60s`, `-1h` are relative to now. */
  claims: Readonly<Record<string, unknown>>;
  /** Members override the defaults `typ`, `kid`; null leaves one out. */
  header?: Readonly<Record<string, unknown>>;
  /** `forged`: signed by a key that is not published, under the same kid. */
  forged?: boolean;
  /** Base64 secret for HS256 and its variants. */
  secret?: string;
  /** Algorithm confusion: an HMAC whose secret is the PEM text of the issuer's public key `kid`. */
  confused?: boolean;
  /** Header or query parameter that carries it; default `Authorization: Bearer`. */
  in?: { header?: string; query?: string; scheme?: string };
}

/** A content coding (RFC 9110 section 8.4.1). */
export type ContentCoding = "gzip" | "deflate" | "br";

export interface ScriptedAnswer {
  status: number;
  /** Reason phrase; default the status's usual one. */
  reason?: string;
  headers: readonly (readonly [name: string, value: string])[];
  body?: string;
  /** Content coding that the body is sent in. */
  encoding?: ContentCoding;
  delayMs: number;
  /** Close the connection instead of answering. */
  reset: boolean;
  /** Announce the whole body, send half of it and close the connection. */
  cut: boolean;
}

export interface Expectation extends AnswerExpectation {
  /** For requests sent at once: each must be met by an answer of its own, in whatever order they came. */
  answers?: readonly AnswerExpectation[];
  received?: "none" | ReceivedExpectation;
  record?: Readonly<Record<string, unknown>>;
  /** Measurements that policies must have made, in any order, or `none`. */
  metrics?: "none" | readonly MeasurementExpectation[];
  /** The connection closes without an answer. */
  closed?: boolean;
}

/** What is not named is not looked at. */
export interface MeasurementExpectation {
  namespace?: unknown;
  name?: unknown;
  value?: unknown;
  dimensions?: Readonly<Record<string, unknown>>;
}

export interface AnswerExpectation {
  status?: number;
  /** Reason phrase: `/regex/` or the value. */
  reason?: unknown;
  /** Name to `present`, `absent`, `/regex/`, the value, or a list with the value of each line. */
  headers?: Readonly<Record<string, unknown>>;
  body?: unknown;
  json?: unknown;
}

export interface ReceivedExpectation {
  upstream?: string;
  method?: string;
  url?: unknown;
  headers?: Readonly<Record<string, unknown>>;
  body?: unknown;
  json?: unknown;
  /** Common name of the client certificate that the gateway presented. */
  certificate?: unknown;
  /** How many requests the upstreams got in this step (each repetition counts on its own). */
  count?: number;
}
