import type { XElement } from "../../../expression/clr/xml/element.ts";
import { XML_NAMESPACE, XMLNS_NAMESPACE, XName } from "../../../expression/clr/xml/name.ts";
import { SchemaError } from "../json-schema/schema-error.ts";

export const XS = "http://www.w3.org/2001/XMLSchema";
export const XSI = "http://www.w3.org/2001/XMLSchema-instance";

/** A name in a namespace as one text, for maps. */
export function keyOf(namespace: string, localName: string): string {
  return `{${namespace}}${localName}`;
}

/** A prefixed name, such as the value of `type`, by the namespaces in scope. Undefined for an undeclared prefix. */
export function resolveName(element: XElement, written: string): { namespace: string; localName: string } | undefined {
  const text = written.trim();
  const colon = text.indexOf(":");
  const prefix = colon < 0 ? "" : text.slice(0, colon);
  const localName = text.slice(colon + 1);
  if (prefix === "xml") return { namespace: XML_NAMESPACE, localName };
  const declaration = prefix === "" ? new XName("xmlns") : new XName(prefix, XMLNS_NAMESPACE);
  for (let at: XElement | null = element; at !== null; at = parentOf(at)) {
    const namespace = at.attribute(declaration)?.value;
    if (namespace !== undefined) return { namespace, localName };
  }
  return prefix === "" ? { namespace: "", localName } : undefined;
}

/** As {@link resolveName}, in a schema. @throws {SchemaError} */
export function schemaName(element: XElement, written: string): { namespace: string; localName: string } {
  const name = resolveName(element, written);
  if (!name) throw new SchemaError(`The name "${written.slice(0, 100)}" has an undeclared prefix.`);
  return name;
}

function parentOf(element: XElement): XElement | null {
  const owner = element.owner;
  return owner !== null && "attributes" in owner ? (owner as XElement) : null;
}

/** Attribute without a namespace. */
export function attributeOf(element: XElement, name: string): string | undefined {
  return element.attribute(new XName(name))?.value;
}

/** Child elements. */
export function elementsOf(element: XElement): XElement[] {
  return [...element.elements(null)] as unknown as XElement[];
}
