import { Body } from "../policy/exchange/body.ts";
import type { HttpClient } from "../policy/exchange/services.ts";
import { parseUrl } from "../policy/exchange/url.ts";

/** A call of the gateway's own, whose whole answer is wanted. */
export interface FetchOptions {
  method?: "GET" | "POST";
  /** Flat list. */
  headers?: readonly string[];
  body?: Uint8Array;
  followRedirects?: boolean;
  /** Bytes of the answer's body at most. */
  mostBytes: number;
  /** Milliseconds until the headers must be there; {@link signal} ends the whole call. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Calls an http or https address and reads the whole answer, within limits of size and time.
 * @throws Error (as a rejection) for other addresses, calls without an answer, and answers past the limits.
 */
export async function fetchBytes(
  http: HttpClient,
  address: string,
  options: FetchOptions,
): Promise<{ status: number; bytes: Uint8Array }> {
  const url = parseUrl(address);
  if (!url || !/^https?$/.test(url.scheme)) throw new Error(`"${address}" is not an http or https address.`);
  const response = await http.send({
    url,
    method: options.method ?? "GET",
    headers: [...(options.headers ?? []), "accept-encoding", "identity"],
    body: options.body ? Body.of(options.body) : Body.none(),
    timeoutMs: options.timeoutMs,
    httpVersion: "2or1",
    followRedirects: options.followRedirects ?? false,
    signal: options.signal,
  });
  const { source } = response.body;
  await within(response.readBody(options.mostBytes), options.signal, () => source?.cancel());
  return { status: response.status, bytes: response.body.buffered ?? NOTHING };
}

const NOTHING = new Uint8Array(0);

/** Waits for work until the signal aborts; then gives up and fails with the signal's reason. */
async function within(work: void | Promise<void>, signal: AbortSignal, giveUp: () => void): Promise<void> {
  if (!work) return;
  const late = Promise.withResolvers<never>();
  const abort = () => {
    giveUp();
    late.reject(signal.reason);
  };
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
