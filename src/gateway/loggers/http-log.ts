import type { HttpClient } from "../../policy/exchange/services.ts";
import type { Deliver, QueuedEvent } from "./log-queue.ts";
import { postEvents } from "./post.ts";

/** Requests at a time. */
const AT_ONCE = 8;

/** One POST for each event, its text as the body. Fails when one of them does, after all have been tried. */
export function deliverByHttp(
  http: HttpClient,
  target: () => { url: string; authorization: string | undefined },
): Deliver {
  const delivered = new WeakSet<QueuedEvent>();
  return async (events) => {
    const { url, authorization } = target();
    const rest = events.filter((event) => !delivered.has(event));
    const post = async (event: QueuedEvent) => {
      const headers = ["Content-Type", contentType(event.text)];
      if (authorization !== undefined) headers.push("Authorization", authorization);
      await postEvents(http, url, headers, event.text);
      delivered.add(event);
    };
    let failure: unknown;
    for (let from = 0; from < rest.length; from += AT_ONCE) {
      const results = await Promise.allSettled(rest.slice(from, from + AT_ONCE).map(post));
      const failed = results.find((result) => result.status === "rejected");
      failure ??= failed?.reason;
      // A service that is gone is not asked for every single one.
      if (results.every((result) => result.status === "rejected")) break;
    }
    if (failure !== undefined) throw failure;
  };
}

function contentType(text: string): string {
  try {
    JSON.parse(text);
    return "application/json";
  } catch {
    return "text/plain; charset=utf-8";
  }
}
