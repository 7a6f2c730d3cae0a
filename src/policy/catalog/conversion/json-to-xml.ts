import { JArray } from "../../expression/clr/json/array.ts";
import { isoDate } from "../../expression/clr/json/iso-date.ts";
import { JObject } from "../../expression/clr/json/object.ts";
import type { JToken } from "../../expression/clr/json/token.ts";
import { TokenType } from "../../expression/clr/json/token-type.ts";
import { JValue } from "../../expression/clr/json/value.ts";
import { DateTime } from "../../expression/clr/system/date-time.ts";
import { isLocalName, toLocalName } from "./xml-names.ts";
import { XmlWriter } from "./xml-writer.ts";

export interface JsonToXmlOptions {
  /** Stands between the prefix and the local name of a property that becomes a qualified name. */
  separator: string;
  /** Properties that begin with it are namespace declarations. */
  namespacePrefix: string | undefined;
  /** Members of a property of this name are namespace declarations, prefix to URI. */
  namespaceBlock: string | undefined;
  /** Members of a property of this name are attributes. */
  attributeBlock: string | undefined;
  /** Properties that begin with it are attributes. */
  attributePrefix: string;
  /** What replaces a character that no XML name may hold; undefined: `_xHHHH_`. */
  invalidCharacter: string | undefined;
  trim: boolean;
  /** Empty strings are written like null. */
  emptyAsNull: boolean;
  /** Longest result, in characters. */
  limit: number;
}

/** Root element for a document that has no root of its own, and the items of a bare array (the latter unconfirmed). */
const ROOT = "Document";
const ITEM = "item";
const XSI = "http://www.w3.org/2001/XMLSchema-instance";

/**
 * JSON as XML: property names become elements, arrays repeat their element, null is `xsi:nil`. Values print as .NET
 * prints them (`True`), which is what the service was seen to do.
 * @throws {BodyTooLargeError} past the limit
 */
export function convertJsonToXml(token: JToken, options: JsonToXmlOptions): string {
  const conversion = new Conversion(options);
  const root = token instanceof JObject ? onlyElement(token, options) : undefined;
  if (root) conversion.element(root.name, root.value, NO_PREFIXES);
  else if (token instanceof JArray) conversion.element(ROOT, wrapped(token), NO_PREFIXES);
  else conversion.element(ROOT, token, NO_PREFIXES);
  return conversion.writer.toString();
}

type Prefixes = ReadonlySet<string>;

const NO_PREFIXES: Prefixes = new Set(["xml"]);

/** An element taken apart: what belongs in its start tag, and what stands inside. */
interface Content {
  attributes: Map<string, string>;
  prefixes: Prefixes;
  children: readonly { name: string; value: JToken }[];
}

class Conversion {
  readonly writer: XmlWriter;
  readonly #options: JsonToXmlOptions;

  constructor(options: JsonToXmlOptions) {
    this.#options = options;
    this.writer = new XmlWriter(options.limit);
  }

  element(property: string, value: JToken, outer: Prefixes): void {
    if (value instanceof JObject) this.#object(property, value, outer);
    else if (value instanceof JArray) this.#array(property, value, outer);
    else this.#value(this.#name(property, outer), value);
  }

