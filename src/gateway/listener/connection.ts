import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ClientCertificate, ClientConnection } from "../../policy/exchange/message.ts";

/** One client connection as requests see it, and what the listener must remember about it between requests. */
export class Connection implements ClientConnection {
  readonly socket: Socket;
  readonly address: string;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  /** Requests that have no complete answer yet. */
  active = 0;
  /** Monotonic milliseconds at which the last answer was complete. */
  idleSince = performance.now();
  /** Bytes received when the sweeper last looked at the connection. */
  bytesAtSweep = -1;
  /** The answers still due are the last ones: the connection closes after them. */
  closing = false;
  /** The request that came last, while it may still be arriving (HTTP/1). */
  latest: { readonly receiving: boolean; readonly headSent: boolean } | undefined = undefined;
  /** HTTP/2: asks the client to go elsewhere with further requests; the connection ends after those that run. */
  goAway: (() => void) | undefined = undefined;
  #sentAway = false;
  #certificate: ClientCertificate | null | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.address = plainAddress(socket.remoteAddress ?? "");
    this.localAddress = socket.localAddress === undefined ? undefined : plainAddress(socket.localAddress);
    this.localPort = socket.localPort;
  }

  /** The client's TLS certificate; nobody has verified it. */
  get certificate(): ClientCertificate | undefined {
    if (this.#certificate === undefined) {
      this.#certificate = (this.socket instanceof TLSSocket && presentedBy(this.socket)) || null;
    }
    return this.#certificate ?? undefined;
  }

  /** Ends a connection that no request uses: an HTTP/2 one politely first, and without ceremony when asked again. */
  endIdle(): void {
    if (this.goAway && !this.#sentAway) {
      this.#sentAway = true;
      this.goAway();
    } else {
      this.socket.destroy();
    }
  }
}

/** Certificates of one client that are looked at. */
const MOST_CERTIFICATES = 10;

function presentedBy(socket: TLSSocket): ClientCertificate | undefined {
  const own = socket.getPeerX509Certificate();
  if (!own) return undefined;
  const intermediates: Uint8Array[] = [];
  // A resumed session brings none.
  let next = own.issuerCertificate;
  for (let count = 1; next && count < MOST_CERTIFICATES; count++) {
    intermediates.push(next.raw);
    next = next.issuerCertificate;
  }
  return intermediates.length > 0 ? { der: own.raw, intermediates } : { der: own.raw };
}

/** IPv4 addresses that a dual-stack socket shows as IPv6 become IPv4 again. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
