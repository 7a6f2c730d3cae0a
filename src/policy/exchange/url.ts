/** A URL as its parts, each as written (percent-encoding kept): enough to route and to send, without a URL object. */
export interface UrlParts {
  scheme: string;
  /** Host name without port; IPv6 in brackets. */
  host: string;
  port: number;
  /** Begins with `/`. */
  path: string;
  /** Empty, or begins with `?`. */
  query: string;
}

/** The port a scheme uses when none is written. */
export function defaultPort(scheme: string): number {
  return scheme === "https" || scheme === "wss" ? 443 : 80;
}

/** `scheme://host[:port]`, the port left out where it is the scheme's default. */
export function origin(url: Pick<UrlParts, "scheme" | "host" | "port">): string {
  return url.port === defaultPort(url.scheme)
    ? `${url.scheme}://${url.host}`
    : `${url.scheme}://${url.host}:${url.port}`;
}

export function formatUrl(url: UrlParts): string {
  return `${origin(url)}${url.path}${url.query}`;
}

/**
 * Parses an absolute http(s)/ws(s) URL into parts.
 * @returns undefined where the text is no such URL.
 */
export function parseUrl(text: string): UrlParts | undefined {
  const parsed = URL.parse(text);
  if (!parsed || !/^(https?|wss?):$/.test(parsed.protocol) || parsed.hostname === "") return undefined;
  const scheme = parsed.protocol.slice(0, -1);
  return {
    scheme,
    host: parsed.hostname,
    port: parsed.port === "" ? defaultPort(scheme) : Number(parsed.port),
    path: parsed.pathname === "" ? "/" : parsed.pathname,
    query: parsed.search,
  };
}

/** Joins a base path and a relative path with exactly one slash between them. */
export function joinPath(base: string, path: string): string {
  const left = base.endsWith("/") ? base.slice(0, -1) : base;
  return path.startsWith("/") ? left + path : `${left}/${path}`;
}

/**
 * Parameters of a query string in order, percent-decoded, `+` as space (application/x-www-form-urlencoded).
 * Accepts the string with or without its `?`.
 */
export function queryPairs(query: string): [name: string, value: string][] {
  const text = query.startsWith("?") ? query.slice(1) : query;
  if (text === "") return [];
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals < 0
        ? [decodeQuery(part), ""]
        : [decodeQuery(part.slice(0, equals)), decodeQuery(part.slice(equals + 1))];
    });
}

function decodeQuery(text: string): string {
  if (!/[%+]/.test(text)) return text;
  return decodePercent(text.replaceAll("+", " "));
}

/** Percent-decoding that leaves malformed sequences as they are, as attackers may send any bytes. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
