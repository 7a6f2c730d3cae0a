import type { Attribute, Document, Element, Node } from "./tree.ts";

/** A replacement for how a leaf or an attribute is printed; undefined leaves it as written. */
export type Rewrite = (part: Exclude<Node, Element> | Attribute) => string | undefined;

/**
 * The text of a document, from its tree: each part as its author wrote it, edited parts as `written` says.
 * For a document just parsed that is the file's text, character for character.
 */
export function print(document: Document): string {
  return (document.byteOrderMark ? "\uFEFF" : "") + printNodes(document.children);
}

/** The text of nodes one after the other, some parts of them replaced by what `rewrite` answers. */
export function printNodes(nodes: readonly Node[], rewrite?: Rewrite): string {
  const parts: string[] = [];
  for (const node of nodes) printNode(node, rewrite, parts);
  return parts.join("");
}

function printNode(node: Node, rewrite: Rewrite | undefined, parts: string[]): void {
  const { text } = node.file;
  if (node.kind !== "element") {
    parts.push(rewrite?.(node) ?? text.slice(node.start, node.end));
    return;
  }
  parts.push(text.slice(node.start, node.nameEnd));
  for (const a of node.attributes) {
    const source = a.file.text;
    parts.push(a.lead, rewrite?.(a) ?? a.written ?? source.slice(a.start, a.end));
  }
  const tail = text.slice(node.tailStart, node.inner.start);
  if (node.selfClosing && node.children.length > 0) {
    // Children were added to what was written as `<a />`.
    parts.push(tail.replace(/\s*\/>$/, ">"));
    for (const child of node.children) printNode(child, rewrite, parts);
    parts.push(`</${node.name}>`);
    return;
  }
  parts.push(tail);
  for (const child of node.children) printNode(child, rewrite, parts);
  parts.push(text.slice(node.inner.end, node.end));
}
