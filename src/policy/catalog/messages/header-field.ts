import { expressionFailure } from "../../compiler/expression-failure.ts";

/** A header field name (RFC 9110 section 5.1: a token), white space around it allowed as authors write it. */
export const FIELD_NAME = /^\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+\s*$/;
export const FIELD_NAME_DOC = "a header name (letters, digits and - as a rule)";

/** What `set-header` may do with the header of a name. */
export interface HeaderField {
  name: string;
  /** The gateway alone decides it: statements about it are accepted and have no effect. */
  locked: boolean;
  /** `Server`: can be set, not removed. */
  permanent: boolean;
  /** Several values are sent as separate lines, not as one with commas. */
  separate: boolean;
}

const LOCKED: ReadonlySet<string> = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

/** Values of these may hold commas or dates, so they are never joined (policy reference 13.5). */
const SEPARATE: ReadonlySet<string> = new Set([
  "user-agent",
  "www-authenticate",
  "proxy-authenticate",
  "cookie",
  "set-cookie",
  "warning",
  "date",
  "expires",
  "if-modified-since",
  "if-unmodified-since",
  "last-modified",
  "retry-after",
]);

/** @throws {PolicyError} an expression failure for what is no header name. */
export function headerField(written: string): HeaderField {
  if (!FIELD_NAME.test(written)) throw expressionFailure(`"${printable(written)}" is not a valid header name.`);
  const name = written.trim();
  const lower = name.toLowerCase();
  return { name, locked: LOCKED.has(lower), permanent: lower === "server", separate: SEPARATE.has(lower) };
}

/**
 * A header value as it may go on the wire: outer white space removed, characters beyond Latin-1 as UTF-8 bytes.
 * A line break or another control character inside would end the field and begin another (header injection), so
 * it fails; taking it out silently would send something else than the policy says.
 * @throws {PolicyError} an expression failure.
 */
export function fieldValue(written: string, name: string): string {
  const value = written.trim();
  let wide = false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 ? code !== 0x09 : code === 0x7f) {
      throw expressionFailure(`The value for the header ${name} holds a line break or another control character.`);
    }
    if (code > 0xff) wide = true;
  }
  return wide ? Buffer.from(value, "utf8").toString("latin1") : value;
}

/** A literal value: authors break long ones over several lines, which means one space (RFC 9112 section 5.2). */
export function unfolded(literal: string): string {
  if (!literal.includes("\n") && !literal.includes("\r")) return literal;
  const lines = literal.split(/[\r\n]/).map((line) => line.trim());
  return lines.filter((line) => line !== "").join(" ");
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 80)).slice(1, -1);
}
