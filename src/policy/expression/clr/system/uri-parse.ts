import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";
import { UriFormatException } from "../exceptions.ts";
import { percentEncode } from "./percent-encoding.ts";

/** The parts of an absolute URI, escaped as `AbsoluteUri` prints them. */
export interface UriParts {
  scheme: string;
  /** True when `//` follows the scheme. */
  hierarchical: boolean;
  userInfo: string;
  /** Lower case; an IPv6 address keeps its brackets; a name outside ASCII stays as it is. */
  host: string;
  /** As `Host` but in ASCII (punycode). */
  idnHost: string;
  hostKind: "Unknown" | "Basic" | "Dns" | "IPv4" | "IPv6";
  /** -1 when the scheme has no default and none is given. */
  port: number;
  path: string;
  /** With its `?`, or empty. */
  query: string;
  /** With its `#`, or empty. */
  fragment: string;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  ftp: 21,
  gopher: 70,
  ldap: 389,
  nntp: 119,
  telnet: 23,
  "net.tcp": 808,
  mailto: 25,
};
/** Schemes that need a host after `//`. */
const NEED_HOST = new Set(["http", "https", "ws", "wss", "ftp", "gopher", "telnet", "net.tcp", "net.pipe", "nntp"]);
/** Schemes whose path is normalised: backslashes turned, dot segments removed, never empty. */
const NORMALIZED = new Set(["http", "https", "ws", "wss", "ftp", "gopher", "file", "net.tcp", "net.pipe", "ldap"]);
const MAX_LENGTH = 65_519;

