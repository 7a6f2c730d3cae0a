import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";

/**
 * Where body bytes come from: a push source with back-pressure. Between a socket and another socket the bytes pass as
 * chunks from source to sink, without stream objects in between.
 */
export interface BodySource {
  /** Begins to deliver into the sink. Called at most once. */
  start(sink: BodySink): void;
  /** Asks for more after `write` returned false. */
  resume(): void;
  /** Nobody wants the rest: free what is held (a connection). Safe to call at any time, also before `start`. */
  cancel(reason?: Error): void;
}

/** Where body bytes go. Exactly one of `end` and `fail` is called, once, as the last call. */
export interface BodySink {
  /** False: hold back until the sink calls `resume` on the source. */
  write(chunk: Uint8Array): boolean;
  end(): void;
  fail(error: Error): void;
  /**
   * Are bytes that were written still in use here? A source may use a chunk's memory again once a sink says false.
   * Sinks without it may keep what they are given for as long as they like.
   */
  readonly holding?: boolean;
}

/** A body grew past the limit for buffering; `limit` in bytes. */
export class BodyTooLargeError extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`The body is larger than ${limit} bytes.`);
    this.name = "BodyTooLargeError";
    this.limit = limit;
  }
}

/** A body's bytes are not in the coding that Content-Encoding names. */
export class BodyCodingError extends Error {
  constructor(coding: string, cause: unknown) {
    super(`The body is not in the content coding "${coding}" that it claims.`, { cause });
    this.name = "BodyCodingError";
  }
}

/** A message body: absent, streaming from a source, or bytes in memory. */
export class Body {
  /** The bytes, once they are in memory. */
  buffered: Uint8Array | undefined;
  /** The source, while the body has not been read. */
  source: BodySource | undefined;
  /** Bytes announced by Content-Length while streaming; undefined when unknown. */
  announced: number | undefined;
  /** An expression read the body without preserving it: it is empty from here on, and reading it again fails. */
  consumed = false;
  /** The stream has been passed on: there was a body, and it cannot be sent a second time. */
  taken = false;

  private constructor() {}

  /** No body at all (a GET request): `context.Request.Body` is null. */
  static none(): Body {
    return new Body();
  }

  static of(bytes: Uint8Array): Body {
    const body = new Body();
    body.buffered = bytes;
    return body;
  }

  static text(text: string): Body {
    return Body.of(Buffer.from(text, "utf8"));
  }

  static stream(source: BodySource, announced?: number): Body {
    const body = new Body();
    body.source = source;
    body.announced = announced;
    return body;
  }

  /** Is there no body (as opposed to an empty one)? */
  get absent(): boolean {
    return this.buffered === undefined && this.source === undefined && !this.taken;
  }

  /** Size in bytes where it is known. */
  get length(): number | undefined {
    if (this.consumed) return 0;
    return this.buffered ? this.buffered.byteLength : this.source ? this.announced : 0;
  }

  /**
   * Brings the body into memory; returns nothing when it is there already.
   * @throws {BodyTooLargeError} (as a rejection) past `limit` bytes; the source is cancelled then.
   */
  buffer(limit: number): void | Promise<void> {
    const source = this.source;
    if (!source) return;
    if (this.announced !== undefined && this.announced > limit) {
      source.cancel();
      this.source = undefined;
      return Promise.reject(new BodyTooLargeError(limit));
    }
    this.source = undefined;
    return collect(source, limit).then((bytes) => {
      this.buffered = bytes;
    });
  }

  /** The body's content for passing on; takes it away from this object when it is a stream. */
  take(): { bytes: Uint8Array | undefined; source: BodySource | undefined } {
    if (this.consumed) return { bytes: EMPTY, source: undefined };
    const source = this.source;
    if (source) {
      this.source = undefined;
      this.taken = true;
    }
    return { bytes: this.buffered, source };
  }

  /** Lets go of a stream that nobody will read. */
  discard(): void {
    this.source?.cancel();
    this.source = undefined;
    this.buffered = undefined;
  }
}

const EMPTY = new Uint8Array(0);

function collect(source: BodySource, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let settled = false;
    source.start({
      write(chunk) {
        if (settled) return true;
        size += chunk.byteLength;
        if (size > limit) {
          settled = true;
          source.cancel();
          reject(new BodyTooLargeError(limit));
          return true;
        }
        chunks.push(chunk);
        return true;
      },
      end() {
        if (settled) return;
        settled = true;
        resolve(chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size));
      },
      fail(error) {
        if (settled) return;
        settled = true;
        reject(error);
      },
    });
  });
}

/**
 * Undoes a Content-Encoding (RFC 9110 section 8.4) so that policies see content; the codings are undone from the last
 * to the first. Unknown codings give undefined: the bytes are left as they are.
 * @throws {BodyTooLargeError} when the content would be larger than `limit` bytes.
 * @throws {BodyCodingError} for bytes that are not in the coding.
 */
export function decodeContent(bytes: Uint8Array, encoding: string, limit: number): Uint8Array | undefined {
  let content = bytes;
  for (const coding of encoding.toLowerCase().split(",").reverse()) {
    const name = coding.trim();
    const decode = DECODERS[name];
    if (!decode) return undefined;
    try {
      content = decode(content, limit);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw new BodyTooLargeError(limit);
      throw new BodyCodingError(name, error);
    }
  }
  return content;
}

const DECODERS: Readonly<Record<string, (bytes: Uint8Array, limit: number) => Uint8Array>> = Object.assign(
  Object.create(null) as Record<string, never>,
  {
    identity: (bytes: Uint8Array) => bytes,
    gzip: (bytes: Uint8Array, limit: number) => gunzipSync(bytes, { maxOutputLength: limit }),
    "x-gzip": (bytes: Uint8Array, limit: number) => gunzipSync(bytes, { maxOutputLength: limit }),
    deflate: (bytes: Uint8Array, limit: number) => inflateSync(bytes, { maxOutputLength: limit }),
    br: (bytes: Uint8Array, limit: number) => brotliDecompressSync(bytes, { maxOutputLength: limit }),
  },
);
