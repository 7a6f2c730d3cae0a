import { type Dispatcher, ProxyAgent } from "undici";
import type { BackendTls, OutgoingRequest } from "../../policy/exchange/services.ts";
import type { UrlParts } from "../../policy/exchange/url.ts";
import type { Dialer } from "./dial.ts";
import type { Route } from "./dispatch.ts";
import type { PoolOptions } from "./pools.ts";
import { tlsKey } from "./tls-key.ts";

type Proxy = NonNullable<OutgoingRequest["proxy"]>;

/** Proxies are few; policies may compute their URLs, so their number is bounded all the same. */
const MOST_PROXIES = 64;

/** Ways through HTTP proxies: absolute-form for http backends, CONNECT for https ones. */
export class Proxies {
  readonly #agents = new Map<string, Route & { dispatcher: Dispatcher }>();
  readonly #dialer: Dialer;
  readonly #options: PoolOptions;
  readonly #connectTimeoutMs: number | undefined;

  constructor(dialer: Dialer, options: PoolOptions, connectTimeoutMs: number | undefined) {
    this.#dialer = dialer;
    this.#options = options;
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  find(proxy: Proxy, target: UrlParts, tls: BackendTls | undefined): Route {
    const { url, username = "", password = "" } = proxy;
    const secure = target.scheme === "https" ? `tls ${tlsKey(tls)}` : "";
    const key = JSON.stringify([url.host, url.port, username, password, secure]);
    let route = this.#agents.get(key);
    if (!route) {
      if (this.#agents.size >= MOST_PROXIES) this.#dropIdle();
      route = { dispatcher: this.#agent(proxy, tls), active: 0 };
      this.#agents.set(key, route);
    }
    return route;
  }

  #agent({ url, username, password }: Proxy, tls: BackendTls | undefined): ProxyAgent {
    const { host, port } = this.#dialer.address(url.host, url.port);
    const credentials =
      username === undefined ? undefined : Buffer.from(`${username}:${password ?? ""}`).toString("base64");
    return new ProxyAgent({
      uri: `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`,
      ...(credentials === undefined ? {} : { token: `Basic ${credentials}` }),
      requestTls: this.#dialer.tlsSettings(tls),
      allowH2: false,
      connections: this.#options.connections,
      keepAliveTimeout: this.#options.keepAliveMs,
      maxHeaderSize: this.#options.headerBytes,
      ...(this.#connectTimeoutMs === undefined ? {} : { connectTimeout: this.#connectTimeoutMs }),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  #dropIdle(): void {
    for (const [key, route] of this.#agents) {
      if (route.active > 0) continue;
      this.#agents.delete(key);
      void route.dispatcher.close();
      return;
    }
  }

  async close(): Promise<void> {
    await this.#end((dispatcher) => dispatcher.close());
  }

  async destroy(): Promise<void> {
    await this.#end((dispatcher) => dispatcher.destroy());
  }

  async #end(how: (dispatcher: Dispatcher) => Promise<void>): Promise<void> {
    const routes = [...this.#agents.values()];
    this.#agents.clear();
    await Promise.all(routes.map((route) => how(route.dispatcher)));
  }
}

/** undici's proxy code keeps only one line of each name when it is given a list: repeated names become arrays. */
export function proxyHeaders(list: readonly string[]): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string;
    if (name.toLowerCase() === "proxy-authorization") continue;
    const value = list[i + 1] as string;
    const present = headers[name];
    if (present === undefined) headers[name] = value;
    else if (Array.isArray(present)) present.push(value);
    else headers[name] = [present, value];
  }
  return headers;
}
