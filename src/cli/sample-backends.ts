import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = (request: IncomingMessage, body: string) => { status: number; type: string; body: string };

/** What the sample shop's APIs forward to: a JSON service for orders, an older one for the catalog that speaks XML. */
const BACKENDS: Readonly<Record<string, Answer>> = {
  orders(request, body) {
    if (request.method === "POST") {
      const created = { id: 1002, state_code: "O1", created_by: request.headers["x-user"] ?? null, order: parse(body) };
      return json(201, created);
    }
    const id = Number(request.url?.slice(1).split("?")[0]);
    if (!Number.isInteger(id)) return json(404, { error: `no order ${request.url}` });
    const items = [
      { sku: "tea", quantity: 2, cents: 450 },
      { sku: "mug", quantity: 1, cents: 1250 },
    ];
    return json(200, { id, state_code: id % 2 ? "S3" : "O1", items, internal_margin: 0.31 });
  },
  catalog(request) {
    if (!request.url?.startsWith("/legacy/products.xml")) return json(404, { error: `no ${request.url}` });
    const body =
      '<products><product sku="tea"><name>Green tea</name><price>4.50</price></product>' +
      '<product sku="mug"><name>Mug</name><price>12.50</price></product></products>';
    return { status: 200, type: "application/xml", body };
  },
};

/** The sample's backends on free loopback ports. */
export class SampleBackends {
  readonly #servers = new Map<string, Server>();

  static async start(): Promise<SampleBackends> {
    const backends = new SampleBackends();
    for (const [name, answer] of Object.entries(BACKENDS)) {
      const server = createServer((request, response) => void serve(answer, request, response));
      backends.#servers.set(name, server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    return backends;
  }

  /** `NAME.upstream` to where it listens. */
  hosts(): Record<string, { host: string; port: number }> {
    return Object.fromEntries(
      [...this.#servers].map(([name, server]) => [
        `${name}.upstream`,
        { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
      ]),
    );
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.#servers.values()].map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  }
}

async function serve(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  const { status, type, body } = answer(request, Buffer.concat(chunks).toString("utf8"));
  response.writeHead(status, { "content-type": type, "x-powered-by": "sample backend 1.0" });
  response.end(body);
}

function json(status: number, value: unknown): ReturnType<Answer> {
  return { status, type: "application/json", body: JSON.stringify(value) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
