import type { SourceText } from "../../model/source-text.ts";

/** A named value as policies refer to it: by display name. A secret's value is not needed to compile. */
export interface NamedValue {
  secret: boolean;
  value?: string;
}

/** Delimiters of a secret's name inside text that is being compiled (private-use characters). */
export const SECRET_OPEN = "\uE000";
export const SECRET_CLOSE = "\uE001";

/** `{{display-name}}`; names are letters, digits, `-`, `.`, `_` (policy reference 2.5, unconfirmed). */
const REFERENCE = /\{\{([A-Za-z0-9\-._]{1,256})\}\}/g;

/**
 * Replaces `{{name}}` by the named value's text, once (not recursively). Secrets become marked names, which the
 * expression compiler and {@link templateParts} understand. Unknown names are reported through `unknown` and left.
 */
export function substitute(
  text: SourceText,
  namedValues: ReadonlyMap<string, NamedValue>,
  unknown: (name: string, index: number) => void,
): SourceText {
  if (!text.text.includes("{{")) return text;
  return text.replace(REFERENCE, (match) => {
    const name = match[1] as string;
    const found = namedValues.get(name);
    if (!found) {
      unknown(name, match.index ?? 0);
      return undefined;
    }
    return found.secret ? SECRET_OPEN + name + SECRET_CLOSE : (found.value ?? "");
  });
}

/** Splits text at marked secrets: `["Bearer ", { secret: "token" }]`. */
export function templateParts(text: string): (string | { secret: string })[] {
  const parts: (string | { secret: string })[] = [];
  let from = 0;
  for (let open = text.indexOf(SECRET_OPEN); open >= 0; open = text.indexOf(SECRET_OPEN, from)) {
    const close = text.indexOf(SECRET_CLOSE, open);
    if (close < 0) break;
    if (open > from) parts.push(text.slice(from, open));
    parts.push({ secret: text.slice(open + 1, close) });
    from = close + 1;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** Text with marked secrets as the author wrote them. */
export function showSecrets(text: string): string {
  return text.replaceAll(SECRET_OPEN, "{{").replaceAll(SECRET_CLOSE, "}}");
}
