import type { XElement } from "../../../expression/clr/xml/element.ts";
import { XML_NAMESPACE } from "../../../expression/clr/xml/name.ts";
import { SchemaError } from "../json-schema/schema-error.ts";
import type {
  AttributeUse,
  ComplexType,
  ElementDeclaration,
  Particle,
  Type,
  Wildcard,
  XmlSchemaModel,
} from "./model.ts";
import { attributeOf, elementsOf, keyOf, schemaName, XS } from "./qualified-name.ts";
import {
  type Component,
  type ComponentKind,
  type Components,
  readComponents,
  refuseAttributes,
  type SchemaHead,
} from "./read-schema.ts";
import { readSimpleType, restrict } from "./simple-definitions.ts";
import { builtInType, type Restrictable, words } from "./simple-types.ts";

/** `xs:anyType`: any content, checked where it is known. */
const ANY_TYPE: ComplexType = {
  kind: "complex",
  name: "xs:anyType",
  base: undefined,
  abstract: false,
  mixed: true,
  simple: undefined,
  particle: { kind: "any", min: 0, max: Number.POSITIVE_INFINITY, wildcard: { accepts: () => true, process: "lax" } },
  attributes: new Map(),
  anyAttribute: { accepts: () => true, process: "lax" },
  any: true,
};

/** How deep groups and types may be inside one another. */
const MAX_DEPTH = 100;

/**
 * Compiles XML Schema 1.0 documents: elements, sequences, choices, all, wildcards, groups, attributes, simple types with
 * facets, extension and restriction. What else the language has (identity constraints, substitution groups, redefinition)
 * is refused, as a schema that is enforced in part would be a false promise.
 * @param other the text of a schema resource that one includes by `/schemas/{id}`
 * @throws {SchemaError}
 */
export function compileXmlSchema(texts: readonly string[], other: (id: string) => string | undefined): XmlSchemaModel {
  const compiler = new SchemaCompiler(readComponents(texts, other));
  return compiler.compile();
}

class SchemaCompiler {
  readonly #components: Components;
  readonly #types = new Map<string, Type>();
  readonly #elements = new Map<string, ElementDeclaration>();
  /** Types under way: one that is its own base has no end. */
  readonly #open = new Set<string>();
  /** Complex types whose content is being read. */
  readonly #unfinished = new Set<Type>();
  #depth = 0;

  constructor(components: Components) {
    this.#components = components;
  }

