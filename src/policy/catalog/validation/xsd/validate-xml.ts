import type { XElement } from "../../../expression/clr/xml/element.ts";
import { XText } from "../../../expression/clr/xml/leaf-nodes.ts";
import { XMLNS_NAMESPACE, XName } from "../../../expression/clr/xml/name.ts";
import { ContentMatcher } from "./content-model.ts";
import type { ComplexType, ElementDeclaration, SimpleType, Type, XmlSchemaModel } from "./model.ts";
import { elementsOf, keyOf, resolveName, XSI } from "./qualified-name.ts";
import { words } from "./simple-types.ts";

/** What is wrong with an element. */
export interface XmlViolation {
  message: string;
  element: XElement;
}

const MAX_VIOLATIONS = 100;

/**
 * Validates an element and all in it. Any top-level element of the schema may be the root.
 * @throws {ValidationLimitError} {RangeError} for numbers beyond all measure
 */
export function validateXml(root: XElement, model: XmlSchemaModel): XmlViolation[] {
  const validation = new Validation(model);
  validation.root(root);
  return validation.violations;
}

class Validation {
  readonly violations: XmlViolation[] = [];
  readonly #model: XmlSchemaModel;
  readonly #ids = new Set<string>();
  readonly #references: { id: string; element: XElement }[] = [];

  constructor(model: XmlSchemaModel) {
    this.#model = model;
  }

  root(element: XElement): void {
    const declaration = this.#declared(element);
    if (!declaration) this.#fail(element, `The element '${element.name.localName}' is not declared`);
    else this.#element(element, declaration);
    for (const { id, element: at } of this.#references) {
      if (!this.#ids.has(id)) this.#fail(at, `The identifier '${id}' is referred to, but not defined`);
    }
  }

  #fail(element: XElement, message: string): void {
    if (this.violations.length < MAX_VIOLATIONS) this.violations.push({ element, message: `${message}.` });
  }

  #declared(element: XElement): ElementDeclaration | undefined {
    return this.#model.elements.get(keyOf(element.name.namespaceName, element.name.localName));
  }

  #element(element: XElement, declaration: ElementDeclaration): void {
    const type = this.#typeOf(element, declaration.type());
    if (!type) return;
    const nil = element.attribute(new XName("nil", XSI))?.value.trim();
    if (nil === "true" || nil === "1") {
      if (!declaration.nillable) this.#fail(element, `The element '${declaration.name}' may not be nil`);
      if (element.nodes.length > 0) this.#fail(element, `The nil element '${declaration.name}' has content`);
      if (type.kind === "complex") this.#attributes(element, type);
      else this.#noAttributes(element);
      return;
    }
    if (type.kind === "simple") {
      this.#noAttributes(element);
      this.#text(element, type, declaration);
      return;
    }
    if (type.abstract) this.#fail(element, `The type '${type.name}' is abstract: xsi:type must name another`);
    this.#attributes(element, type);
    if (type.simple) this.#text(element, type.simple, declaration);
    else this.#content(element, type);
  }

  /** The declared type, or the one derived from it that `xsi:type` names. */
  #typeOf(element: XElement, declared: Type): Type | undefined {
    const written = element.attribute(new XName("type", XSI))?.value;
    if (written === undefined) return declared;
    const name = resolveName(element, written);
    const type = name && this.#model.type(keyOf(name.namespace, name.localName));
    if (!type) {
      this.#fail(element, `The type '${written.slice(0, 100)}' is not defined`);
      return undefined;
    }
    const anything = declared.kind === "complex" && declared.any;
    for (let at: Type | undefined = type; at; at = at.base) if (at === declared || anything) return type;
    this.#fail(element, `The type '${written.slice(0, 100)}' is not derived from '${declared.name}'`);
    return undefined;
  }

  #text(element: XElement, type: SimpleType, declaration: ElementDeclaration): void {
    if (elementsOf(element).length > 0) {
      this.#fail(element, `The element '${element.name.localName}' takes text only`);
      return;
    }
    const { value } = element;
    if (value === "" && (declaration.hasDefault || declaration.fixed !== undefined)) return;
    this.#value(element, `The element '${element.name.localName}'`, value, type, declaration.fixed);
  }

  #value(element: XElement, what: string, value: string, type: SimpleType, fixed: string | undefined): void {
    const problem = type.check(value);
    if (problem !== undefined) {
      this.#fail(element, `${what} is invalid: ${problem}`);
      return;
    }
    const form = (text: string) => type.canonical(type.normalize(text));
    if (fixed !== undefined && form(value) !== form(fixed)) this.#fail(element, `${what} must be '${fixed}'`);
    if (type.identity === undefined) return;
    for (const id of words(value)) {
      if (type.identity !== "id") this.#references.push({ id, element });
      else if (this.#ids.has(id)) this.#fail(element, `The identifier '${id}' is used twice`);
      else this.#ids.add(id);
    }
  }

  #noAttributes(element: XElement): void {
    for (const { name } of element.attributes) {
      if (isFree(name)) continue;
      this.#fail(element, `The attribute '${name.localName}' is not declared`);
    }
  }

  #attributes(element: XElement, type: ComplexType): void {
    for (const { name, value } of element.attributes) {
      if (isFree(name)) continue;
      const what = `The attribute '${name.localName}'`;
      const key = keyOf(name.namespaceName, name.localName);
      const use = type.attributes.get(key);
      if (use && !use.prohibited) this.#value(element, what, value, use.type(), use.fixed);
      else if (type.anyAttribute?.accepts(name.namespaceName)) {
        const known = this.#model.attributes.get(key);
        if (type.anyAttribute.process === "skip") continue;
        if (known) this.#value(element, what, value, known.type(), known.fixed);
        else if (type.anyAttribute.process === "strict") this.#fail(element, `${what} is not declared`);
      } else this.#fail(element, `${what} is not declared`);
    }
    for (const use of type.attributes.values()) {
      if (!use.required || element.attribute(new XName(use.name, use.namespace)) !== null) continue;
      this.#fail(element, `The required attribute '${use.name}' is missing`);
    }
  }

  #content(element: XElement, type: ComplexType): void {
    if (!type.mixed && element.nodes.some((node) => node instanceof XText && node.value.trim() !== "")) {
      this.#fail(element, `The element '${element.name.localName}' may not hold text`);
    }
    const children = elementsOf(element);
    const matcher = new ContentMatcher(children);
    if (!matcher.match(type.particle)) {
      const at = children[matcher.at] ?? element;
      this.#fail(at, matcher.problem ?? "The content does not fit");
    }
    for (const [index, child] of children.entries()) {
      const match = matcher.matches[index];
      if (!match) break;
      if ("declaration" in match) this.#element(child, match.declaration);
      else this.#wild(child, match.wildcard.process);
    }
  }

  #wild(element: XElement, process: "strict" | "lax" | "skip"): void {
    if (process === "skip") return;
    const declaration = this.#declared(element);
    if (declaration) this.#element(element, declaration);
    else if (process === "strict") this.#fail(element, `The element '${element.name.localName}' is not declared`);
    else for (const child of elementsOf(element)) this.#wild(child, "lax");
  }
}

/** Attributes that every element may have: namespace declarations and those of XML Schema itself. */
function isFree(name: XName): boolean {
  if (name.namespaceName === XMLNS_NAMESPACE || (name.namespaceName === "" && name.localName === "xmlns")) return true;
  return name.namespaceName === XSI && /^(type|nil|schemaLocation|noNamespaceSchemaLocation)$/.test(name.localName);
}
