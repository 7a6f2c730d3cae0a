/**
 * The header fields of a response that travel on to the client: without those that belong to one connection and
 * without framing, which follows from the body. A new list.
 */
export function endToEnd(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (!isHopByHop(name)) kept.push(name, raw[i + 1] as string);
  }
  return kept;
}

/** Content-Length of a list, where it is a number: what a response to HEAD may state without having a body. */
export function statedLength(raw: readonly string[]): string | undefined {
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length === 14 && name.toLowerCase() === "content-length" && /^\d{1,15}$/.test(raw[i + 1] as string)) {
      return raw[i + 1];
    }
  }
  return undefined;
}

/** May a response with this status have a body? */
export function mayHaveBody(method: string, status: number): boolean {
  return method !== "HEAD" && status !== 204 && status !== 304;
}

/** Names of equal length are told apart only where one of them matters: most names cost one comparison. */
function isHopByHop(name: string): boolean {
  switch (name.length) {
    case 7:
    case 10:
    case 14:
    case 16:
    case 17:
      return PER_CONNECTION.has(name.toLowerCase());
    case 2:
      return name.toLowerCase() === "te";
    default:
      return false;
  }
}

const PER_CONNECTION: ReadonlySet<string> = new Set([
  "trailer",
  "upgrade",
  "connection",
  "keep-alive",
  "content-length",
  "proxy-connection",
  "transfer-encoding",
]);
