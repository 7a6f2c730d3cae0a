import { Body } from "../../exchange/body.ts";
import { PolicyError } from "../../exchange/errors.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { ResponseMessage } from "../../exchange/message.ts";
import type { OutgoingRequest } from "../../exchange/services.ts";
import type { UrlParts } from "../../exchange/url.ts";
import { callFailure, failureReason } from "../calls/backend-failure.ts";
import { readAnswer } from "../calls/read-answer.ts";
import { retryAfterMs } from "../calls/retry-after.ts";
import { parseJsonBytes } from "./json-shape.ts";

/** Bytes of an answer: vectors of several thousand numbers fit. */
const MOST_BYTES = 4 << 20;

/**
 * Calls a service that stands behind a backend resource: posts JSON with the backend's credentials, and gives the JSON of
 * a successful answer.
 * @param make the URL and the content to post there, by the backend's base URL.
 * @throws {PolicyError} where the backend is not to be had, does not answer, or answers with something else.
 */
export async function postJson(
  x: Exchange,
  backendId: string,
  make: (base: UrlParts) => { url: UrlParts; content: unknown },
  timeoutMs: number,
): Promise<unknown> {
  const { backends, clock, http } = x.services;
  const choice = backends.choose(backendId);
  const { url, content } = make(choice.base);
  const request: OutgoingRequest = {
    url,
    method: "POST",
    headers: ["Content-Type", "application/json", "Accept", "application/json"],
    body: Body.text(JSON.stringify(content)),
    timeoutMs,
    httpVersion: "1",
    followRedirects: false,
    tls: choice.tls,
    proxy: choice.proxy,
    signal: x.signal,
  };
  await choice.authorize(request);
  let response: ResponseMessage;
  try {
    const startedAt = clock.now();
    response = await http.send(request);
    await readAnswer(response, MOST_BYTES, timeoutMs - (clock.now() - startedAt));
  } catch (error) {
    const failure = callFailure(error, request.signal);
    const reason = failureReason(failure);
    if (reason !== undefined) choice.report({ reason });
    throw failure;
  }
  const { status, headers, body } = response;
  const retryAfter = status >= 400 ? retryAfterMs(headers.get("retry-after"), clock.now()) : undefined;
  choice.report({ status, retryAfterMs: retryAfter });
  if (status < 200 || status > 299) throw unusable(`The backend "${backendId}" answered with status code ${status}.`);
  const answer = body.buffered && parseJsonBytes(body.buffered);
  if (answer === undefined) throw unusable(`The backend "${backendId}" did not answer with JSON.`);
  return answer;
}

/** The service's fault or the author's: the caller learns nothing about it. */
export function unusable(message: string): PolicyError {
  return new PolicyError("ServiceCallFailure", 500, message, { publicMessage: "Internal server error" });
}
