import type { ReceivedRequest } from "../upstreams.ts";

/** What a service of the kit answers. */
export interface ServiceAnswer {
  status: number;
  contentType: string;
  /** Sent one after the other: several make a stream. */
  chunks: readonly string[];
}

/** A service that an upstream stands for. Its answers follow from the request alone, and from how many it got before. */
export interface Service {
  /** Undefined: nothing that it knows; the upstream echoes. */
  answer(request: ReceivedRequest): ServiceAnswer | undefined;
}

/** A whole answer in JSON. */
export function json(content: unknown, status = 200): ServiceAnswer {
  return { status, contentType: "application/json", chunks: [JSON.stringify(content)] };
}

/** Server-sent events; a text is sent as it is, as `[DONE]`. `named`: with the event's type as its name. */
export function events(list: readonly (object | string)[], named = false): ServiceAnswer {
  const chunks = list.map((event) => {
    const name = named && typeof event === "object" && "type" in event ? `event: ${event.type}\n` : "";
    return `${name}data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`;
  });
  return { status: 200, contentType: "text/event-stream", chunks };
}

/** The request's body as a JSON object; undefined where it is none. */
export function jsonBody(request: ReceivedRequest): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(request.body);
    return typeof body === "object" && body !== null && !Array.isArray(body) ? { ...body } : undefined;
  } catch {
    return undefined;
  }
}
