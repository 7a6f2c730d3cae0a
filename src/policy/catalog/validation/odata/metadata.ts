import type { XElement } from "../../../expression/clr/xml/element.ts";
import { parseXml } from "../../../expression/clr/xml/read.ts";
import { attributeOf, elementsOf } from "../xsd/qualified-name.ts";

/** What a service's metadata document (CSDL) declares, as far as requests are checked against it. */
export interface ODataMetadata {
  /** Entity sets, singletons, functions and actions that a path may begin with; the type's name where there is one. */
  roots: ReadonlyMap<string, string | undefined>;
  /** Properties and navigation properties of entity and complex types, inherited ones included, by qualified name. */
  types: ReadonlyMap<string, ODataType>;
}

export interface ODataType {
  /** Types of properties, by property. */
  properties: ReadonlyMap<string, string>;
  /** Takes properties that are not declared. */
  open: boolean;
}

const metadata = new Map<string, ODataMetadata>();
const KEPT = 50;

/** Reads a metadata document; kept, as every request needs it. @throws {XmlException} */
export function readMetadata(text: string): ODataMetadata {
  let known = metadata.get(text);
  if (!known) {
    if (metadata.size >= KEPT) metadata.clear();
    metadata.set(text, (known = parse(text)));
  }
  return known;
}

function parse(text: string): ODataMetadata {
  const root = parseXml(text).root;
  const roots = new Map<string, string | undefined>();
  const written = new Map<string, XElement>();
  const aliases = new Map<string, string>();
  const schemas = root ? descendants(root).filter((element) => element.name.localName === "Schema") : [];
  for (const schema of schemas) {
    const namespace = attributeOf(schema, "Namespace") ?? "";
    const alias = attributeOf(schema, "Alias");
    if (alias !== undefined) aliases.set(alias, namespace);
    for (const element of elementsOf(schema)) {
      const { localName } = element.name;
      const name = attributeOf(element, "Name") ?? "";
      if (localName === "EntityType" || localName === "ComplexType") written.set(`${namespace}.${name}`, element);
      if (localName === "EntityContainer") for (const child of elementsOf(element)) addRoot(child, roots);
    }
  }
  const qualified = (name: string) => {
    const dot = name.lastIndexOf(".");
    const namespace = aliases.get(name.slice(0, Math.max(dot, 0)));
    return namespace === undefined ? name : `${namespace}.${name.slice(dot + 1)}`;
  };
  const types = new Map<string, ODataType>();
  for (const name of written.keys()) types.set(name, typeOf(name, written, qualified));
  return { roots: new Map([...roots].map(([name, type]) => [name, type && qualified(type)])), types };
}

function addRoot(element: XElement, roots: Map<string, string | undefined>): void {
  const name = attributeOf(element, "Name");
  if (name === undefined) return;
  const { localName } = element.name;
  if (localName === "EntitySet") roots.set(name, attributeOf(element, "EntityType"));
  else if (localName === "Singleton") roots.set(name, attributeOf(element, "Type"));
  else if (/^(FunctionImport|ActionImport)$/.test(localName)) roots.set(name, undefined);
}

function typeOf(name: string, written: ReadonlyMap<string, XElement>, qualified: (name: string) => string): ODataType {
  const properties = new Map<string, string>();
  let open = false;
  const seen = new Set<string>();
  for (let at: string | undefined = name; at !== undefined && !seen.has(at); ) {
    seen.add(at);
    const element = written.get(at);
    if (!element) {
      // A base type from elsewhere may have any properties.
      open = true;
      break;
    }
    open ||= attributeOf(element, "OpenType") === "true";
    for (const child of elementsOf(element)) {
      if (!/^(Property|NavigationProperty)$/.test(child.name.localName)) continue;
      const type = attributeOf(child, "Type") ?? "";
      properties.set(attributeOf(child, "Name") ?? "", qualified(type.replace(/^Collection\((.*)\)$/, "$1")));
    }
    const base = attributeOf(element, "BaseType");
    at = base === undefined ? undefined : qualified(base);
  }
  return { properties, open };
}

function descendants(root: XElement): XElement[] {
  const found: XElement[] = [root];
  for (const element of found) found.push(...elementsOf(element));
  return found;
}
