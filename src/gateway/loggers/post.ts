import type { HttpClient } from "../../policy/exchange/services.ts";
import { fetchBytes } from "../fetch-bytes.ts";

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 64 * 1024;

/**
 * Posts events to a service.
 * @param headers flat list.
 * @throws Error (as a rejection) when it does not answer with a status below 300.
 */
export async function postEvents(
  http: HttpClient,
  url: string,
  headers: readonly string[],
  body: string,
): Promise<void> {
  const { status } = await fetchBytes(http, url, {
    method: "POST",
    headers,
    body: Buffer.from(body, "utf8"),
    mostBytes: MOST_BYTES,
    timeoutMs: TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (status >= 300) throw new Error(`The service answered with status code ${status}.`);
}
