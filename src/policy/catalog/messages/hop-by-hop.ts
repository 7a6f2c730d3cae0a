/**
 * Fields that concern one connection only (RFC 9110 section 7.6.1 and the older list), and the framing fields that
 * each side states itself. By length of the name, so that most fields are passed over without a comparison.
 */
const BY_LENGTH: readonly (readonly string[] | undefined)[] = byLength([
  "te",
  "expect",
  "trailer",
  "upgrade",
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "proxy-authenticate",
  "proxy-authorization",
]);

/** The fields to send to a backend: a new flat list without hop-by-hop fields, those that Connection names, and Content-Length. */
export function endToEndRequest(raw: readonly string[]): string[] {
  const named = connectionOptions(raw);
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (isHopByHop(name) || isContentLength(name) || named?.has(name.toLowerCase())) continue;
    kept.push(name, raw[i + 1] as string);
  }
  return kept;
}

/** Takes the hop-by-hop fields out of a received flat list, in place. */
export function keepEndToEnd(raw: string[]): void {
  const named = connectionOptions(raw);
  let kept = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (isHopByHop(name) || named?.has(name.toLowerCase())) continue;
    if (kept !== i) {
      raw[kept] = name;
      raw[kept + 1] = raw[i + 1] as string;
    }
    kept += 2;
  }
  raw.length = kept;
}

function isHopByHop(name: string): boolean {
  const candidates = BY_LENGTH[name.length];
  return candidates?.includes(name.toLowerCase()) === true;
}

function isContentLength(name: string): boolean {
  return name.length === 14 && name.toLowerCase() === "content-length";
}

/** Field names that `Connection` lists; undefined for none. */
function connectionOptions(raw: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    if (name.length !== 10 || name.toLowerCase() !== "connection") continue;
    for (const option of (raw[i + 1] as string).split(",")) {
      const lower = option.trim().toLowerCase();
      if (lower !== "" && lower !== "close" && lower !== "keep-alive") (named ??= new Set()).add(lower);
    }
  }
  return named;
}

function byLength(names: readonly string[]): (string[] | undefined)[] {
  const table: (string[] | undefined)[] = [];
  for (const name of names) (table[name.length] ??= []).push(name);
  return table;
}
