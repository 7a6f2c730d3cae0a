import { Drop } from "liquidjs";
import type { Exchange } from "../../exchange/exchange.ts";
import type { HeaderList } from "../../exchange/headers.ts";
import type { Message } from "../../exchange/message.ts";
import { formatUrl, queryPairs, type UrlParts } from "../../exchange/url.ts";
import { type PlainJson, tokenToPlain } from "../../expression/clr/json/from-js.ts";
import { parseJson } from "../../expression/clr/json/read.ts";
import { JToken } from "../../expression/clr/json/token.ts";
import { parseXml } from "../../expression/clr/xml/read.ts";
import { toText } from "../../expression/convert.ts";
import { convertXmlToJson } from "../conversion/xml-to-json.ts";
import { isFormat, mediaType } from "../messages/media-type.ts";
import { bodyText } from "../messages/message-text.ts";

/** What a Liquid template sees (policy reference 13.4): `body` and `context`. */
export function liquidModel(x: Exchange, message: Message, options: { xsiNil: "blank" | "null" }): object {
  const { request, response } = x;
  return {
    body: readBody(message, options),
    context: {
      Request: {
        Url: url(request.url),
        Method: request.method,
        OriginalMethod: x.originalMethod,
        OriginalUrl: url(x.originalUrl),
        IpAddress: x.client.address,
        MatchedParameters: new Dictionary(Object.entries(x.matchedParameters)),
        HasBody: !request.body.absent,
        Headers: headers(request.headers),
      },
      Response: response && { StatusCode: response.status, Headers: headers(response.headers) },
      // Not documented, but used by published policies (unconfirmed).
      Variables: new Dictionary([...x.variables].map(([name, value]) => [name, plain(value)])),
    },
  };
}

/** JSON and XML bodies as objects by Content-Type, others as text. */
function readBody(message: Message, { xsiNil }: { xsiNil: "blank" | "null" }): unknown {
  const text = bodyText(message);
  const type = mediaType(message.headers.get("content-type"));
  if (text.trim() === "") return "";
  if (isFormat(type, "json")) return tokenToPlain(parseJson(text));
  if (!isFormat(type, "xml")) return text;
  const json = convertXmlToJson(parseXml(text, { preserveWhitespace: false }), {
    kind: "javascript-friendly",
    alwaysArrays: false,
    whitespace: false,
    trim: false,
    emptyValues: xsiNil === "null" ? "as-null" : "preserve",
  });
  return tokenToPlain(parseJson(json));
}

function url(parts: UrlParts): object {
  const { scheme, host, port, path, query } = parts;
  return {
    Scheme: scheme,
    Host: host,
    Port: port,
    Path: path,
    QueryString: query,
    Query: new Dictionary(queryPairs(query)),
    ToUri: formatUrl(parts),
    ToString: formatUrl(parts),
  };
}

function headers(list: HeaderList): Dictionary {
  return new Dictionary(list.names().map((name) => [name, list.get(name) ?? ""]));
}

function plain(value: unknown): PlainJson | unknown {
  if (value instanceof JToken) return tokenToPlain(value);
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number")
    return value;
  return toText(value);
}

/** A .NET dictionary as templates use it: members by name without case, and pairs of Key and Value in a loop. */
class Dictionary extends Drop {
  readonly #entries: readonly (readonly [string, unknown])[];

  constructor(entries: readonly (readonly [string, unknown])[]) {
    super();
    this.#entries = entries;
  }

  override liquidMethodMissing(key: string): unknown {
    const wanted = String(key).toLowerCase();
    return this.#entries.find(([name]) => name.toLowerCase() === wanted)?.[1];
  }

  *[Symbol.iterator](): Iterator<{ Key: string; Value: unknown }> {
    for (const [Key, Value] of this.#entries) yield { Key, Value };
  }
}
