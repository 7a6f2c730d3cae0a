import { parseUrl } from "../../policy/exchange/url.ts";
import type { Properties } from "./properties.ts";

const MAX_URL = 2000;

/**
 * An absolute URL of a property, as written; empty counts as absent, because exports write it so.
 * @param schemes allowed schemes.
 */
export function readUrl(properties: Properties, name: string, schemes: readonly string[]): string | undefined {
  const text = properties.text(name, { max: MAX_URL });
  if (text === undefined || text === "") return undefined;
  const url = parseUrl(text);
  // The parser lets braces pass, but a URL with a reference or a token in it is none yet.
  if (url && schemes.includes(url.scheme) && !/[{}\s]/.test(text)) return text;
  const allowed = schemes.map((scheme) => `${scheme}://`).join(", ");
  const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `write ${schemes[0]}://${text}` : undefined;
  properties.error(name, "invalid-url", `"${name}" must be an absolute URL that begins with ${allowed}`, hint);
  return undefined;
}
