import { NotSupportedException } from "../clr/exceptions.ts";

/** A message body as XML. */
export function parseXmlAs(_type: "XElement" | "XDocument", _text: string): unknown {
  throw new NotSupportedException("XML bodies are not supported.");
}
