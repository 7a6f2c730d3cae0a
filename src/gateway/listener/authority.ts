/** Host and port of a Host header field or `:authority`; port 0 where none is written. */
export interface Authority {
  /** Lower case, IPv6 in brackets. */
  host: string;
  port: number;
}

/**
 * Names are letters, digits, `-`, `_`, `.`: narrower than RFC 3986's reg-name, whose commas, percent signs and
 * quotes have no use here but to be read differently by the next server.
 */
const AUTHORITY = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,255})(?::(\d{0,5}))?$/;

/** Callers choose the text: the memory of what was parsed stays small. */
const MOST_REMEMBERED = 1000;
const remembered = new Map<string, Authority>();

/** @returns undefined where the text is no host with optional port. */
export function parseAuthority(text: string): Authority | undefined {
  const known = remembered.get(text);
  if (known) return known;
  const match = AUTHORITY.exec(text);
  if (!match) return undefined;
  const port = match[2] ? Number(match[2]) : 0;
  if (port > 65535) return undefined;
  const authority = { host: (match[1] as string).toLowerCase(), port };
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(text, authority);
  return authority;
}
