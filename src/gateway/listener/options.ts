/** What a listener accepts at most. */
export interface ListenerLimits {
  /** Bytes of request line and header fields together: more is a 431. */
  headerBytes: number;
  /** Number of header fields: more is a 431. */
  headerCount: number;
  /** Bytes of the request target: more is a 414. */
  urlBytes: number;
  /** Bytes of a request body, also when it only passes through: more is a 413. Undefined: no limit. */
  bodyBytes: number | undefined;
  /** Client connections of one listener: further ones are closed at once. Undefined: no limit. */
  connections: number | undefined;
  /** Concurrent requests on one HTTP/2 connection. */
  streams: number;
  /** Open WebSocket tunnels: a further handshake is a 503. */
  tunnels: number;
}

/** How long a listener waits, in milliseconds. */
export interface ListenerTimeouts {
  /** For the TLS handshake. */
  handshakeMs: number;
  /** For a request's complete header section, from the first byte (of the first request: from the connection). */
  headersMs: number;
  /** Keep-alive connections without a request. */
  idleMs: number;
  /**
   * Bodies must keep moving: in every such interval, while the gateway is ready to read (or has something to write),
   * the client must send (take) `paceBytes`, or the connection ends. 0: off.
   */
  paceMs: number;
  paceBytes: number;
  /** WebSocket tunnels without a byte in either direction. 0: off. */
  tunnelIdleMs: number;
}

export const DEFAULT_LIMITS: ListenerLimits = {
  headerBytes: 64 * 1024,
  headerCount: 200,
  urlBytes: 16 * 1024,
  bodyBytes: undefined,
  connections: undefined,
  streams: 100,
  tunnels: 10_000,
};

export const DEFAULT_TIMEOUTS: ListenerTimeouts = {
  handshakeMs: 10_000,
  headersMs: 30_000,
  idleMs: 75_000,
  paceMs: 15_000,
  paceBytes: 3600,
  tunnelIdleMs: 600_000,
};