  compile(): XmlSchemaModel {
    // Everything is compiled, so that what is not supported shows before a message arrives.
    for (const key of this.#components.simpleType.keys()) this.#type(key);
    for (const key of this.#components.complexType.keys()) this.#type(key);
    for (const [key, component] of this.#components.element) this.#elements.set(key, this.#topElement(key, component));
    const attributes = new Map<string, AttributeUse>();
    for (const [key, component] of this.#components.attribute) {
      attributes.set(key, this.#attribute(component.element, component.schema, true));
    }
    for (const element of this.#elements.values()) element.type();
    return { elements: this.#elements, attributes, type: (key) => this.#type(key) };
  }

  #topElement(key: string, { element, schema }: Component): ElementDeclaration {
    return this.#elements.get(key) ?? this.#declaration(element, schema, true);
  }

  #component(kind: ComponentKind, element: XElement, written: string): Component {
    const name = schemaName(element, written);
    const found = this.#components[kind].get(keyOf(name.namespace, name.localName));
    if (!found) throw new SchemaError(`The ${kind} "${written.slice(0, 100)}" is not defined.`);
    return found;
  }

  /** A type by key: built-in or defined. */
  #type(key: string): Type | undefined {
    const known = this.#types.get(key);
    if (known) return known;
    if (key === keyOf(XS, "anyType")) return ANY_TYPE;
    if (key.startsWith(`{${XS}}`)) return builtInType(key.slice(XS.length + 2));
    const simple = this.#components.simpleType.get(key);
    const complex = this.#components.complexType.get(key);
    const component = simple ?? complex;
    if (!component) return undefined;
    if (this.#open.has(key)) throw new SchemaError(`The type "${key}" is its own base.`);
    this.#open.add(key);
    const name = attributeOf(component.element, "name") ?? "";
    const type = simple
      ? readSimpleType(simple.element, name, (at, written) => this.#simple(at, written))
      : this.#complex(component.element, component.schema, name, key);
    this.#open.delete(key);
    this.#types.set(key, type);
    return type;
  }

  #named(element: XElement, written: string): Type {
    const { namespace, localName } = schemaName(element, written);
    const type = this.#type(keyOf(namespace, localName));
    if (!type) throw new SchemaError(`The type "${written.slice(0, 100)}" is not defined or not supported.`);
    return type;
  }

  #simple(element: XElement, written: string): Restrictable {
    const type = this.#named(element, written);
    if (type.kind !== "simple") throw new SchemaError(`The type "${written.slice(0, 100)}" is not a simple type.`);
    return type as Restrictable;
  }

  #declaration(element: XElement, schema: SchemaHead, top: boolean): ElementDeclaration {
    refuseAttributes(element, ["substitutionGroup", "abstract", "block", "final"]);
    const name = attributeOf(element, "name");
    if (name === undefined) throw new SchemaError("<xs:element> needs a name or a ref.");
    const form = attributeOf(element, "form");
    const qualified = top || (form === undefined ? schema.qualifiedElements : form === "qualified");
    const written = attributeOf(element, "type");
    const inline = elementsOf(element).filter((child) => child.name.localName !== "annotation");
    for (const child of inline) {
      if (/^(complexType|simpleType)$/.test(child.name.localName)) continue;
      throw new SchemaError(`<xs:${child.name.localName}> is not supported in <xs:element>.`);
    }
    const definition = inline[0];
    let type: Type | undefined;
    const make = () => {
      if (written !== undefined) return this.#named(element, written);
      return definition ? this.#inline(definition, schema, name) : ANY_TYPE;
    };
    // A type by name may lead back to this element; one that stands here cannot.
    if (written === undefined) type = make();
    return {
      name,
      namespace: qualified ? schema.targetNamespace : "",
      nillable: attributeOf(element, "nillable") === "true",
      fixed: attributeOf(element, "fixed"),
      hasDefault: attributeOf(element, "default") !== undefined,
      type: () => (type ??= make()),
    };
  }

  #inline(definition: XElement, schema: SchemaHead, name: string): Type {
    if (definition.name.localName === "simpleType") {
      return readSimpleType(definition, name, (at, written) => this.#simple(at, written));
    }
    return this.#complex(definition, schema, name, undefined);
  }

  #complex(element: XElement, schema: SchemaHead, name: string, key: string | undefined): ComplexType {
    refuseAttributes(element, ["block", "final"]);
    if (++this.#depth > MAX_DEPTH) throw new SchemaError("The types are nested too deeply.");
    const own: ComplexType & { attributes: Map<string, AttributeUse> } = {
      kind: "complex",
      name,
      base: undefined,
      abstract: attributeOf(element, "abstract") === "true",
      mixed: attributeOf(element, "mixed") === "true",
      simple: undefined,
      particle: undefined,
      attributes: new Map(),
      anyAttribute: undefined,
    };
    // Known before its content is read: elements inside may be of this type again.
    if (key !== undefined) this.#types.set(key, own);
    this.#unfinished.add(own);
    for (const child of elementsOf(element)) {
      const kind = child.name.localName;
      if (kind === "simpleContent" || kind === "complexContent") {
        if (attributeOf(child, "mixed") !== undefined) own.mixed = attributeOf(child, "mixed") === "true";
        this.#derived(child, schema, own);
      } else this.#content(child, schema, own);
    }
    this.#unfinished.delete(own);
    this.#depth--;
    return own;
  }

  /** `extension` or `restriction` of another type. */
  #derived(content: XElement, schema: SchemaHead, own: ComplexType & { attributes: Map<string, AttributeUse> }): void {
    const derivation = elementsOf(content).find((child) => child.name.localName !== "annotation");
    const kind = derivation?.name.localName;
    const written = derivation && attributeOf(derivation, "base");
    if (!derivation || written === undefined || (kind !== "extension" && kind !== "restriction")) {
      throw new SchemaError(`The content of "${own.name}" needs an extension or restriction with a base.`);
    }
    const base = this.#named(derivation, written);
    // Also for a type inside of its own base, whose content is not known yet.
    if (this.#unfinished.has(base)) throw new SchemaError(`The type "${base.name}" is its own base.`);
    own.base = base;
    if (base.kind === "complex") {
      for (const [key, use] of base.attributes) own.attributes.set(key, use);
      own.anyAttribute = kind === "extension" ? base.anyAttribute : undefined;
    }
    if (content.name.localName === "simpleContent") {
      const simple = base.kind === "simple" ? base : base.simple;
      if (!simple) throw new SchemaError(`The base of "${own.name}" has no simple content.`);
      own.simple = kind === "restriction" ? restrict(derivation, own.name, simple as Restrictable) : simple;
    } else if (base.kind === "simple") throw new SchemaError(`The base of "${own.name}" is a simple type.`);
    for (const child of elementsOf(derivation)) this.#content(child, schema, own);
    if (content.name.localName === "simpleContent" || kind === "restriction" || base.kind === "simple") return;
    if (base.any) throw new SchemaError("An extension of xs:anyType is not supported.");
    if (base.particle && own.particle) {
      own.particle = { kind: "sequence", min: 1, max: 1, items: [base.particle, own.particle] };
    } else own.particle ??= base.particle;
    if (base.simple) own.simple = base.simple;
    own.mixed ||= base.mixed;
  }

  /** One child of a type: its particle, or an attribute. */
  #content(child: XElement, schema: SchemaHead, own: ComplexType & { attributes: Map<string, AttributeUse> }): void {
    switch (child.name.localName) {
      case "sequence":
      case "choice":
      case "all":
      case "group":
        own.particle = this.#particle(child, schema);
        return;
      case "attribute":
      case "attributeGroup":
      case "anyAttribute":
        this.#attributes(child, schema, own);
        return;
      case "annotation":
        return;
      default:
        // Facets of a simple content are read with its type.
        if (own.simple && attributeOf(child, "value") !== undefined) return;
        if (own.simple && child.name.localName === "simpleType") return;
        throw new SchemaError(`<xs:${child.name.localName}> is not supported in a type.`);
    }
  }

  #attributes(child: XElement, schema: SchemaHead, own: ComplexType & { attributes: Map<string, AttributeUse> }): void {
    const reference = attributeOf(child, "ref");
    switch (child.name.localName) {
      case "attribute": {
        const use = this.#attribute(child, schema, false);
        own.attributes.set(keyOf(use.namespace, use.name), use);
        return;
      }
      case "anyAttribute":
        own.anyAttribute = this.#wildcard(child, schema);
        return;
      default: {
        if (reference === undefined) throw new SchemaError("<xs:attributeGroup> needs a ref.");
        const group = this.#component("attributeGroup", child, reference);
        if (++this.#depth > MAX_DEPTH) throw new SchemaError("The attribute groups are nested too deeply.");
        for (const inner of elementsOf(group.element)) {
          if (inner.name.localName !== "annotation") this.#attributes(inner, group.schema, own);
        }
        this.#depth--;
      }
    }
  }

  #attribute(element: XElement, schema: SchemaHead, top: boolean): AttributeUse {
    const reference = attributeOf(element, "ref");
    const use = attributeOf(element, "use");
    const flags = { required: use === "required", prohibited: use === "prohibited" };
    const fixed = attributeOf(element, "fixed");
    if (reference !== undefined) {
      const { namespace, localName } = schemaName(element, reference);
      if (namespace === XML_NAMESPACE) {
        const type = builtInType("string") as Restrictable;
        return { name: localName, namespace, ...flags, fixed, type: () => type };
      }
      const target = this.#component("attribute", element, reference);
      const referred = this.#attribute(target.element, target.schema, true);
      return { ...referred, ...flags, fixed: fixed ?? referred.fixed };
    }
    const name = attributeOf(element, "name");
    if (name === undefined) throw new SchemaError("<xs:attribute> needs a name or a ref.");
    const form = attributeOf(element, "form");
    const qualified = top || (form === undefined ? schema.qualifiedAttributes : form === "qualified");
    const written = attributeOf(element, "type");
    const inline = elementsOf(element).find((child) => child.name.localName === "simpleType");
    const find = (at: XElement, type: string) => this.#simple(at, type);
    const type = inline
      ? readSimpleType(inline, name, find)
      : written === undefined
        ? (builtInType("anySimpleType") as Restrictable)
        : find(element, written);
    return { name, namespace: qualified ? schema.targetNamespace : "", ...flags, fixed, type: () => type };
  }

