import { join } from "node:path";
import type { Hash, LoggerPart } from "../../plan/plan.ts";
import type { IdentityTokens } from "../../policy/exchange/identity.ts";
import type { Loggers } from "../../policy/exchange/loggers.ts";
import type { Metrics } from "../../policy/exchange/metrics.ts";
import type { Clock, HttpClient } from "../../policy/exchange/services.ts";
import { resolveText, type SecretResolver } from "../upstream/credentials.ts";
import { deliverToEventHub, type EventHub, eventHubByIdentity, eventHubByKey } from "./event-hub.ts";
import { deliverByHttp } from "./http-log.ts";
import { appendToFile } from "./log-file.ts";
import { type Deliver, type DropReason, LogQueue } from "./log-queue.ts";

export interface LoggerServices {
  http: HttpClient;
  clock: Clock;
  /** Told of events that could not be delivered. */
  metrics: Metrics;
  identityTokens: IdentityTokens;
  /** Folder of the files that loggers write. */
  folder: string;
}

/** Milliseconds that closing waits for events to be delivered. */
const CLOSE_MS = 2000;

/** Loggers over all plans of a gateway: what waits for a logger outlives a plan that leaves it as it is. */
export class LoggerStore {
  readonly #services: LoggerServices;
  #queues = new Map<Hash, LogQueue>();

  constructor(services: LoggerServices) {
    this.#services = services;
  }

  /** The loggers of a plan. What waits for one that is no longer in it is still delivered. */
  forPlan(loggers: readonly { hash: Hash; part: LoggerPart }[], secret: SecretResolver): Loggers {
    const queues = new Map<Hash, LogQueue>();
    const byId = new Map<string, LogQueue>();
    for (const { hash, part } of loggers) {
      const deliver = this.#delivery(part, secret);
      const queue = this.#queues.get(hash) ?? this.#queue(part.id, deliver);
      queue.deliver = deliver;
      queues.set(hash, queue);
      byId.set(part.id, queue);
    }
    this.#queues = queues;
    return {
      log: (id, event) => {
        const queue = byId.get(id);
        if (queue) queue.add(event);
        else this.#dropped(id, 1, "unknown logger");
      },
    };
  }

  /** Delivers what waits, as far as that is a matter of moments. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.all([...this.#queues.values()].map((queue) => queue.close())), late]);
    clearTimeout(timer);
  }

  #queue(id: string, deliver: Deliver): LogQueue {
    return new LogQueue(this.#services.clock, deliver, (count, reason) => this.#dropped(id, count, reason));
  }

  #dropped(logger: string, value: number, reason: DropReason | "unknown logger"): void {
    this.#services.metrics.add({
      namespace: "Gatehouse",
      name: "Dropped Log Events",
      value,
      dimensions: [
        ["Logger", logger],
        ["Reason", reason],
      ],
    });
  }

  /** Secrets are looked up at a delivery: one that is missing costs the events of its logger, not the plan. */
  #delivery({ target }: LoggerPart, secret: SecretResolver): Deliver {
    const { http, clock, identityTokens, folder } = this.#services;
    const text = (value: Parameters<typeof resolveText>[0]) => resolveText(value, secret);
    switch (target.kind) {
      case "file":
        return appendToFile(join(folder, target.path));
      case "http": {
        const { url, authorization } = target;
        return deliverByHttp(http, () => ({
          url: text(url),
          authorization: authorization === null ? undefined : text(authorization),
        }));
      }
      default: {
        let hub: EventHub | undefined;
        return deliverToEventHub(http, () => {
          hub ??=
            target.kind === "event-hub"
              ? eventHubByKey(
                  text(target.connectionString),
                  target.name === null ? undefined : text(target.name),
                  clock,
                )
              : eventHubByIdentity(text(target.endpoint), text(target.name), (resource) => {
                  const clientId = target.clientId === null ? undefined : text(target.clientId);
                  return identityTokens.token(
                    resource,
                    /^systemassigned$/i.test(clientId ?? "") ? undefined : clientId,
                  );
                });
          return hub;
        });
      }
    }
  }
}
