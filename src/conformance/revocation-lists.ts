import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalAddress } from "./upstreams.ts";

/** Host name that the kit's certificates name for their revocation lists. */
export const LIST_HOST = "lists.authority";

/** Serves the revocation lists of a case's authorities. */
export class RevocationLists {
  #server: Server | undefined;

  /** @param lists DER by path. */
  async start(lists: ReadonlyMap<string, Uint8Array>): Promise<void> {
    if (lists.size === 0) return;
    const server = createServer((request, response) => {
      const list = lists.get(request.url ?? "");
      response.writeHead(list ? 200 : 404, { "content-type": "application/pkix-crl" });
      response.end(list);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }

  hosts(): Record<string, LocalAddress> {
    if (!this.#server) return {};
    return { [LIST_HOST]: { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port } };
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
