import { ClrArray } from "../box.ts";
import { spend } from "../budget.ts";
import { isEnumerable } from "../collections/protocol.ts";
import { ArgumentException, XmlException } from "../exceptions.ts";
import { XAttribute } from "./attribute.ts";
import { XCData, XText } from "./leaf-nodes.ts";
import type { XName } from "./name.ts";
import { XNode } from "./node.ts";
import { NodeType } from "./node-type.ts";
import { xmlText } from "./value-text.ts";
import { XObject } from "./xobject.ts";

/** Trees deeper than this are not walked: they can only be built by a loop, and would exhaust the stack. */
export const MAX_TREE_DEPTH = 1000;

/** Guards a recursive walk. @throws {XmlException} below {@link MAX_TREE_DEPTH} */
export function checkDepth(depth: number): void {
  if (depth > MAX_TREE_DEPTH) throw new XmlException(`The XML is nested deeper than ${MAX_TREE_DEPTH} levels.`);
}

/** `XContainer`: an element or a document. */
export abstract class XContainer extends XNode {
  readonly #nodes: XNode[] = [];

  get nodes(): readonly XNode[] {
    return this.#nodes;
  }

  get firstNode(): XNode | null {
    return this.#nodes[0] ?? null;
  }

  get lastNode(): XNode | null {
    return this.#nodes[this.#nodes.length - 1] ?? null;
  }

  /** The child nodes, as they are while the enumeration runs; it ends when the current one is removed. */
  *childNodes(): Generator<XNode> {
    for (let node = this.firstNode; node !== null; node = node.nextNode) yield node;
  }

  /** Child elements, of a name or all. */
  *elements(name: XName | null): Generator<XContainer & { name: XName }> {
    for (const node of this.childNodes()) if (isElement(node) && (name === null || node.name.is(name))) yield node;
  }

  /** The first child element of a name. */
  element(name: XName): (XContainer & { name: XName }) | null {
    for (const node of this.#nodes) if (isElement(node) && node.name.is(name)) return node;
    return null;
  }

  /** All nodes below, in document order; the node itself first where asked. */
  *descendantNodes(self: boolean): Generator<XNode> {
    if (self) yield this;
    let node: XNode | null = this.firstNode;
    while (node !== null) {
      yield node;
      let next: XNode | null = node instanceof XContainer ? node.firstNode : null;
      for (let from: XNode | null = node; next === null && from !== null && from !== this; from = from.owner) {
        next = from.nextNode;
      }
      node = next;
    }
  }

  /** `Add`: nodes, attributes, text, or sequences of them. */
  add(content: unknown): void {
    for (const piece of pieces(content)) {
      if (piece instanceof XAttribute) this.addAttribute(piece);
      else this.#insert(this.#nodes.length, piece);
    }
  }

  /** Puts content before the child at an index. Attributes cannot stand there. */
  insertContent(index: number, content: unknown): void {
    let at = index;
    for (const piece of pieces(content)) {
      if (piece instanceof XAttribute) throw new ArgumentException("An attribute cannot be added to content.");
      at += this.#insert(at, piece);
    }
  }

  removeNode(node: XNode): void {
    spend(this.#nodes.length >> 6);
    this.#nodes.splice(this.indexOfNode(node), 1);
    node.owner = null;
    if (this.#nodes.length === 0) this.emptied();
  }

  removeNodes(): void {
    for (const node of this.#nodes.splice(0)) node.owner = null;
    this.emptied();
  }

  replaceNodes(content: unknown): void {
    const added = [...pieces(content)];
    this.removeNodes();
    this.add(added);
  }

  indexOfNode(node: XNode): number {
    if (this.#nodes[node.place] !== node) for (const [place, child] of this.#nodes.entries()) child.place = place;
    return node.place;
  }

  /** Appends a fresh node; for the reader. */
  append(node: XNode): void {
    node.owner = this;
    node.place = this.#nodes.length;
    this.#nodes.push(node);
  }

  /** Attributes belong to elements only. */
  protected addAttribute(_attribute: XAttribute): void {
    throw new ArgumentException("An attribute cannot be added to content.");
  }

  /** Is the node allowed here? @throws {ArgumentException} */
  protected validate(node: XNode): void {
    if (node.nodeType === NodeType.Document || node.nodeType === NodeType.DocumentType) {
      const name = node.nodeType === NodeType.Document ? "Document" : "DocumentType";
      throw new ArgumentException(`A node of type ${name} cannot be added to content.`);
    }
  }

  /** Is the text allowed here? */
  protected validateText(_text: string): void {}

  /** The last node is gone: an element prints as `<a />` again. */
  protected emptied(): void {}

  /** Text has come in, if only an empty one: an element prints as `<a></a>`. */
  protected filled(): void {}

  /** Inserts one piece; gives the number of nodes that it added. */
  #insert(index: number, piece: XNode | string): number {
    this.filled();
    if (typeof piece !== "string") return this.#insertNode(index, piece);
    this.validateText(piece);
    if (piece === "") return 0;
    const before = this.#nodes[index - 1];
    if (before instanceof XText && !(before instanceof XCData)) {
      before.value += piece;
      return 0;
    }
    return this.#insertNode(index, new XText(piece));
  }

  /** A node has one owner: one that has another, or would contain itself, is copied. */
  #insertNode(index: number, node: XNode): number {
    const own = node.owner !== null || this.top === node ? node.clone() : node;
    this.validate(own);
    own.owner = this;
    own.place = index;
    if (index === this.#nodes.length) {
      this.#nodes.push(own);
    } else {
      spend(this.#nodes.length >> 6);
      this.#nodes.splice(index, 0, own);
    }
    return 1;
  }
}

function isElement(node: XNode): node is XContainer & { name: XName } {
  return node.nodeType === NodeType.Element;
}

/** Content, flattened: sequences are expanded, null is nothing, values become their text. */
function* pieces(content: unknown): Generator<XNode | XAttribute | string> {
  if (content === null) return;
  if (content instanceof XNode || content instanceof XAttribute || typeof content === "string") {
    yield content;
  } else if (content instanceof ClrArray || Array.isArray(content) || isSequence(content)) {
    for (const item of content as Iterable<unknown>) {
      spend();
      yield* pieces(item);
    }
  } else {
    yield xmlText(content);
  }
}

function isSequence(content: unknown): boolean {
  return !(content instanceof XObject) && !(content instanceof Uint8Array) && isEnumerable(content);
}

/** Do two containers have equal nodes in the same order? */
export function sameNodes(a: XContainer, b: XContainer, depth: number): boolean {
  checkDepth(depth);
  if (a.nodes.length !== b.nodes.length) return false;
  return a.nodes.every((node, index) => node.contentEquals(b.nodes[index] as XNode, depth + 1));
}
