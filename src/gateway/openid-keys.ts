import type { Clock, HttpClient, OpenIdConfiguration, OpenIdKeys } from "../policy/exchange/services.ts";
import { fetchBytes } from "./fetch-bytes.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A document is read anew when it is this old; while it is read, those who ask wait. */
const FRESH_MS = HOUR;
/** Requests begin to read it anew in the background a little earlier, so that under steady traffic nobody waits. */
const SOON_MS = 55 * MINUTE;
/** While the issuer cannot be reached, the last document serves on until it is this old. */
const STALE_MS = 24 * HOUR;
/** An unknown key id or a failed download leads to at most one download in this time. */
const REFRESH_MS = 5 * MINUTE;
/** Milliseconds that one download may take. */
const TIMEOUT_MS = 10_000;
/** Bytes of a metadata document or key set. */
const MOST_BYTES = 1 << 20;
const MOST_KEYS = 200;
/** Metadata addresses remembered: expressions may make them of what callers send. */
const MOST_ADDRESSES = 500;

interface Entry {
  configuration: OpenIdConfiguration | undefined;
  /** The key set as downloaded: the same text keeps the same keys, and with them the tokens verified. */
  keyText: string;
  /** Epoch milliseconds of the last good download. */
  downloadedAt: number;
  /** When a download was last begun because of an unknown key id or after a failure. */
  refreshedAt: number;
  failure: Error | undefined;
  running: Promise<void> | undefined;
}

/**
 * OpenID metadata and the key sets it names, downloaded over HTTP(S) and kept in memory. One download at a time for
 * each address, however many requests wait for it; sizes and times are limited.
 */
export class OpenIdKeyStore implements OpenIdKeys {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(http: HttpClient, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  get(metadataUrl: string, unknownKid = false): OpenIdConfiguration | Promise<OpenIdConfiguration> {
    const entry = this.#entry(metadataUrl);
    const now = this.#clock.now();
    const age = now - entry.downloadedAt;
    if (unknownKid && this.#mayRefresh(entry, now)) {
      entry.refreshedAt = now;
      return this.#wait(metadataUrl, entry);
    }
    if (entry.configuration && age < FRESH_MS) {
      if (age >= SOON_MS && this.#mayDownload(entry, now)) this.#begin(metadataUrl, entry);
      return entry.configuration;
    }
    return this.#mayDownload(entry, now) ? this.#wait(metadataUrl, entry) : this.#stale(entry);
  }

  /** A download that is under way is shared; after a failure the next one has to wait its turn. */
  #mayDownload(entry: Entry, now: number): boolean {
    if (entry.running || !entry.failure) return true;
    if (!this.#mayRefresh(entry, now)) return false;
    entry.refreshedAt = now;
    return true;
  }

  #mayRefresh(entry: Entry, now: number): boolean {
    return now - entry.refreshedAt >= REFRESH_MS;
  }

  #entry(url: string): Entry {
    let entry = this.#entries.get(url);
    if (entry) {
      // The order only matters when there are so many that some will have to go.
      if (this.#entries.size > MOST_ADDRESSES / 2) {
        this.#entries.delete(url);
        this.#entries.set(url, entry);
      }
      return entry;
    }
    if (this.#entries.size >= MOST_ADDRESSES) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    entry = {
      configuration: undefined,
      keyText: "",
      downloadedAt: Number.NEGATIVE_INFINITY,
      refreshedAt: Number.NEGATIVE_INFINITY,
      failure: undefined,
      running: undefined,
    };
    this.#entries.set(url, entry);
    return entry;
  }

  #wait(url: string, entry: Entry): Promise<OpenIdConfiguration> {
    return this.#begin(url, entry).then(() => this.#stale(entry));
  }

  /** The last good document while it may serve. @throws why there is none */
  #stale(entry: Entry): OpenIdConfiguration {
    const { configuration, downloadedAt, failure } = entry;
    if (configuration && this.#clock.now() - downloadedAt < STALE_MS) return configuration;
    throw failure ?? new Error("The OpenID metadata is too old.");
  }

  /** Begins a download unless one is under way. Never rejects. */
  #begin(url: string, entry: Entry): Promise<void> {
    return (entry.running ??= this.#download(url, entry)
      .then(
        () => {
          entry.failure = undefined;
        },
        (error: unknown) => {
          entry.failure = error instanceof Error ? error : new Error(String(error));
        },
      )
      .finally(() => {
        entry.running = undefined;
      }));
  }

  async #download(url: string, entry: Entry): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const metadata = asObject(await this.#fetch(url, signal), url);
    const keysUrl = metadata.jwks_uri;
    if (typeof keysUrl !== "string") throw new Error(`The OpenID metadata of ${url} names no jwks_uri.`);
    if (/^https:/i.test(url) && !/^https:/i.test(keysUrl)) {
      throw new Error(`The OpenID metadata of ${url} names keys that are not served over https.`);
    }
    const keyText = await this.#fetch(keysUrl, signal);
    const issuer = typeof metadata.issuer === "string" ? metadata.issuer : undefined;
    const known = entry.configuration;
    if (known?.issuer !== issuer || entry.keyText !== keyText) {
      entry.configuration = {
        issuer,
        keys: known && entry.keyText === keyText ? known.keys : keysOf(keyText, keysUrl),
      };
      entry.keyText = keyText;
    }
    entry.downloadedAt = this.#clock.now();
  }

  async #fetch(address: string, signal: AbortSignal): Promise<string> {
    const { status, bytes } = await fetchBytes(this.#http, address, {
      headers: ["accept", "application/json"],
      followRedirects: true,
      mostBytes: MOST_BYTES,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    if (status !== 200) throw new Error(`${address} answered ${status}.`);
    return Buffer.from(bytes).toString("utf8");
  }
}

function asObject(json: string, address: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Told below.
  }
  if (isObject(value)) return value;
  throw new Error(`${address} is not a JSON object.`);
}

function keysOf(json: string, address: string): Record<string, unknown>[] {
  const { keys } = asObject(json, address);
  if (!Array.isArray(keys)) throw new Error(`${address} holds no keys.`);
  if (keys.length > MOST_KEYS) throw new Error(`${address} holds more than ${MOST_KEYS} keys.`);
  return keys.filter(isObject);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
