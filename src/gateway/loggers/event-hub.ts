import type { Clock, HttpClient } from "../../policy/exchange/services.ts";
import type { Deliver, QueuedEvent } from "./log-queue.ts";
import { postEvents } from "./post.ts";
import { namespaceHost, parseConnectionString, sasToken } from "./sas-token.ts";

/** Seconds that a shared access signature is valid, and how long before its end it is made anew. */
const TOKEN_SECONDS = 3600;
const RENEWAL_SECONDS = 300;

/** Where events are posted, and what authorizes it. */
export interface EventHub {
  /** `https://namespace/hub`. */
  url: string;
  authorization(): string | Promise<string>;
}

/**
 * The event hub that a connection string names.
 * @param name where the logger says it; else the string's own.
 * @throws Error for a connection string that is none.
 */
export function eventHubByKey(connectionString: string, name: string | undefined, clock: Clock): EventHub {
  const { host, keyName, key, entity } = parseConnectionString(connectionString);
  const hub = name ?? entity;
  if (hub === undefined) throw new Error("Neither the logger nor its connection string names an event hub.");
  const url = `https://${host}/${encodeURIComponent(hub)}`;
  let token = { text: "", expiry: 0 };
  return {
    url,
    authorization() {
      const now = Math.floor(clock.now() / 1000);
      if (token.expiry - now < RENEWAL_SECONDS) {
        const expiry = now + TOKEN_SECONDS;
        token = { text: sasToken(url.toLowerCase(), keyName, key, expiry), expiry };
      }
      return token.text;
    },
  };
}

/** The event hub of a namespace, by tokens of an identity. */
export function eventHubByIdentity(
  endpoint: string,
  name: string,
  token: (resource: string) => string | Promise<string>,
): EventHub {
  return {
    url: `https://${namespaceHost(endpoint)}/${encodeURIComponent(name)}`,
    authorization: async () => `Bearer ${await token("https://eventhubs.azure.net")}`,
  };
}

/** Event Hubs REST: neighbours for the same partition as one batch; an event with a key alone, as the key is a header. */
export function deliverToEventHub(http: HttpClient, hub: () => EventHub): Deliver {
  // An attempt that follows a failed one does not send again what has arrived.
  const delivered = new WeakSet<QueuedEvent>();
  return async (events) => {
    const { url, authorization } = hub();
    for (const batch of batches(events.filter((event) => !delivered.has(event)))) {
      const [first] = batch as [QueuedEvent, ...QueuedEvent[]];
      const { partitionId, partitionKey } = first;
      const partition = partitionId === undefined ? "" : `/partitions/${encodeURIComponent(partitionId)}`;
      const headers = ["Authorization", await authorization()];
      if (partitionKey !== undefined) {
        headers.push("BrokerProperties", asciiJson({ PartitionKey: partitionKey }));
      }
      const single = batch.length === 1;
      headers.push(
        "Content-Type",
        single ? "application/atom+xml;type=entry;charset=utf-8" : "application/vnd.microsoft.servicebus.json",
      );
      const body = single ? first.text : JSON.stringify(batch.map(({ text }) => ({ Body: text })));
      await postEvents(http, `${url}${partition}/messages`, headers, body);
      for (const event of batch) delivered.add(event);
    }
  };
}

function batches(events: readonly QueuedEvent[]): QueuedEvent[][] {
  const found: QueuedEvent[][] = [];
  for (const event of events) {
    const last = found.at(-1);
    const [first] = last ?? [];
    const joins = first && !keyed(first) && !keyed(event) && first.partitionId === event.partitionId;
    if (joins) last?.push(event);
    else found.push([event]);
  }
  return found;
}

function keyed({ partitionKey }: QueuedEvent): boolean {
  return partitionKey !== undefined;
}

/** JSON that may stand in a header: what is not ASCII is escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
