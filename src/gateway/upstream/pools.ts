import type { BackendTls } from "../../policy/exchange/services.ts";
import { tlsKey } from "./tls-key.ts";

export interface PoolOptions {
  /** Connections to one origin at most. */
  connections: number;
  /** Requests that wait for a connection to one origin at most: a further one fails. */
  waiting: number;
  /** Milliseconds that a connection may rest, where the backend does not say otherwise. */
  keepAliveMs: number;
  /** Bytes of a response's header section at most. */
  headerBytes: number;
}

/** What tells one set of connections from another. */
export interface PoolTarget {
  scheme: string;
  host: string;
  port: number;
  httpVersion: "1" | "2or1" | "2";
  /** Name for SNI and certificate check; empty without TLS. */
  servername: string;
  tls: BackendTls | undefined;
}

/** The connections to one origin with one TLS setting. */
export interface OriginPool {
  /** Would one more request wait in too long a queue? */
  readonly full: boolean;
  /** Is there neither a request nor a connection? */
  readonly unused: boolean;
  /** Closes every connection; running requests end first. */
  close(): Promise<void>;
  /** Closes every connection; running requests fail. */
  destroy(): Promise<void>;
}

/** A pool with what it leads to. */
interface Entry<P> {
  readonly pool: P;
  readonly target: PoolTarget;
  readonly tlsKey: string;
}

/**
 * Pools kept although they have no connections: they hold TLS sessions, which make the next connection cheap. Policies
 * may compute hosts, so beyond this number the unused ones are forgotten.
 */
const MOST_KEPT = 256;

/** All pools of one kind, found by where they lead. */
export class Pools<P extends OriginPool> {
  readonly #byHost = new Map<string, Entry<P>[]>();
  #count = 0;
  readonly #make: (target: PoolTarget, unused: (pool: P) => void) => P;

  /** `make`: a new pool, which is to say whenever it has become unused. */
  constructor(make: (target: PoolTarget, unused: (pool: P) => void) => P) {
    this.#make = make;
  }

  find(target: PoolTarget): P {
    let entries = this.#byHost.get(target.host);
    if (entries) for (const entry of entries) if (serves(entry, target)) return entry.pool;
    if (this.#count >= MOST_KEPT) this.#forgetUnused();
    const pool = this.#make(target, (unused) => {
      if (this.#count > MOST_KEPT) this.#forget(target.host, unused);
    });
    const entry = { pool, target, tlsKey: tlsKey(target.tls) };
    this.#count++;
    entries = this.#byHost.get(target.host);
    if (entries) entries.push(entry);
    else this.#byHost.set(target.host, [entry]);
    return pool;
  }

  get count(): number {
    return this.#count;
  }

  #forgetUnused(): void {
    for (const [host, entries] of this.#byHost) {
      for (const { pool } of [...entries]) if (pool.unused) this.#forget(host, pool);
    }
  }

  #forget(host: string, pool: P): void {
    const entries = this.#byHost.get(host);
    const index = entries?.findIndex((entry) => entry.pool === pool) ?? -1;
    if (!entries || index < 0) return;
    entries.splice(index, 1);
    this.#count--;
    if (entries.length === 0) this.#byHost.delete(host);
    void pool.close();
  }

  /** Closes every connection; running requests end first. */
  async close(): Promise<void> {
    await Promise.all(this.#takeAll().map((pool) => pool.close()));
  }

  /** Closes every connection; running requests fail. */
  async destroy(): Promise<void> {
    await Promise.all(this.#takeAll().map((pool) => pool.destroy()));
  }

  #takeAll(): P[] {
    const pools = [...this.#byHost.values()].flat().map((entry) => entry.pool);
    this.#byHost.clear();
    this.#count = 0;
    return pools;
  }
}

/** Do the connections of this pool lead where `wanted` says? */
function serves({ target, tlsKey: key }: Entry<unknown>, wanted: PoolTarget): boolean {
  return (
    target.port === wanted.port &&
    target.scheme === wanted.scheme &&
    target.httpVersion === wanted.httpVersion &&
    target.servername === wanted.servername &&
    (target.tls === wanted.tls || key === tlsKey(wanted.tls))
  );
}
