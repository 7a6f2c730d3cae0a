import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ScriptedAnswer, UpstreamOptions } from "./case.ts";
import { CertificateAuthority } from "./certificate-authority.ts";
import { encodeContent } from "./content-coding.ts";
import { type HeaderLines, headerLines, joinedLines } from "./header-lines.ts";
import { createService } from "./services/kinds.ts";
import type { Service, ServiceAnswer } from "./services/service.ts";

/** A request as an upstream received it. */
export interface ReceivedRequest {
  upstream: string;
  method: string;
  /** Path and query. */
  url: string;
  /** Lower-case names; repeated fields joined with `, `. */
  headers: Record<string, string>;
  /** Lower-case names; the value of each line. Not part of the echo. */
  lines: HeaderLines;
  body: string;
  /** Common name of the client certificate; not part of the echo. */
  certificate?: string | undefined;
}

/** Where a name of the kit (`orders.upstream`) is really served. */
export interface LocalAddress {
  host: string;
  port: number;
}

/** Bytes of a header section: the limits that cases look for are the gateway's. */
const maxHeaderSize = 1 << 20;

/** Upstreams that serve TLS ask for a certificate and take any, or none. */
const ASK_CLIENTS = { requestCert: true, rejectUnauthorized: false };

/**
 * The kit's upstreams: each name is an HTTP server that echoes what it received as JSON or stands for a service, and
 * gives scripted answers first, in order.
 */
export class Upstreams {
  readonly #servers = new Map<string, Server>();
  readonly #names = new Map<string, string[]>();
  readonly #scripts = new Map<string, ScriptedAnswer[]>();
  readonly #services = new Map<string, Service>();
  /** Everything received since {@link clear}. */
  received: ReceivedRequest[] = [];

  /** Starts one server per name on free ports. */
  async start(
    upstreams: Readonly<Record<string, UpstreamOptions>>,
    authority: () => Promise<CertificateAuthority>,
  ): Promise<void> {
    for (const [name, options] of Object.entries(upstreams)) {
      const listener = (request: IncomingMessage, response: ServerResponse) =>
        void this.#serve(name, request, response);
      const issuer = options?.tls === "untrusted" ? CertificateAuthority.create() : options?.tls && authority();
      const server = issuer
        ? createTlsServer(
            {
              ...(await (await issuer).serverCredentials(`${name}.upstream`, options.hosts)),
              maxHeaderSize,
              ...ASK_CLIENTS,
            },
            listener,
          )
        : createServer({ maxHeaderSize }, listener);
      this.#servers.set(name, server as Server);
      if (options?.kind) this.#services.set(name, createService(options.kind));
      this.#names.set(name, [`${name}.upstream`, ...(options?.hosts ?? [])]);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
  }

  /** `NAME.upstream`, and what else each upstream stands for, to where it listens. */
  hosts(): Record<string, LocalAddress> {
    return Object.fromEntries(
      [...this.#servers].flatMap(([name, server]) => {
        const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
        return (this.#names.get(name) ?? []).map((host): [string, LocalAddress] => [host, address]);
      }),
    );
  }

  /** Sets what the next answers of these upstreams are. */
  script(answers: Readonly<Record<string, readonly ScriptedAnswer[]>>): void {
    for (const [name, list] of Object.entries(answers)) this.#scripts.set(name, [...list]);
  }

  clear(): void {
    this.received = [];
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.#servers.values()].map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
  }

  async #serve(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The gateway gave up on the request.
    }
    const lines = headerLines(request.rawHeaders);
    const received = {
      upstream: name,
      method: request.method ?? "",
      url: request.url ?? "",
      headers: joinedLines(lines),
      body: Buffer.concat(chunks).toString("utf8"),
    };
    this.received.push({ ...received, lines, certificate: commonName(request.socket) });
    const answer = this.#scripts.get(name)?.shift();
    if (answer?.delayMs) await new Promise((resolve) => setTimeout(resolve, answer.delayMs).unref());
    if (answer?.reset) {
      request.socket.resetAndDestroy();
      return;
    }
    if (response.destroyed) return;
    const served = answer ? undefined : this.#services.get(name)?.answer({ ...received, lines });
    if (served) {
      await sendServed(response, served);
      return;
    }
    const echo = Buffer.from(JSON.stringify(received));
    const hasType = answer?.headers.some(([header]) => header.toLowerCase() === "content-type");
    const body = answer ? encodeContent(answer.body ?? "", answer.encoding) : echo;
    const headers = (answer?.headers ?? []).flat();
    if (answer?.encoding !== undefined) headers.push("content-encoding", answer.encoding);
    if (!answer || (answer.body !== undefined && !hasType && /^\s*[[{]/.test(answer.body))) {
      headers.push("content-type", "application/json");
    }
    const status = answer?.status ?? 200;
    const bodyless = status === 204 || status === 304;
    if (
      !bodyless &&
      !headers.some((header, index) => index % 2 === 0 && /^(content-length|transfer-encoding)$/i.test(header))
    ) {
      headers.push("content-length", String(body.length));
    }
    if (answer?.reason === undefined) response.writeHead(status, headers);
    else response.writeHead(status, answer.reason, headers);
    if (answer?.cut) {
      response.write(body.subarray(0, body.length >> 1), () => request.socket.destroy());
      return;
    }
    response.end(bodyless || request.method === "HEAD" ? undefined : body);
  }
}

/** Name of the certificate that a client presented. */
function commonName(socket: Socket): string | undefined {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return /(?:^|\n)CN=(.*)/.exec(certificate?.subject ?? "")?.[1];
}

/** Several chunks travel as several packets. */
async function sendServed(response: ServerResponse, { status, contentType, chunks }: ServiceAnswer): Promise<void> {
  const [whole = ""] = chunks;
  const length = chunks.length > 1 ? {} : { "content-length": Buffer.byteLength(whole) };
  response.writeHead(status, { "content-type": contentType, ...length });
  for (const chunk of chunks) {
    if (response.destroyed) return;
    response.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}
