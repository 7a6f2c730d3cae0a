import type { IncomingMessage } from "node:http";
import { Body, type BodySink, type BodySource } from "../../policy/exchange/body.ts";
import { BackendError } from "../../policy/exchange/errors.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import { type Deadlines, Timed } from "../deadlines.ts";
import { receiveHeaders } from "./response-headers.ts";

/** A response that node:http received, as policies see responses. */
export function receivedResponse(
  method: string,
  response: IncomingMessage,
  timing: { deadlines: Deadlines; bodyTimeoutMs: number },
): ResponseMessage {
  const status = response.statusCode ?? 0;
  const { raw, announced } = receiveHeaders(response.rawHeaders);
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  if (bodiless) response.resume();
  const body = bodiless ? Body.none() : Body.stream(new ReadableSource(response, timing), announced);
  return new ResponseMessage(status, response.statusMessage ?? "", new HeaderList(raw), body);
}

/** The body of a response that node:http delivers. */
class ReadableSource extends Timed implements BodySource {
  readonly #response: IncomingMessage;
  readonly #timing: { deadlines: Deadlines; bodyTimeoutMs: number };
  #sink: BodySink | undefined;
  #done = false;

  constructor(response: IncomingMessage, timing: { deadlines: Deadlines; bodyTimeoutMs: number }) {
    super();
    this.#response = response;
    this.#timing = timing;
    response.on("error", () => this.#lost());
    response.on("close", () => this.#lost());
  }

  start(sink: BodySink): void {
    this.#sink = sink;
    if (this.#done) {
      sink.fail(new BackendError("connection", "The backend closed the connection within the response."));
      return;
    }
    this.#response.on("data", (chunk: Buffer) => {
      if (this.#done) return;
      if (sink.write(chunk)) {
        this.#timing.deadlines.arm(this, this.#timing.bodyTimeoutMs);
      } else {
        this.#timing.deadlines.disarm(this);
        this.#response.pause();
      }
    });
    this.#response.on("end", () => {
      // An answer that breaks off ends as well, but is not complete.
      if (this.#done || !this.#response.complete) return;
      this.#finish();
      sink.end();
    });
    this.#timing.deadlines.arm(this, this.#timing.bodyTimeoutMs);
  }

  resume(): void {
    if (this.#done) return;
    this.#timing.deadlines.arm(this, this.#timing.bodyTimeoutMs);
    this.#response.resume();
  }

  cancel(): void {
    this.#finish();
    this.#response.destroy();
  }

  override expired(): void {
    this.#fail(new BackendError("timeout", `The backend sent nothing for ${this.#timing.bodyTimeoutMs} ms.`));
    this.#response.destroy();
  }

  #lost(): void {
    this.#fail(new BackendError("connection", "The backend closed the connection within the response."));
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#finish();
    this.#sink?.fail(error);
  }

  #finish(): void {
    this.#done = true;
    this.#timing.deadlines.disarm(this);
  }
}