  #particle(element: XElement, schema: SchemaHead): Particle {
    const occurs = occursOf(element);
    const kind = element.name.localName;
    switch (kind) {
      case "element": {
        const reference = attributeOf(element, "ref");
        if (reference === undefined) return { kind, ...occurs, declaration: this.#declaration(element, schema, false) };
        const { namespace, localName } = schemaName(element, reference);
        const component = this.#component("element", element, reference);
        const key = keyOf(namespace, localName);
        let declaration = this.#elements.get(key);
        // Through a stand-in: the element may contain itself.
        if (!declaration) {
          const name = attributeOf(component.element, "name") ?? "";
          declaration = {
            name,
            namespace,
            nillable: attributeOf(component.element, "nillable") === "true",
            fixed: attributeOf(component.element, "fixed"),
            hasDefault: attributeOf(component.element, "default") !== undefined,
            type: () => (this.#elements.get(key) ?? this.#topElement(key, component)).type(),
          };
        }
        return { kind, ...occurs, declaration };
      }
      case "any":
        return { kind, ...occurs, wildcard: this.#wildcard(element, schema) };
      case "group": {
        const reference = attributeOf(element, "ref");
        if (reference === undefined) throw new SchemaError("<xs:group> needs a ref.");
        const group = this.#component("group", element, reference);
        const content = elementsOf(group.element).find((child) => child.name.localName !== "annotation");
        if (!content) return { kind: "sequence", ...occurs, items: [] };
        if (++this.#depth > MAX_DEPTH) throw new SchemaError("The groups are nested too deeply.");
        const inner = this.#particle(content, group.schema);
        this.#depth--;
        return { kind: "sequence", ...occurs, items: [inner] };
      }
      case "sequence":
      case "choice":
      case "all": {
        if (++this.#depth > MAX_DEPTH) throw new SchemaError("The content is nested too deeply.");
        const children = elementsOf(element).filter((child) => child.name.localName !== "annotation");
        const items = children.map((child) => this.#particle(child, schema));
        this.#depth--;
        const simple = items.every((item) => item.kind === "element" && item.max <= 1);
        if (kind === "all" && !simple) throw new SchemaError("<xs:all> takes elements that occur at most once.");
        return { kind, ...occurs, items };
      }
      default:
        throw new SchemaError(`<xs:${kind}> is not supported in a content model.`);
    }
  }

  #wildcard(element: XElement, schema: SchemaHead): Wildcard {
    refuseAttributes(element, ["notNamespace", "notQName"]);
    const target = schema.targetNamespace;
    const written = attributeOf(element, "namespace")?.trim() ?? "##any";
    const process = attributeOf(element, "processContents") ?? "strict";
    if (process !== "strict" && process !== "lax" && process !== "skip") {
      throw new SchemaError(`processContents="${process.slice(0, 50)}" is not known.`);
    }
    if (written === "##any") return { accepts: () => true, process };
    if (written === "##other") return { accepts: (namespace) => namespace !== target && namespace !== "", process };
    const names = words(written).map((name) =>
      name === "##targetNamespace" ? target : name === "##local" ? "" : name,
    );
    return { accepts: (namespace) => names.includes(namespace), process };
  }
}

function occursOf(element: XElement): { min: number; max: number } {
  const min = countOf(attributeOf(element, "minOccurs") ?? "1");
  const written = attributeOf(element, "maxOccurs") ?? "1";
  const max = written === "unbounded" ? Number.POSITIVE_INFINITY : countOf(written);
  if (min > max) throw new SchemaError("minOccurs is above maxOccurs.");
  return { min, max };
}

function countOf(text: string): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new SchemaError(`"${text.slice(0, 50)}" is no number of occurrences.`);
  return Number(text);
}
