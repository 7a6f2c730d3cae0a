import { XmlException } from "../../../expression/clr/exceptions.ts";
import type { XElement } from "../../../expression/clr/xml/element.ts";
import { parseXml } from "../../../expression/clr/xml/read.ts";
import { SchemaError } from "../json-schema/schema-error.ts";
import { attributeOf, elementsOf, keyOf, XS } from "./qualified-name.ts";

/** A top-level definition, with the schema document that it stands in. */
export interface Component {
  element: XElement;
  schema: SchemaHead;
}

/** What a schema document says for all that stands in it. */
export interface SchemaHead {
  targetNamespace: string;
  qualifiedElements: boolean;
  qualifiedAttributes: boolean;
}

const KINDS = ["element", "attribute", "complexType", "simpleType", "group", "attributeGroup"] as const;
export type ComponentKind = (typeof KINDS)[number];

/** All top-level definitions, by kind and name. */
export type Components = Readonly<Record<ComponentKind, ReadonlyMap<string, Component>>>;

/** Documents that one schema may take in. */
const MAX_DOCUMENTS = 100;

/** Ids of schema resources that a document includes or imports by `/schemas/{id}`; none where it is no XML. */
export function schemaLocations(text: string): string[] {
  try {
    return schemaRoots(text).flatMap((root) => elementsOf(root).flatMap((child) => locationOf(child) ?? []));
  } catch (error) {
    if (error instanceof SchemaError) return [];
    throw error;
  }
}

/**
 * Reads XML Schema documents and what they include. @param other the text of a schema resource
 * @throws {SchemaError}
 */
export function readComponents(texts: readonly string[], other: (id: string) => string | undefined): Components {
  const reading = new Reading(other);
  for (const text of texts) for (const root of schemaRoots(text)) reading.document(root, undefined);
  return reading.components;
}

/** The `schema` elements of a text: its root, or those inside of another root (WSDL `types`). */
function schemaRoots(text: string): XElement[] {
  let root: XElement | null;
  try {
    root = parseXml(text).root;
  } catch (error) {
    if (error instanceof XmlException) throw new SchemaError(`The schema is not valid XML. ${error.message}`);
    throw error;
  }
  const isSchema = (element: XElement) => element.name.namespaceName === XS && element.name.localName === "schema";
  if (root === null) return [];
  const roots = isSchema(root) ? [root] : elementsOf(root).filter(isSchema);
  if (roots.length === 0) throw new SchemaError("The text holds no XML Schema.");
  return roots;
}

function locationOf(element: XElement): string | undefined {
  if (element.name.namespaceName !== XS || !/^(include|import)$/.test(element.name.localName)) return undefined;
  const location = attributeOf(element, "schemaLocation");
  return location === undefined ? undefined : /^(?:https?:\/\/[^/#]+)?\/schemas\/([^/#?]+)$/.exec(location)?.[1];
}

class Reading {
  readonly components: Record<ComponentKind, Map<string, Component>> = {
    element: new Map(),
    attribute: new Map(),
    complexType: new Map(),
    simpleType: new Map(),
    group: new Map(),
    attributeGroup: new Map(),
  };
  readonly #other: (id: string) => string | undefined;
  /** Documents taken in, by id and the namespace they were taken into. */
  readonly #taken = new Set<string>();

  constructor(other: (id: string) => string | undefined) {
    this.#other = other;
  }

  /** @param into the namespace of the document that includes this one, for one that has none itself */
  document(root: XElement, into: string | undefined): void {
    const targetNamespace = attributeOf(root, "targetNamespace") ?? into ?? "";
    refuseAttributes(root, ["blockDefault", "finalDefault"]);
    const schema: SchemaHead = {
      targetNamespace,
      qualifiedElements: attributeOf(root, "elementFormDefault") === "qualified",
      qualifiedAttributes: attributeOf(root, "attributeFormDefault") === "qualified",
    };
    for (const child of elementsOf(root)) {
      if (child.name.namespaceName !== XS) throw new SchemaError(`<${child.name.localName}> is no XML Schema element.`);
      const kind = child.name.localName;
      if (kind === "annotation") continue;
      if (kind === "include" || kind === "import") this.#include(child, kind, targetNamespace);
      else if (isKind(kind)) this.#define(kind, child, schema);
      else throw new SchemaError(`<xs:${kind}> is not supported.`);
    }
  }

  #define(kind: ComponentKind, element: XElement, schema: SchemaHead): void {
    const name = attributeOf(element, "name");
    if (name === undefined) throw new SchemaError(`A top-level <xs:${kind}> needs a name.`);
    const key = keyOf(schema.targetNamespace, name);
    if (this.components[kind].has(key)) throw new SchemaError(`<xs:${kind} name="${name}"> is defined twice.`);
    this.components[kind].set(key, { element, schema });
  }

  #include(element: XElement, kind: "include" | "import", targetNamespace: string): void {
    const location = attributeOf(element, "schemaLocation");
    if (location === undefined) {
      if (kind === "include") throw new SchemaError("<xs:include> needs a schemaLocation.");
      return;
    }
    const id = locationOf(element);
    const text = id === undefined ? undefined : this.#other(id);
    if (id === undefined || text === undefined) {
      // The namespaces of XML itself are known without their schema.
      if (kind === "import" && /\/xml\.xsd$/.test(location)) return;
      const shown = location.slice(0, 200);
      throw new SchemaError(`<xs:${kind}> refers to "${shown}"; a schema resource is named "/schemas/{id}".`);
    }
    const into = kind === "include" ? targetNamespace : undefined;
    const key = `${into ?? "*"} ${id}`;
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    if (this.#taken.size > MAX_DOCUMENTS)
      throw new SchemaError(`The schema takes in more than ${MAX_DOCUMENTS} others.`);
    for (const root of schemaRoots(text)) this.document(root, into);
  }
}

function isKind(name: string): name is ComponentKind {
  return (KINDS as readonly string[]).includes(name);
}

/** Refuses what would have to be enforced and is not. @throws {SchemaError} */
export function refuseAttributes(element: XElement, names: readonly string[]): void {
  for (const name of names) {
    const value = attributeOf(element, name);
    if (value === undefined || value === "" || value === "false") continue;
    throw new SchemaError(`${name}="${value.slice(0, 50)}" on <xs:${element.name.localName}> is not supported.`);
  }
}
