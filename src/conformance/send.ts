import { Agent, request as httpRequest } from "node:http";
import { request as httpsRequest, Agent as TlsAgent } from "node:https";
import type { Credentials } from "./certificate-authority.ts";
import { type HeaderLines, headerLines, joinedLines } from "./header-lines.ts";

/** An answer as the client got it. */
export interface Answer {
  status: number;
  /** Lower-case names; repeated fields joined with `, `. */
  headers: Record<string, string>;
  /** Lower-case names; the value of each line. */
  lines: HeaderLines;
  reason: string;
  body: string;
}

export interface Outgoing {
  origin: { protocol: "http:" | "https:"; host: string; port: number };
  method: string;
  url: string;
  headers: readonly (readonly [string, string])[];
  body: Uint8Array | undefined;
  timeoutMs: number;
  ca: string | undefined;
  credentials: Credentials | undefined;
}

/** Keep-alive connections of one case. */
export class CaseClient {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #tlsAgents = new Map<string, TlsAgent>();

  /**
   * Sends a request and reads the whole answer.
   * @returns undefined when the connection closed without an answer.
   */
  send(outgoing: Outgoing): Promise<Answer | undefined> {
    const tls = outgoing.origin.protocol === "https:";
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of outgoing.headers) {
      const known = headers[name];
      headers[name] = known === undefined ? value : ([known, value].flat() as string[]);
    }
    const { body } = outgoing;
    const framed = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
    if (body && !framed) headers["content-length"] = String(body.length);
    return new Promise((resolve, reject) => {
      const request = (tls ? httpsRequest : httpRequest)({
        host: outgoing.origin.host,
        port: outgoing.origin.port,
        method: outgoing.method,
        path: outgoing.url,
        // The limits that cases look for are the gateway's.
        maxHeaderSize: 1 << 20,
        headers,
        agent: tls ? this.#tlsAgent(outgoing) : this.#agent,
      });
      request.setTimeout(outgoing.timeoutMs, () => {
        request.destroy(new Error(`no answer within ${outgoing.timeoutMs} ms`));
      });
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => resolve(undefined));
        response.on("end", () => {
          const lines = headerLines(response.rawHeaders);
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? "",
            headers: joinedLines(lines),
            lines,
            body: Buffer.concat(chunks).toString("utf8"),
          });
        });
      });
      request.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve(undefined);
        else reject(error);
      });
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
    for (const agent of this.#tlsAgents.values()) agent.destroy();
  }

  #tlsAgent(outgoing: Outgoing): TlsAgent {
    const key = outgoing.credentials?.cert ?? "";
    let agent = this.#tlsAgents.get(key);
    if (!agent) {
      const { ca, credentials } = outgoing;
      agent = new TlsAgent({ keepAlive: true, ...(ca ? { ca } : {}), ...(credentials ?? {}) });
      this.#tlsAgents.set(key, agent);
    }
    return agent;
  }
}