/** The port a scheme implies, -1 for none. */
export function defaultPort(scheme: string): number {
  return Object.hasOwn(DEFAULT_PORTS, scheme) ? (DEFAULT_PORTS[scheme] ?? -1) : -1;
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/;

/** The scheme of a text that is an absolute URI, in lower case; null for a relative one. */
export function schemeOf(text: string): string | null {
  const scheme = SCHEME.exec(text.slice(0, 1024))?.[1];
  // One letter is a drive, as in C:\.
  return scheme === undefined || scheme.length === 1 ? null : scheme.toLowerCase();
}

/** Reads an absolute URI. @throws UriFormatException */
export function parseUri(original: string): UriParts {
  const text = original.trim();
  if (text === "") throw new UriFormatException("Invalid URI: The URI is empty.");
  if (text.length > MAX_LENGTH) throw new UriFormatException("Invalid URI: The Uri string is too long.");
  const scheme = schemeOf(text);
  if (scheme === null) throw new UriFormatException();
  const rest = text.slice(scheme.length + 1);
  const normalized = NORMALIZED.has(scheme);
  const turned = normalized ? turnSlashes(rest) : rest;
  const hierarchical = turned.startsWith("//");
  if (!hierarchical && NEED_HOST.has(scheme)) {
    throw new UriFormatException("Invalid URI: The Authority/Host could not be parsed.");
  }
  const authorityEnd = hierarchical ? endOf(turned, 2, /[/?#]/) : 0;
  const tail = turned.slice(authorityEnd);
  const hash = tail.indexOf("#");
  const beforeHash = hash < 0 ? tail : tail.slice(0, hash);
  const question = beforeHash.indexOf("?");
  const path = question < 0 ? beforeHash : beforeHash.slice(0, question);
  const authority = parseAuthority(scheme, hierarchical ? turned.slice(2, authorityEnd) : "");
  return {
    scheme,
    hierarchical,
    ...authority,
    path: normalizePath(escapePart(path), normalized),
    query: question < 0 ? "" : `?${escapePart(beforeHash.slice(question + 1))}`,
    fragment: hash < 0 ? "" : `#${escapePart(tail.slice(hash + 1))}`,
  };
}

/** Backslashes before the query are slashes. */
function turnSlashes(text: string): string {
  const end = endOf(text, 0, /[?#]/);
  return text.slice(0, end).replaceAll("\\", "/") + text.slice(end);
}

function endOf(text: string, from: number, stop: RegExp): number {
  for (let i = from; i < text.length; i++) if (stop.test(text[i] ?? "")) return i;
  return text.length;
}

type Authority = Pick<UriParts, "userInfo" | "host" | "idnHost" | "hostKind" | "port">;

function parseAuthority(scheme: string, authority: string): Authority {
  const at = authority.lastIndexOf("@");
  const userInfo = at < 0 ? "" : escapePart(authority.slice(0, at));
  const hostPort = authority.slice(at + 1);
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d*))?$/.exec(hostPort);
  if (!match) {
    throw new UriFormatException(
      /:[^:\]]*$/.test(hostPort)
        ? "Invalid URI: Invalid port specified."
        : "Invalid URI: The hostname could not be parsed.",
    );
  }
  const [, host = "", digits] = match;
  if (digits !== undefined && (digits.length > 6 || Number(digits) > 65_535)) {
    throw new UriFormatException("Invalid URI: Invalid port specified.");
  }
  if (host === "") {
    if (NEED_HOST.has(scheme)) throw new UriFormatException("Invalid URI: The hostname could not be parsed.");
    return {
      userInfo,
      host: "",
      idnHost: "",
      hostKind: scheme === "file" ? "Basic" : "Unknown",
      port: defaultPort(scheme),
    };
  }
  const port = digits === undefined || digits === "" ? defaultPort(scheme) : Number(digits);
  return { userInfo, ...parseHost(host), port };
}

const BAD_HOST = "Invalid URI: The hostname could not be parsed.";

function parseHost(text: string): Pick<UriParts, "host" | "idnHost" | "hostKind"> {
  if (text.startsWith("[")) {
    const inner = text.slice(1, -1).replace(/%.*$/, "");
    if (!ipaddr.IPv6.isValid(inner)) throw new UriFormatException(BAD_HOST);
    const host = `[${ipaddr.IPv6.parse(inner).toRFC5952String()}]`;
    return { host, idnHost: host.slice(1, -1), hostKind: "IPv6" };
  }
  if (/^[0-9a-fx.]+$/i.test(text) && ipaddr.IPv4.isValid(text)) {
    const host = ipaddr.IPv4.parse(text).toString();
    return { host, idnHost: host, hostKind: "IPv4" };
  }
  const host = text.toLowerCase();
  if (/^[\p{L}\p{N}\p{M}._-]+$/u.test(host) && host.length < 256) {
    const labels = host.replace(/\.$/, "").split(".");
    if (labels.some((label) => label === "" || label.length > 63)) throw new UriFormatException(BAD_HOST);
    const idnHost = /^[\0-\x7f]*$/.test(host) ? host : domainToASCII(host);
    if (idnHost === "") throw new UriFormatException(BAD_HOST);
    return { host, idnHost, hostKind: "Dns" };
  }
  throw new UriFormatException(BAD_HOST);
}

const SAFE = /[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/;
const NEEDS_ESCAPING = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]/;

/** Escapes what a URI may not hold; escapes that are there already stay, a lone percent sign is escaped. */
function escapePart(text: string): string {
  if (!NEEDS_ESCAPING.test(text)) return text;
  return percentEncode(text.replace(/%(?![0-9a-fA-F]{2})/g, "%25"), SAFE);
}

function normalizePath(path: string, normalized: boolean): string {
  if (!normalized) return path;
  const rooted = path.startsWith("/") ? path : `/${path}`;
  return /(?:^|\/)\.{1,2}(?:\/|$)/.test(rooted) ? removeDotSegments(rooted) : rooted;
}

/** RFC 3986, 5.2.4, on a path that starts with a slash. */
export function removeDotSegments(path: string): string {
  const out: string[] = [];
  const segments = path.split("/").slice(1);
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === "..") {
      out.pop();
      if (last) out.push("");
    } else if (segment === ".") {
      if (last) out.push("");
    } else {
      out.push(segment);
    }
  }
  return `/${out.join("/")}`;
}
