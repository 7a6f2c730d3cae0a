import { TokenUnavailableError } from "../../policy/exchange/identity.ts";
import type { Clock, HttpClient } from "../../policy/exchange/services.ts";
import { origin, parseUrl } from "../../policy/exchange/url.ts";
import { fetchBytes } from "../fetch-bytes.ts";
import { errorCode, type ObtainedToken, readTokenResponse } from "./token-response.ts";

/** A request to a token endpoint: a GET, or a POST of a form. */
export interface EndpointRequest {
  url: string;
  /** Flat list. */
  headers?: readonly string[];
  form?: URLSearchParams;
}

/** Milliseconds that one request may take. */
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 256 * 1024;

/**
 * Asks a token endpoint. Redirects are not followed: the request carries credentials.
 * @throws {TokenUnavailableError} (as a rejection) that names the endpoint and its error code, and nothing of what was sent.
 */
export async function askEndpoint(http: HttpClient, clock: Clock, request: EndpointRequest): Promise<ObtainedToken> {
  const url = parseUrl(request.url);
  const asked = `The token endpoint ${url ? origin(url) : "of the gateway's identity"}`;
  const { form } = request;
  let answer: { status: number; bytes: Uint8Array };
  try {
    answer = await fetchBytes(http, request.url, {
      method: form ? "POST" : "GET",
      headers: [
        ...(request.headers ?? []),
        "accept",
        "application/json",
        ...(form ? ["content-type", "application/x-www-form-urlencoded"] : []),
      ],
      ...(form ? { body: Buffer.from(form.toString()) } : {}),
      mostBytes: MOST_BYTES,
      timeoutMs: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new TokenUnavailableError(`${asked} gave no answer.`, error);
  }
  const text = Buffer.from(answer.bytes).toString("utf8");
  if (answer.status === 200) return readTokenResponse(text, clock.now(), asked);
  const code = errorCode(text);
  throw new TokenUnavailableError(`${asked} answered ${answer.status}${code === undefined ? "" : ` (${code})`}.`);
}
