import type { CacheStore } from "../../exchange/services.ts";

/** Looks up a key; a cache that fails has missed: cache errors never fail a request. */
export function lookUp(cache: CacheStore | undefined, key: string): unknown | Promise<unknown> {
  if (!cache) return undefined;
  try {
    const found = cache.get(key);
    return found instanceof Promise ? found.catch(() => undefined) : found;
  } catch {
    return undefined;
  }
}

/** Stores a value without waiting for the cache, whatever becomes of it. */
export function store(cache: CacheStore | undefined, key: string, value: unknown, ttlMs: number): void {
  if (!cache || !(ttlMs > 0)) return;
  try {
    const stored = cache.set(key, value, ttlMs);
    if (stored instanceof Promise) stored.catch(() => {});
  } catch {
    // Nothing is stored.
  }
}
