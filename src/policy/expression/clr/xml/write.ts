import { XmlException } from "../exceptions.ts";
import type { XAttribute } from "./attribute.ts";
import { checkCharacters } from "./characters.ts";
import type { XContainer } from "./container.ts";
import type { XElement } from "./element.ts";
import type { XComment, XDocumentType, XProcessingInstruction, XText } from "./leaf-nodes.ts";
import { XML_NAMESPACE, XMLNS_NAMESPACE } from "./name.ts";
import type { XNode } from "./node.ts";
import { NodeType } from "./node-type.ts";

/** Deeper trees are not written: they can only be built by a loop, and would exhaust the stack. */
const MAX_DEPTH = 1000;

/**
 * A node as XML text, without a declaration.
 * @param indented by two spaces, with `\n` between lines; elements that hold text are left as they are
 * @throws {ArgumentException} for characters that XML does not allow
 */
export function writeXml(node: XNode, indented: boolean): string {
  const writer = new Writer(indented);
  if (node.nodeType === NodeType.Element) writer.declareAncestors(node as XElement);
  writer.node(node, 0);
  return writer.text;
}

/** An attribute as it stands in a start tag. */
export function attributeText(attribute: XAttribute): string {
  const { localName, namespaceName } = attribute.name;
  const element = attribute.owner as XElement | null;
  const prefix = namespaceName === "" || localName === "xmlns" ? "" : (element?.prefixOf(namespaceName) ?? "p1");
  return `${prefix === "" ? "" : `${prefix}:`}${localName}="${escapeAttribute(attribute.value)}"`;
}

/** A prefix and what it stands for, in some scope. */
interface Binding {
  readonly prefix: string;
  readonly namespace: string;
}

class Writer {
  text = "";
  readonly #indented: boolean;
  /** An element around has text among its content, so white space would change it. */
  #mixed = false;
  #level = 0;
  /** Declarations that choose prefixes, the innermost last. Those of ancestors outside the text are among them. */
  readonly #declared: Binding[] = [];
  /** What the text written so far has in scope. Every element has an entry for its own prefix. */
  readonly #scope: Binding[] = [{ prefix: "", namespace: "" }];

  constructor(indented: boolean) {
    this.#indented = indented;
  }

  declareAncestors(element: XElement): void {
    const chain: XElement[] = [];
    for (let at = element.owner; at?.nodeType === NodeType.Element; at = at.owner) chain.unshift(at as XElement);
    for (const ancestor of chain) this.#declare(ancestor);
  }

  node(node: XNode, depth: number): void {
    if (depth > MAX_DEPTH) throw new XmlException(`The XML is nested deeper than ${MAX_DEPTH} levels.`);
    switch (node.nodeType) {
      case NodeType.Document:
        for (const child of (node as XContainer).nodes) this.node(child, depth + 1);
        break;
      case NodeType.Element:
        this.#element(node as XElement, depth);
        break;
      case NodeType.CDATA:
        this.#mixed = true;
        this.text += `<![CDATA[${checked((node as XText).value).replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
        break;
      case NodeType.Text:
        this.#mixed = true;
        this.text += escapeText((node as XText).value);
        break;
      case NodeType.Comment:
        this.#line();
        this.text += `<!--${commentText((node as XComment).value)}-->`;
        break;
      case NodeType.ProcessingInstruction: {
        const { target, data } = node as XProcessingInstruction;
        this.#line();
        this.text += data === "" ? `<?${target}?>` : `<?${target} ${checked(data).replaceAll("?>", "? >")}?>`;
        break;
      }
      case NodeType.DocumentType:
        this.#line();
        this.text += documentTypeText(node as XDocumentType);
    }
  }

  #element(element: XElement, depth: number): void {
    this.#line();
    const declared = this.#declared.length;
    const scope = this.#scope.length;
    this.#declare(element);
    const name = this.#startTag(element);
    if (element.isEmpty) {
      this.text += " />";
    } else {
      this.text += ">";
      this.#content(element, depth);
      this.text += `</${name}>`;
    }
    this.#declared.length = declared;
    this.#scope.length = scope;
  }

  #content(element: XElement, depth: number): void {
    const mixed = this.#mixed;
    this.#level++;
    for (const node of element.nodes) this.node(node, depth + 1);
    this.#level--;
    if (element.nodes.length > 0) this.#line();
    this.#mixed = mixed;
  }

  /** `<name attributes`; gives the name with its prefix. Declarations that the tree lacks come last. */
  #startTag(element: XElement): string {
    const { localName, namespaceName } = element.name;
    const prefix = namespaceName === "" ? "" : (this.#prefix(namespaceName, true) ?? "");
    const name = prefix === "" ? localName : `${prefix}:${localName}`;
    this.text += `<${name}`;
    const implied: Binding[] = [];
    if (this.#lookup(prefix) !== namespaceName) implied.push({ prefix, namespace: namespaceName });
    this.#scope.push({ prefix, namespace: namespaceName });
    let attributes = "";
    for (const attribute of element.attributes) attributes += ` ${this.#attribute(attribute, prefix, implied)}`;
    this.text += attributes;
    for (const binding of implied.reverse()) {
      if (element.attributes.some((a) => a.isNamespaceDeclaration && a.declaredPrefix === binding.prefix)) continue;
      this.text += ` ${declarationName(binding.prefix)}="${escapeAttribute(binding.namespace)}"`;
    }
    return name;
  }

  #attribute(attribute: XAttribute, elementPrefix: string, implied: Binding[]): string {
    const { localName, namespaceName } = attribute.name;
    const value = escapeAttribute(attribute.value);
    if (attribute.isNamespaceDeclaration) {
      const declared = attribute.declaredPrefix;
      if (declared !== elementPrefix) this.#scope.push({ prefix: declared, namespace: attribute.value });
      return `${declarationName(declared)}="${value}"`;
    }
    if (namespaceName === "") return `${localName}="${value}"`;
    const prefix = this.#prefix(namespaceName, false) ?? this.#scopePrefix(namespaceName) ?? this.#newPrefix();
    if (this.#lookup(prefix) !== namespaceName && prefix !== "xml") {
      implied.push({ prefix, namespace: namespaceName });
      this.#scope.push({ prefix, namespace: namespaceName });
    }
    return `${prefix}:${localName}="${value}"`;
  }

  #declare(element: XElement): void {
    for (const attribute of element.attributes) {
      if (!attribute.isNamespaceDeclaration) continue;
      this.#declared.push({ prefix: attribute.declaredPrefix, namespace: attribute.value });
    }
  }

