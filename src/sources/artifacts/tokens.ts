import { type DataPath, isRecord } from "../document/data-document.ts";
import { setOwn } from "../document/json-document.ts";

/** `{#[TOKEN]#}`, and `{#TOKEN#}` in older files (management API reference, 4.4). */
const TOKEN = /\{#(\[)?([A-Za-z_][\w.-]*)(\])?#\}/g;

// Private-use characters that keep a token's length: positions stay true, and a token without quotes, which YAML
// would take for a mapping, is plain text while it is read.
const OPEN = "\uE010";
const CLOSE = "\uE011";
const HIDDEN = /\uE010+([A-Za-z_][\w.-]*)\uE011+/g;

/** Makes the tokens of a text safe for reading as YAML, before {@link fillTokens}. */
export function hideTokens(text: string): string {
  return text.replace(TOKEN, (token: string, left: string | undefined, name: string, right: string | undefined) => {
    if ((left === undefined) !== (right === undefined)) return token;
    const marks = left === undefined ? 2 : 3;
    return OPEN.repeat(marks) + name + CLOSE.repeat(marks);
  });
}

/**
 * A document's value with its hidden tokens replaced. Replacing after reading keeps a secret with quotes or line
 * breaks from becoming structure.
 * @param lookup the token's value, or undefined after reporting that there is none.
 */
export function fillTokens(
  value: unknown,
  lookup: (name: string, path: DataPath) => string | undefined,
  path: DataPath = [],
): unknown {
  if (typeof value === "string") return fillText(value, lookup, path);
  if (Array.isArray(value)) return value.map((item, index) => fillTokens(item, lookup, [...path, index]));
  if (!isRecord(value)) return value;
  const filled: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    setOwn(filled, fillText(name, lookup, [...path, name]), fillTokens(item, lookup, [...path, name]));
  }
  return filled;
}

function fillText(text: string, lookup: (name: string, path: DataPath) => string | undefined, path: DataPath): string {
  if (!text.includes(OPEN)) return text;
  return text.replace(HIDDEN, (hidden: string, name: string) => {
    const found = lookup(name, path);
    if (found !== undefined) return found;
    return hidden.startsWith(OPEN.repeat(3)) ? `{#[${name}]#}` : `{#${name}#}`;
  });
}
