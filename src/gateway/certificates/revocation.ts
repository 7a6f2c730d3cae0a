import type { X509Certificate } from "node:crypto";
import type { CertificateChain, RevocationStatus } from "../../policy/exchange/identity.ts";
import type { Clock, HttpClient } from "../../policy/exchange/services.ts";
import { fetchBytes } from "../fetch-bytes.ts";
import { type Lease, RenewingCache } from "../renewing-cache.ts";
import { certificateFields } from "./certificate-fields.ts";
import { type RevocationList, readRevocationList, serialText } from "./crl.ts";
import { type OcspAnswer, ocspRequest, ocspSubject, readOcspAnswer } from "./ocsp.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Milliseconds that one question may take. */
const TIMEOUT_MS = 5000;
/** What was learnt is asked anew after this time, and sooner where it says so itself. */
const RENEW_MS = HOUR;
/** Where it does not say how long it holds. */
const UNTOLD_MS = HOUR;
/** Clocks of authorities may be ahead so far. */
const SKEW_MS = 5 * MINUTE;
const RETRY_MS = 30_000;
const MOST_LIST_BYTES = 4 << 20;
const MOST_ANSWER_BYTES = 64 * 1024;
const MOST_LISTS = 32;
const MOST_ANSWERS = 5000;
/** Addresses of one kind that are tried for one certificate. */
const MOST_ADDRESSES = 2;

/**
 * Asks authorities about certificates that they have issued: OCSP (RFC 6960) where a certificate names a responder, else
 * the revocation list that it names. Only certificates below a trusted authority are asked about, so that nobody else's
 * addresses are ever called.
 */
export class RevocationChecks {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #lists: RenewingCache<RevocationList>;
  readonly #answers: RenewingCache<OcspAnswer>;

  constructor(http: HttpClient, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
    this.#lists = new RenewingCache(clock, { most: MOST_LISTS, retryMs: RETRY_MS });
    this.#answers = new RenewingCache(clock, { most: MOST_ANSWERS, retryMs: RETRY_MS });
  }

  /** `good` when every certificate of the chain but the root is; `unknown` where an authority could not be asked. Never rejects. */
  status({ certificates, trusted }: CertificateChain): RevocationStatus | Promise<RevocationStatus> {
    if (!trusted) return "unknown";
    const statuses = certificates
      .slice(0, -1)
      .map((certificate, index) => this.#ask(certificate, certificates[index + 1] as X509Certificate, index > 0));
    return statuses.some((status) => status instanceof Promise)
      ? Promise.all(statuses).then(worst)
      : worst(statuses as RevocationStatus[]);
  }

  #ask(
    certificate: X509Certificate,
    issuer: X509Certificate,
    isAuthority: boolean,
  ): RevocationStatus | Promise<RevocationStatus> {
    const { ocspUrls, crlUrls } = certificateFields(certificate);
    const questions = [
      ...usable(ocspUrls).map((url) => () => this.#byAnswer(url, certificate, issuer)),
      ...usable(crlUrls).map((url) => () => this.#byList(url, certificate, issuer, isAuthority)),
    ];
    return firstKnown(questions);
  }

  #byAnswer(
    url: string,
    certificate: X509Certificate,
    issuer: X509Certificate,
  ): RevocationStatus | Promise<RevocationStatus> {
    const subject = ocspSubject(certificate, issuer);
    const key = `${serialText(subject.keyHash)} ${serialText(subject.serialNumber)} ${url}`;
    const answer = this.#answers.get(key, async () => {
      const bytes = await this.#fetch(url, MOST_ANSWER_BYTES, ocspRequest(subject));
      return this.#lease(readOcspAnswer(bytes, subject, issuer, this.#clock.now()));
    });
    return answer instanceof Promise ? answer.then(({ status }) => status) : answer.status;
  }

  #byList(
    url: string,
    certificate: X509Certificate,
    issuer: X509Certificate,
    isAuthority: boolean,
  ): RevocationStatus | Promise<RevocationStatus> {
    const { serialNumber } = certificateFields(certificate);
    const judge = ({ covers, revoked }: RevocationList): RevocationStatus => {
      if (covers !== "all" && covers !== (isAuthority ? "authorities" : "clients")) return "unknown";
      return revoked.has(serialText(serialNumber)) ? "revoked" : "good";
    };
    const list = this.#lists.get(`${issuer.fingerprint256} ${url}`, async () =>
      this.#lease(readRevocationList(await this.#fetch(url, MOST_LIST_BYTES), issuer, url)),
    );
    return list instanceof Promise ? list.then(judge) : judge(list);
  }

  /** @throws Error for what is of the past or of the future. */
  #lease<T extends { thisUpdate: number; nextUpdate: number | undefined }>(value: T): Lease<T> {
    const now = this.#clock.now();
    const until = value.nextUpdate ?? now + UNTOLD_MS;
    if (value.thisUpdate > now + SKEW_MS || until <= now) throw new Error("What the authority says is out of date.");
    return { value, until, renewAt: Math.min(now + RENEW_MS, until) };
  }

  async #fetch(url: string, mostBytes: number, question?: Uint8Array): Promise<Uint8Array> {
    const { status, bytes } = await fetchBytes(this.#http, url, {
      ...(question ? { method: "POST", body: question, headers: ["content-type", "application/ocsp-request"] } : {}),
      mostBytes,
      timeoutMs: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (status !== 200) throw new Error(`${url} answered ${status}.`);
    return bytes;
  }
}

/** Over TLS the question would come up for the authority's own certificate, so they serve plain HTTP. */
function usable(urls: readonly string[]): string[] {
  return urls.filter((url) => /^http:/i.test(url)).slice(0, MOST_ADDRESSES);
}

/** The first answer that says something. Those that fail say nothing. */
function firstKnown(
  questions: readonly (() => RevocationStatus | Promise<RevocationStatus>)[],
): RevocationStatus | Promise<RevocationStatus> {
  const [question, ...others] = questions;
  if (!question) return "unknown";
  const next = (status: RevocationStatus) => (status === "unknown" ? firstKnown(others) : status);
  try {
    const status = question();
    return status instanceof Promise ? status.then(next, () => firstKnown(others)) : next(status);
  } catch {
    return firstKnown(others);
  }
}

function worst(statuses: readonly RevocationStatus[]): RevocationStatus {
  if (statuses.includes("revoked")) return "revoked";
  return statuses.includes("unknown") ? "unknown" : "good";
}
