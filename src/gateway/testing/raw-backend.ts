import { createServer, type Server, type Socket } from "node:net";

/** One request as a raw backend saw it. */
export interface SeenRequest {
  /** Everything up to and with the empty line. */
  head: string;
  socket: Socket;
  /** 1 for the first connection, and so on. */
  connection: number;
}

/** A backend that answers with bytes as told, as soon as it has a request's head; bodies are not waited for. */
export class RawBackend {
  readonly server: Server;
  readonly requests: SeenRequest[] = [];
  connections = 0;
  /** Everything received, latin1, by connection. */
  readonly received: string[] = [];
  readonly #sockets = new Set<Socket>();
  #waiting: (() => void)[] = [];

  private constructor(answer: (request: SeenRequest, count: number) => void) {
    this.server = createServer((socket) => {
      const connection = ++this.connections;
      this.#sockets.add(socket);
      this.received.push("");
      let unseen = "";
      let body = 0;
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("data", (chunk: Buffer) => {
        const text = chunk.toString("latin1");
        this.received[connection - 1] += text;
        unseen += text;
        for (;;) {
          const skipped = Math.min(body, unseen.length);
          body -= skipped;
          unseen = unseen.slice(skipped);
          const end = unseen.indexOf("\r\n\r\n");
          if (end < 0) break;
          const head = unseen.slice(0, end + 4);
          unseen = unseen.slice(end + 4);
          body = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
          if (!/^[A-Z]+ \S+ HTTP/.test(head)) continue;
          const request = { head, socket, connection };
          this.requests.push(request);
          answer(request, this.requests.length);
        }
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
  }

  static async start(answer: (request: SeenRequest, count: number) => void): Promise<RawBackend> {
    const backend = new RawBackend(answer);
    await new Promise<void>((resolve) => backend.server.listen(0, "127.0.0.1", resolve));
    return backend;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Waits for more bytes until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
