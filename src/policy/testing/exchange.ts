import type { Body } from "../exchange/body.ts";
import { Exchange } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { RequestMessage, ResponseMessage } from "../exchange/message.ts";
import type { Measurement, Metrics } from "../exchange/metrics.ts";
import type { CacheStore, Clock, OutgoingRequest, Services } from "../exchange/services.ts";
import { parseUrl, type UrlParts } from "../exchange/url.ts";

/** A clock that tests move by hand; `sleep` advances it at once and records the waits. */
export class ManualClock implements Clock {
  time: number;
  readonly sleeps: number[] = [];
  constructor(time = Date.UTC(2026, 0, 5, 9, 5, 7)) {
    this.time = time;
  }
  now(): number {
    return this.time;
  }
  async sleep(ms: number): Promise<void> {
    this.sleeps.push(ms);
    this.time += ms;
  }
}

/** A cache in a map, expiry by the manual clock. */
export class MapCache implements CacheStore {
  readonly entries = new Map<string, { value: unknown; expires: number }>();
  readonly #clock: Clock;
  constructor(clock: Clock) {
    this.#clock = clock;
  }
  get(key: string): unknown {
    const entry = this.entries.get(key);
    return entry && entry.expires > this.#clock.now() ? entry.value : undefined;
  }
  set(key: string, value: unknown, ttlMs: number): void {
    this.entries.set(key, { value, expires: this.#clock.now() + ttlMs });
  }
  delete(key: string): void {
    this.entries.delete(key);
  }
}

/** Metrics as a plain list of what was measured. */
export class ListMetrics implements Metrics {
  readonly list: Measurement[] = [];
  add(measurement: Measurement): void {
    this.list.push(measurement);
  }
}

/** Services for unit tests of policies: manual clock, map cache, and an HTTP client answered by `answer`. */
export function testServices(
  answer: (request: OutgoingRequest) => ResponseMessage | Promise<ResponseMessage> = () => new ResponseMessage(200),
): Services & { clock: ManualClock; sent: OutgoingRequest[]; cache: MapCache; metrics: ListMetrics } {
  const clock = new ManualClock();
  const sent: OutgoingRequest[] = [];
  return {
    clock,
    sent,
    http: {
      async send(request) {
        sent.push(request);
        return answer(request);
      },
    },
    backends: {
      choose(id) {
        throw new Error(`no backend ${id} in this test`);
      },
      base: () => undefined,
      type: () => undefined,
    },
    counters: {
      slide() {
        throw new Error("no counters in this test");
      },
      slideAdd() {
        throw new Error("no counters in this test");
      },
      fixed() {
        throw new Error("no counters in this test");
      },
    },
    cache: new MapCache(clock),
    externalCache: undefined,
    openIdKeys: {
      get() {
        throw new Error("no OpenID metadata in this test");
      },
    },
    metrics: new ListMetrics(),
    loggers: {
      log() {
        throw new Error("no loggers in this test");
      },
    },
    entraAuthority: "https://login.microsoftonline.com",
    daprAddress: "http://localhost:3500",
    identityTokens: {
      token(resource, clientId) {
        return `token for ${resource}${clientId === undefined ? "" : ` as ${clientId}`}`;
      },
      tokenFrom(serviceUrl, resource) {
        return `token for ${resource} from ${serviceUrl}`;
      },
    },
    credentialConnections: { find: () => undefined },
    clientCertificates: {
      chain() {
        throw new Error("no client certificates in this test");
      },
      revocation() {
        throw new Error("no revocation in this test");
      },
    },
    concurrency: new Map(),
    random: () => 0.5,
    secret: (name) => `secret-${name}`,
    certificate: () => undefined,
    limits: { bodyBytes: 1 << 20 },
    deployment: {
      region: "local",
      serviceId: "gatehouse",
      serviceName: "gatehouse",
      gatewayId: "managed",
      instanceId: "managed",
      managed: true,
    },
  };
}

/** An exchange for a request to `url` (the gateway's URL), with the backend `http://backend.upstream`. */
export function testExchange(
  init: {
    method?: string;
    url?: string;
    headers?: Record<string, string>;
    body?: Body;
    services?: Services;
    address?: string;
  } = {},
): Exchange {
  const url = parseUrl(init.url ?? "http://gateway.test/orders/1") as UrlParts;
  const base = parseUrl("http://backend.upstream") as UrlParts;
  const services = init.services ?? testServices();
  return new Exchange({
    services,
    id: "00000000-0000-4000-8000-000000000001",
    startedAt: services.clock.now(),
    client: { address: init.address ?? "192.0.2.1" },
    originalUrl: url,
    request: new RequestMessage({
      method: init.method ?? "GET",
      base: { ...base, path: "" },
      path: url.path,
      query: url.query,
      headers: new HeaderList(Object.entries(init.headers ?? {}).flat()),
      ...(init.body ? { body: init.body } : {}),
    }),
  });
}
