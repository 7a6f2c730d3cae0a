/** A response's header section as it goes on: end-to-end fields, in order and as written. */
export interface ReceivedHeaders {
  raw: string[];
  /** Content-Length, where there is one. */
  announced: number | undefined;
}

/**
 * Takes over the header fields that undici hands out (flat list of bytes for HTTP/1, an object for HTTP/2), without
 * those that belong to the connection, also without the ones that `Connection` names (RFC 9110 section 7.6.1).
 * `Trailer` goes too: trailers are not passed on.
 */
export function receiveHeaders(received: unknown): ReceivedHeaders {
  if (Array.isArray(received)) return fromList(received as (Buffer | string)[]);
  const list: string[] = [];
  for (const [name, value] of Object.entries((received ?? {}) as Record<string, string | string[] | undefined>)) {
    if (value === undefined || name.startsWith(":")) continue;
    if (Array.isArray(value)) for (const one of value) list.push(name, one);
    else list.push(name, String(value));
  }
  return fromList(list);
}

function fromList(list: readonly (Buffer | string)[]): ReceivedHeaders {
  const raw: string[] = [];
  let announced: number | undefined;
  let named: Set<string> | undefined;
  for (let i = 0; i < list.length; i += 2) {
    const name = text(list[i] as Buffer | string);
    switch (name.length) {
      case 2:
        if (name.toLowerCase() === "te") continue;
        break;
      case 7: {
        const lower = name.toLowerCase();
        if (lower === "trailer" || lower === "upgrade") continue;
        break;
      }
      case 10: {
        const lower = name.toLowerCase();
        if (lower === "keep-alive") continue;
        if (lower === "connection") {
          named = addConnectionOptions(named, text(list[i + 1] as Buffer | string).toLowerCase());
          continue;
        }
        break;
      }
      case 14:
        if (name.toLowerCase() === "content-length") {
          const value = text(list[i + 1] as Buffer | string);
          if (/^\d{1,15}$/.test(value)) announced = Number(value);
        }
        break;
      case 16:
        if (name.toLowerCase() === "proxy-connection") continue;
        break;
      case 17:
        if (name.toLowerCase() === "transfer-encoding") continue;
    }
    raw.push(name, text(list[i + 1] as Buffer | string));
  }
  return { raw: named ? withoutFields(raw, named) : raw, announced };
}

function text(value: Buffer | string): string {
  return typeof value === "string" ? value : value.toString("latin1");
}

/** Adds the field names that a Connection value (in lower case) lists; undefined while there are none. */
export function addConnectionOptions(named: Set<string> | undefined, value: string): Set<string> | undefined {
  if (value === "keep-alive" || value === "close") return named;
  let all = named;
  for (const part of value.split(",")) {
    const option = part.trim();
    // Framing is the gateway's own affair, whatever a backend says about it.
    if (option !== "" && option !== "keep-alive" && option !== "close" && option !== "content-length") {
      (all ??= new Set()).add(option);
    }
  }
  return all;
}

/** A flat list without the fields of these (lower-case) names. */
export function withoutFields(raw: readonly string[], named: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (!named.has((raw[i] as string).toLowerCase())) kept.push(raw[i] as string, raw[i + 1] as string);
  }
  return kept;
}
