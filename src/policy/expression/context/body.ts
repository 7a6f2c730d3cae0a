import { Message } from "../../exchange/message.ts";
import { queryPairs } from "../../exchange/url.ts";
import { Dictionary } from "../clr/collections/dictionary.ts";
import { List } from "../clr/collections/list.ts";
import { declareType, type RuntimeType, withTypes } from "../clr/declare.ts";
import {
  type ClrException,
  InvalidOperationException,
  JsonReaderException,
  NotSupportedException,
} from "../clr/exceptions.ts";
import { parseJson, parseJsonArray, parseJsonObject } from "../clr/json/read.ts";
import { encodingNamed } from "../clr/system/encoding.ts";
import { parseXml, parseXmlElement } from "../clr/xml/read.ts";

/** The body's bytes. Read without preserving, they are gone for whoever comes after. */
function read(message: Message, preserve: boolean): Uint8Array {
  const { body } = message;
  if (body.consumed) {
    throw new InvalidOperationException(
      "The message body was already read. Read it with preserveContent: true where it is needed again.",
    );
  }
  const bytes = body.buffered;
  if (bytes === undefined && !body.absent) {
    throw new InvalidOperationException("The message body is not in memory and cannot be read here.");
  }
  if (!preserve) body.consumed = true;
  return bytes ?? new Uint8Array(0);
}

const charsetParameter = /;\s*charset\s*=\s*"?([^\s;"]+)/i;

/** Text by the charset of Content-Type, UTF-8 where there is none or an unknown one; a byte order mark is dropped. */
export function bodyText(message: Message, bytes: Uint8Array): string {
  const charset = charsetParameter.exec(message.headers.get("content-type") ?? "")?.[1];
  const text = charset === undefined || /^utf-?8$/i.test(charset) ? utf8(bytes) : decode(charset, bytes);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

function decode(charset: string, bytes: Uint8Array): string {
  try {
    return encodingNamed(charset).decode(bytes);
  } catch {
    return utf8(bytes);
  }
}

/** Dates stay text: serialising must give back what was sent (reference, section 2.5). */
const asWritten = { dates: false };

const readers: Readonly<Record<string, (message: Message, bytes: Uint8Array) => unknown>> = Object.assign(
  Object.create(null) as Record<string, never>,
  {
    string: bodyText,
    "byte[]": (_: Message, bytes: Uint8Array) => Uint8Array.from(bytes),
    "Newtonsoft.Json.Linq.JObject": json((text) => parseJsonObject(text, asWritten)),
    "Newtonsoft.Json.Linq.JArray": json((text) => parseJsonArray(text, asWritten)),
    "Newtonsoft.Json.Linq.JToken": json((text) => parseJson(text, asWritten)),
    "System.Xml.Linq.XNode": (message: Message, bytes: Uint8Array) => parseXmlElement(bodyText(message, bytes)),
    "System.Xml.Linq.XElement": (message: Message, bytes: Uint8Array) => parseXmlElement(bodyText(message, bytes)),
    "System.Xml.Linq.XDocument": (message: Message, bytes: Uint8Array) => parseXml(bodyText(message, bytes)),
  },
);

function json(parse: (text: string) => unknown) {
  return (message: Message, bytes: Uint8Array): unknown => {
    try {
      return parse(bodyText(message, bytes));
    } catch (error) {
      if (error instanceof JsonReaderException) {
        throw new JsonReaderException(`The message body is not a valid JSON. ${(error as ClrException).message}`);
      }
      throw error;
    }
  };
}

function readAs(types: readonly RuntimeType[], message: Message, preserve: boolean): unknown {
  const name = types[0]?.name ?? "";
  const reader = readers[name];
  if (!reader) {
    throw new NotSupportedException(
      `A message body cannot be read as ${name}; it can be as string, byte[], JObject, JToken, JArray, XNode, XElement or XDocument.`,
    );
  }
  return reader(message, read(message, preserve));
}

const list = "System.Collections.Generic.IList<string>";

function readForm(message: Message, preserve: boolean): Dictionary {
  const form = new Dictionary("string", list);
  for (const [name, value] of queryPairs(bodyText(message, read(message, preserve)).trim())) {
    const known = form.lookup(name);
    if (known instanceof List) known.add(value);
    else form.setEntry(name, new List("string", [value]));
  }
  return form;
}

/** `IMessageBody`. Its values are the messages themselves: reading text needs their headers. */
export const bodyType = declareType({
  name: "Gatehouse.IMessageBody",
  kind: "interface",
  is: (value) => value instanceof Message,
  members: {
    "T As<T>(bool preserveContent = false)": withTypes(readAs),
    [`System.Collections.Generic.IDictionary<string, ${list}> AsFormUrlEncodedContent(bool preserveContent = false)`]:
      readForm,
  },
});
