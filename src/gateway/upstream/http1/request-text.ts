import { BackendError } from "../../../policy/exchange/errors.ts";
import type { OutgoingRequest } from "../../../policy/exchange/services.ts";
import { defaultPort } from "../../../policy/exchange/url.ts";
import { belongsToConnection, requestTarget } from "../request-head.ts";

/** How the body is framed: none at all, so many bytes, or in chunks because nobody knows how many. */
export type RequestFraming = number | "none" | "chunked";

const NOT_TOKEN = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;
const NOT_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Methods that say something by a request without content (RFC 9110 section 8.6). */
const EXPECT_CONTENT: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "QUERY", "PROPFIND", "PROPPATCH"]);

/**
 * A request's head as it goes to the wire (latin1). What belongs to one connection is left out, whoever put it there,
 * and framing follows from the body.
 * @throws {BackendError} `protocol` for a method, name or value that HTTP cannot carry: policies may set any.
 */
export function requestText(
  request: Pick<OutgoingRequest, "url" | "method" | "headers">,
  framing: RequestFraming,
  expectContinue: boolean,
): string {
  const { url, method, headers } = request;
  // What follows a CONNECT is not HTTP.
  if (method === "" || method === "CONNECT" || NOT_TOKEN.test(method)) throw refused("method");
  let host: string | undefined;
  let fields = "";
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (belongsToConnection(name)) continue;
    const value = headers[i + 1] as string;
    if (name === "" || NOT_TOKEN.test(name)) throw refused("header field name");
    if (NOT_VALUE.test(value)) throw refused(`value of header field ${name}`);
    // Two would be two opinions about where the request goes: the first one counts.
    if (name.length === 4 && name.toLowerCase() === "host") host ??= value;
    else fields += `${name}: ${value}\r\n`;
  }
  host ??= url.port === defaultPort(url.scheme) ? url.host : `${url.host}:${url.port}`;
  if (NOT_VALUE.test(host)) throw refused("host");
  if (framing === "chunked") fields += "transfer-encoding: chunked\r\n";
  else if (framing !== "none") fields += `content-length: ${framing}\r\n`;
  else if (EXPECT_CONTENT.has(method)) fields += "content-length: 0\r\n";
  if (expectContinue) fields += "expect: 100-continue\r\n";
  return `${method} ${requestTarget(url)} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n${fields}\r\n`;
}

function refused(what: string): BackendError {
  return new BackendError("protocol", `The ${what} cannot be sent: HTTP does not allow it.`);
}