  /** The prefix that the tree declares for a namespace, the innermost declaration that is not hidden. */
  #prefix(namespace: string, allowDefault: boolean): string | null {
    if (namespace === XML_NAMESPACE) return "xml";
    if (namespace === XMLNS_NAMESPACE) return "xmlns";
    const hidden = new Set<string>();
    for (let i = this.#declared.length - 1; i >= 0; i--) {
      const binding = this.#declared[i] as Binding;
      if (binding.namespace === namespace && !hidden.has(binding.prefix) && (allowDefault || binding.prefix !== "")) {
        return binding.prefix;
      }
      hidden.add(binding.prefix);
    }
    return null;
  }

  #lookup(prefix: string): string | null {
    for (let i = this.#scope.length - 1; i >= 0; i--) {
      const binding = this.#scope[i] as Binding;
      if (binding.prefix === prefix) return binding.namespace;
    }
    return null;
  }

  #scopePrefix(namespace: string): string | null {
    for (let i = this.#scope.length - 1; i >= 0; i--) {
      const { prefix, namespace: bound } = this.#scope[i] as Binding;
      if (bound === namespace && prefix !== "" && this.#lookup(prefix) === namespace) return prefix;
    }
    return null;
  }

  /** `p1`, `p2`, …: numbered by what is in scope, as .NET does. */
  #newPrefix(): string {
    const wanted = `p${this.#scope.length - 1}`;
    if (this.#lookup(wanted) === null) return wanted;
    let suffix = 0;
    while (this.#lookup(`${wanted}${suffix}`) !== null) suffix++;
    return `${wanted}${suffix}`;
  }

  #line(): void {
    if (this.#indented && !this.#mixed && this.text !== "") this.text += `\n${"  ".repeat(this.#level)}`;
  }
}

function declarationName(prefix: string): string {
  return prefix === "" ? "xmlns" : `xmlns:${prefix}`;
}

function documentTypeText(type: XDocumentType): string {
  const quote = (text: string) => `"${text}"`;
  let text = `<!DOCTYPE ${type.name}`;
  if (type.publicId !== null) text += ` PUBLIC ${quote(type.publicId)} ${quote(type.systemId ?? "")}`;
  else if (type.systemId !== null) text += ` SYSTEM ${quote(type.systemId)}`;
  // A document that was read has a subset, if an empty one: .NET prints it as [].
  if (type.internalSubset !== null) text += `[${type.internalSubset}]`;
  return `${text}>`;
}

/** A comment may neither hold `--` nor end with `-`. */
function commentText(text: string): string {
  return checked(text).replace(/-(?=-|$)/g, "- ");
}

function checked(text: string): string {
  checkCharacters(text);
  return text.replace(/\r\n?/g, "\n");
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  ...TEXT_ESCAPES,
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

/** Text content; line ends become `\n`. */
function escapeText(text: string): string {
  return checked(text).replace(/[&<>]/g, (c) => TEXT_ESCAPES[c] as string);
}

function escapeAttribute(text: string): string {
  checkCharacters(text);
  return text.replace(/[&<>"\t\n\r]/g, (c) => ATTRIBUTE_ESCAPES[c] as string);
}
