import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PROMETHEUS_TYPE } from "./prometheus.ts";

/** Serves metrics to a scraper, on a port of its own: callers of the APIs do not reach it. */
export class MetricsListener {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Resolves when it listens; `text` gives the metrics in Prometheus form. @throws where it cannot listen. */
  static start({ host, port }: { host: string; port: number }, text: () => string): Promise<MetricsListener> {
    const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
      const [path] = (request.url ?? "").split("?");
      if (path !== "/metrics") response.writeHead(404).end();
      else if (request.method !== "GET" && request.method !== "HEAD") response.writeHead(405, { allow: "GET" }).end();
      else
        response.writeHead(200, { "content-type": PROMETHEUS_TYPE }).end(request.method === "GET" ? text() : undefined);
    });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port }, () => {
        server.off("error", reject);
        resolve(new MetricsListener(server));
      });
    });
  }

  get address(): { host: string; port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