  #object(property: string, object: JObject, outer: Prefixes): void {
    const { attributes, prefixes, children } = this.#content(object, outer);
    const name = this.#name(property, prefixes);
    this.writer.open(name, attributes, children.length === 0);
    if (children.length === 0) return;
    for (const child of children) {
      if (child.name === "#text") this.writer.text(textOf(child.value));
      else if (child.name === "#cdata-section") this.writer.cdata(textOf(child.value));
      else this.#member(child.name, child.value, prefixes);
    }
    this.writer.close(name);
  }

  /** An array inside an object repeats its element; an empty one leaves one empty element. */
  #member(property: string, value: JToken, prefixes: Prefixes): void {
    const items = value instanceof JArray ? value.items : [value];
    if (items.length === 0) this.writer.open(this.#name(property, prefixes), [], true);
    for (const item of items) this.element(property, item, prefixes);
  }

  /** An array inside an array: one element around its items, as Json.NET writes it. */
  #array(property: string, array: JArray, prefixes: Prefixes): void {
    const name = this.#name(property, prefixes);
    this.writer.open(name, [], array.items.length === 0);
    if (array.items.length === 0) return;
    for (const item of array.items) this.element(property, item, prefixes);
    this.writer.close(name);
  }

  #value(name: string, token: JToken): void {
    const text = token.type === TokenType.Null || token.type === TokenType.Undefined ? undefined : this.#text(token);
    if (text === undefined || (text === "" && this.#options.emptyAsNull)) {
      this.writer.open(
        name,
        [
          ["xsi:nil", "true"],
          ["xmlns:xsi", XSI],
        ],
        true,
      );
      return;
    }
    this.writer.open(name, [], text === "");
    if (text === "") return;
    this.writer.text(text);
    this.writer.close(name);
  }

  #text(token: JToken): string {
    const text = textOf(token);
    return this.#options.trim ? text.trim() : text;
  }

  #content(object: JObject, outer: Prefixes): Content {
    const { attributeBlock, attributePrefix, namespaceBlock } = this.#options;
    const declared = new Map<string, string>();
    const attributes: [string, JToken][] = [];
    const children: { name: string; value: JToken }[] = [];
    for (const { name, value } of object.properties) {
      const prefix = this.#declaredPrefix(name, value);
      if (prefix !== undefined) declared.set(prefix, textOf(value));
      else if (name === namespaceBlock && value instanceof JObject) {
        for (const one of value.properties) declared.set(one.name === "xmlns" ? "" : one.name, textOf(one.value));
      } else if (name === attributeBlock && value instanceof JObject) {
        for (const one of value.properties) attributes.push([one.name, one.value]);
      } else if (attributePrefix !== "" && name.startsWith(attributePrefix) && name !== attributePrefix) {
        attributes.push([name.slice(attributePrefix.length), value]);
      } else children.push({ name, value });
    }
    return { ...this.#startTag(declared, attributes, outer), children };
  }

  #startTag(
    declared: ReadonlyMap<string, string>,
    attributes: readonly [string, JToken][],
    outer: Prefixes,
  ): Pick<Content, "attributes" | "prefixes"> {
    const written = new Map<string, string>();
    let prefixes = outer;
    for (const [prefix, uri] of declared) {
      if (prefix !== "" && !isDeclarable(prefix, uri)) continue;
      written.set(prefix === "" ? "xmlns" : `xmlns:${prefix}`, uri);
      if (prefix !== "") prefixes = new Set([...prefixes, prefix]);
    }
    for (const [name, value] of attributes) written.set(this.#name(name, prefixes), textOf(value));
    return { attributes: written, prefixes };
  }

  /** The prefix that a property declares (empty: the default namespace); undefined for another property. */
  #declaredPrefix(name: string, value: JToken): string | undefined {
    const { attributePrefix, namespacePrefix, separator } = this.#options;
    if (!(value instanceof JValue)) return undefined;
    const plain =
      attributePrefix !== "" && name.startsWith(attributePrefix) ? name.slice(attributePrefix.length) : name;
    if (plain !== name && (plain === "xmlns" || plain.startsWith("xmlns:"))) return plain.slice("xmlns:".length);
    if (!namespacePrefix || !name.startsWith(namespacePrefix)) return undefined;
    const rest = name.slice(namespacePrefix.length);
    const mark = [separator, ":"].find((one) => one !== "" && rest.startsWith(one));
    const prefix = mark === undefined ? rest : rest.slice(mark.length);
    return prefix === "" || isLocalName(prefix) ? prefix : undefined;
  }

  /** `ns_name` is qualified where the prefix `ns` is declared; all else is a plain name. */
  #name(property: string, prefixes: Prefixes): string {
    const { separator, invalidCharacter } = this.#options;
    for (const mark of separator === ":" ? [":"] : [separator, ":"]) {
      const at = mark === "" ? -1 : property.indexOf(mark);
      const prefix = property.slice(0, Math.max(0, at));
      if (at > 0 && at + mark.length < property.length && prefixes.has(prefix)) {
        return `${prefix}:${toLocalName(property.slice(at + mark.length), invalidCharacter)}`;
      }
    }
    return toLocalName(property, invalidCharacter);
  }
}

/** The root where an object has exactly one element, and that is one. */
function onlyElement(object: JObject, options: JsonToXmlOptions): { name: string; value: JToken } | undefined {
  const [only, second] = object.properties;
  if (!only || second || only.value instanceof JArray) return undefined;
  const special = [options.attributeBlock, options.namespaceBlock, "#text", "#cdata-section"].includes(only.name);
  const attribute = options.attributePrefix !== "" && only.name.startsWith(options.attributePrefix);
  return special || attribute ? undefined : only;
}

function wrapped(array: JArray): JObject {
  const object = new JObject();
  object.set(ITEM, array);
  return object;
}

/** The prefixes `xml` and `xmlns` cannot be declared, and none can be undeclared (Namespaces in XML section 3). */
function isDeclarable(prefix: string, uri: string): boolean {
  return isLocalName(prefix) && prefix !== "xml" && prefix !== "xmlns" && uri !== "";
}

function textOf(token: JToken): string {
  if (token instanceof JValue && token.value instanceof DateTime) return isoDate(token.value);
  return token.toClrString();
}
