import { Body, type BodySink, type BodySource } from "../../exchange/body.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Message, ResponseMessage } from "../../exchange/message.ts";
import { isFormat, mediaType } from "../messages/media-type.ts";
import { bodyText } from "../messages/message-text.ts";
import { completionText } from "./completion.ts";
import { contentRefused, isObjectionable, MOST_CHARACTERS, type SafetyChecks } from "./content-safety.ts";
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
  if (mediaType(response.headers.get("content-type")) === EVENTS) return gate(x, checks, response);
  if (isBinary(response)) return;
  // What does not fit into memory, or breaks off, is not passed on unchecked.
  await response.readBody(x.services.limits.bodyBytes);
  const bytes = response.body.buffered;
  if (!bytes || response.body.consumed) return;
  const text = answerText(response, parseJsonBytes(bytes));
  const allows = async (window: string) => !(await isObjectionable(x, checks, window, false));
  if (!(await allWindows(text, { ...checks.window, allows }))) throw contentRefused();
}

/** Lets a stream pass window by window; also one that is in memory already, so that the same answer gets the same treatment. */
async function gate(x: Exchange, checks: SafetyChecks, response: ResponseMessage): Promise<void> {
  if (response.headers.has("content-encoding")) await response.readBody(x.services.limits.bodyBytes);
  const { body } = response;
  const { source, bytes } = body.consumed ? {} : body.take();
  if (!source && !bytes) return;
  const gated = new GatedSource(source ?? sourceOf(bytes ?? new Uint8Array(0)), {
    ...checks.window,
    allows: async (text) => !(await isObjectionable(x, checks, text, false)),
    stopped() {
      LlmCall.of(x).stopped = true;
    },
  });
  response.body = Body.stream(gated);
  response.headers.delete("content-length");
}

/** Bytes as a source that is asked piece by piece, so that little of them is looked at before the sink has had its say. */
function sourceOf(bytes: Uint8Array): BodySource {
  let sent = 0;
  let sink: BodySink | undefined;
  const resume = () => {
    while (sink && sent < bytes.byteLength) {
      const piece = bytes.subarray(sent, (sent += PIECE));
      if (!sink.write(piece)) return;
    }
    const last = sink;
    sink = undefined;
    last?.end();
  };
  return {
    start(started) {
      sink = started;
      resume();
    },
    resume,
    cancel() {
      sink = undefined;
    },
  };
}

const PIECE = 1 << 14;

function answerText(response: Message, json: unknown): string {
  return completionText(json) || textOf(response, json);
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
