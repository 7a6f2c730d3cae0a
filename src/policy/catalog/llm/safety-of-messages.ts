import { Body } from "../../exchange/body.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Message } from "../../exchange/message.ts";
import { isFormat, mediaType } from "../messages/media-type.ts";
import { bodyText } from "../messages/message-text.ts";
import { completionText, deltaText } from "./completion.ts";
import { contentRefused, isObjectionable, MOST_CHARACTERS, type SafetyChecks } from "./content-safety.ts";
import { EventStream, eventJson } from "./event-stream.ts";
import { allWindows, GatedSource } from "./gated-source.ts";
import { parseJsonBytes } from "./json-shape.ts";
import { LlmCall } from "./llm-call.ts";
import { everyText } from "./prompt.ts";

const EVENTS = "text/event-stream";

/**
 * Has the text of a request checked. The service takes so many characters at once, and a request with more is refused
 * (the documentation of 2026; 500 before that).
 * @throws {PolicyError} 403 for an objection, 500 where the service cannot be asked.
 */
export async function checkRequest(x: Exchange, checks: SafetyChecks): Promise<void> {
  const call = LlmCall.of(x);
  const prompt = await call.prompt();
  const json = await call.requestJson();
  const text = prompt ? prompt.messages.map((message) => message.text).join("\n") : textOf(x.request, json);
  if (text.length > MOST_CHARACTERS || (await isObjectionable(x, checks, text, true))) throw contentRefused();
}

/**
 * Has the text of a successful answer checked: at once, or window by window while it streams.
 * @throws {PolicyError} as {@link checkRequest}; a stream is stopped instead.
 */
export async function checkAnswer(x: Exchange, checks: SafetyChecks): Promise<void> {
  const { response } = x;
  if (!response || response.status < 200 || response.status > 299) return;
  const allows = async (text: string) => !(await isObjectionable(x, checks, text, false));
  const { body, headers } = response;
  const events = mediaType(headers.get("content-type")) === EVENTS;
  if (events && body.source && !headers.has("content-encoding")) {
    const stopped = () => {
      LlmCall.of(x).stopped = true;
    };
    response.body = Body.stream(new GatedSource(body.source, { ...checks.window, allows, stopped }));
    headers.delete("content-length");
    return;
  }
  if (isBinary(response)) return;
  // What does not fit into memory, or breaks off, is not passed on unchecked.
  await response.readBody(x.services.limits.bodyBytes);
  const bytes = response.body.buffered;
  if (!bytes || response.body.consumed) return;
  const text = events ? textOfEvents(bytes) : answerText(response, parseJsonBytes(bytes));
  if (!(await allWindows(text, { ...checks.window, allows }))) throw contentRefused();
}

function answerText(response: Message, json: unknown): string {
  return completionText(json) || textOf(response, json);
}

function textOfEvents(bytes: Uint8Array): string {
  const stream = new EventStream();
  const events = stream.push(bytes);
  return [...events, stream.rest()].map((event) => deltaText(eventJson(event))).join("");
}

/** All text of a message that is none of those known: tools (MCP), agents (A2A), plain text. */
function textOf(message: Message, json: unknown): string {
  if (json !== undefined) return everyText(json, message.body.length ?? 0);
  return isBinary(message) ? "" : bodyText(message);
}

function isBinary(message: Message): boolean {
  const type = mediaType(message.headers.get("content-type"));
  if (type === "" || type.startsWith("text/") || isFormat(type, "json") || isFormat(type, "xml")) return false;
  return type !== "application/x-www-form-urlencoded";
}
