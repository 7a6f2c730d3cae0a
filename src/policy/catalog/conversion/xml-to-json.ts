import { quoteJson } from "../../expression/clr/json/write.ts";
import type { XAttribute } from "../../expression/clr/xml/attribute.ts";
import type { XDocument } from "../../expression/clr/xml/document.ts";
import { XElement } from "../../expression/clr/xml/element.ts";
import { XCData, XProcessingInstruction, XText } from "../../expression/clr/xml/leaf-nodes.ts";
import type { XName } from "../../expression/clr/xml/name.ts";
import type { XNode } from "../../expression/clr/xml/node.ts";
import { PrefixScope } from "./prefix-scope.ts";

export interface XmlToJsonOptions {
  /**
   * `direct`: the conventions of Json.NET (`@attribute`, `#text`, `?xml`). `javascript-friendly`: the same data under
   * names that JavaScript can write after a dot, without declarations (both unconfirmed).
   */
  kind: "direct" | "javascript-friendly";
  /** Child elements are arrays also where there is only one of a name. */
  alwaysArrays: boolean;
  /** Text that is white space only counts. */
  whitespace: boolean;
  trim: boolean;
  /** What an empty element is; undefined as Json.NET: null for `<a />`, an empty string for `<a></a>`. */
  emptyValues: "preserve" | "as-null" | undefined;
}

/** What stands before and between the parts of names. */
interface Marks {
  attribute: string;
  text: string;
  cdata: string;
  instruction: string | undefined;
  prefix: string;
  declarations: boolean;
}

const MARKS: Readonly<Record<XmlToJsonOptions["kind"], Marks>> = {
  direct: {
    attribute: "@",
    text: "#text",
    cdata: "#cdata-section",
    instruction: "?",
    prefix: ":",
    declarations: true,
  },
  // The service was seen to write `soap$Envelope`.
  "javascript-friendly": {
    attribute: "",
    text: "$text",
    cdata: "$cdata",
    instruction: undefined,
    prefix: "$",
    declarations: false,
  },
};

/** An XML document as compact JSON text. Comments and the document type are left out. */
export function convertXmlToJson(document: XDocument, options: XmlToJsonOptions): string {
  return new Conversion(options).document(document);
}

class Conversion {
  readonly #options: XmlToJsonOptions;
  readonly #marks: Marks;

  constructor(options: XmlToJsonOptions) {
    this.#options = options;
    this.#marks = MARKS[options.kind];
  }

  document(document: XDocument): string {
    const members = new Members();
    const outermost = new PrefixScope(undefined, []);
    const { declaration } = document;
    if (declaration && this.#marks.declarations) {
      const parts = Object.entries({
        "@version": declaration.version,
        "@encoding": declaration.encoding,
        "@standalone": declaration.standalone,
      });
      const written = parts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => [name, quoteJson(value ?? "")]);
      members.add("?xml", `{${written.map(([name, value]) => `"${name}":${value}`).join(",")}}`);
    }
    for (const node of document.nodes) this.#node(node, members, outermost, false);
    return members.toString();
  }

  #node(node: XNode, members: Members, scope: PrefixScope, inside: boolean): void {
    const { text, cdata, instruction } = this.#marks;
    if (node instanceof XElement) {
      const inner = scopeOf(node, scope);
      const name = this.#name(node.name, inner, inner.namespaceOf("") === node.name.namespaceName);
      members.add(name, this.#element(node, inner), inside && this.#options.alwaysArrays);
    } else if (node instanceof XText) {
      if (inside && this.#counts(node)) members.add(node instanceof XCData ? cdata : text, this.#text(node.value));
    } else if (node instanceof XProcessingInstruction && instruction !== undefined) {
      members.add(instruction + node.target, quoteJson(node.data));
    }
  }

  #element(element: XElement, scope: PrefixScope): string {
    const members = new Members();
    for (const attribute of element.attributes) {
      if (attribute.isNamespaceDeclaration && !this.#marks.declarations) continue;
      members.add(this.#marks.attribute + this.#attributeName(attribute, scope), quoteJson(attribute.value));
    }
    const nodes = element.nodes.filter((node) => !(node instanceof XText) || this.#counts(node));
    const [only, second] = nodes;
    if (members.empty) {
      if (!only) return this.#empty(element);
      if (!second && only instanceof XText && !(only instanceof XCData)) return this.#text(only.value);
    }
    for (const node of nodes) this.#node(node, members, scope, true);
    return members.toString();
  }

  #empty(element: XElement): string {
    const { emptyValues } = this.#options;
    const isNull = emptyValues === undefined ? element.isEmpty : emptyValues === "as-null";
    return isNull ? "null" : '""';
  }

  #text(value: string): string {
    const text = this.#options.trim ? value.trim() : value;
    return text === "" && this.#options.emptyValues === "as-null" ? "null" : quoteJson(text);
  }

  #counts(text: XText): boolean {
    return this.#options.whitespace || text instanceof XCData || /[^ \t\r\n]/.test(text.value);
  }

  #attributeName(attribute: XAttribute, scope: PrefixScope): string {
    if (!attribute.isNamespaceDeclaration)
      return this.#name(attribute.name, scope, attribute.name.namespaceName === "");
    const prefix = attribute.declaredPrefix;
    return prefix === "" ? "xmlns" : `xmlns${this.#marks.prefix}${prefix}`;
  }

  /** The name with its prefix; `plain` where it needs none. */
  #name(name: XName, scope: PrefixScope, plain: boolean): string {
    const prefix = plain ? undefined : scope.prefixOf(name.namespaceName);
    return prefix === undefined ? name.localName : `${prefix}${this.#marks.prefix}${name.localName}`;
  }
}

/** Members of a JSON object: values of one name come together in an array, at the place of the first. */
class Members {
  readonly #values = new Map<string, { values: string[]; array: boolean }>();

  get empty(): boolean {
    return this.#values.size === 0;
  }

  add(name: string, value: string, array = false): void {
    const known = this.#values.get(name);
    if (known) known.values.push(value);
    else this.#values.set(name, { values: [value], array });
  }

  toString(): string {
    const parts: string[] = [];
    for (const [name, { values, array }] of this.#values) {
      const list = array || values.length > 1;
      parts.push(`${quoteJson(name)}:${list ? `[${values.join(",")}]` : values[0]}`);
    }
    return `{${parts.join(",")}}`;
  }
}

function scopeOf(element: XElement, outer: PrefixScope): PrefixScope {
  const declarations = element.attributes.filter((attribute) => attribute.isNamespaceDeclaration);
  if (declarations.length === 0) return outer;
  return new PrefixScope(
    outer,
    declarations.map((declaration) => [declaration.declaredPrefix, declaration.value] as const),
  );
}
