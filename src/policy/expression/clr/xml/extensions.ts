import { type Enumerable, enumerate } from "../collections/protocol.ts";
import { declareType, type MemberFunction, type TypeDeclaration } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { Sequence } from "../linq/sequence.ts";
import type { XAttribute } from "./attribute.ts";
import type { XContainer } from "./container.ts";
import type { XElement } from "./element.ts";
import type { XName } from "./name.ts";
import type { XNode } from "./node.ts";
import { ancestors, childElements, descendants, documentOrder, nodes } from "./walk.ts";
import type { XObject } from "./xobject.ts";

type Source = Enumerable | null;

function given<T extends XObject>(source: Source): Iterable<T> {
  if (source === null) throw new ArgumentNullException("source");
  return enumerate(source) as Iterable<T>;
}

/** Every node's own sequence, one after the other. */
function flatten<T extends XObject>(source: Source, of: (node: T) => Iterable<unknown>): Sequence {
  const items = given<T>(source);
  return new Sequence(function* () {
    for (const node of items) yield* of(node);
  });
}

function removeAll(source: Source): void {
  // The nodes are collected first, since removing them would disturb the query that finds them.
  for (const item of [...given<XNode | XAttribute>(source)]) item.remove();
}

const attributesOf = (name?: XName | null) => (element: XElement) =>
  nodes(() => element.attributes.filter((a) => name === undefined || (name !== null && a.name.is(name))));

/** Where .NET has a type parameter with a constraint (`where T : XNode`) the signature has the constraint itself. */
const members: Record<string, MemberFunction> = {
  "static IEnumerable<XElement> Ancestors(this IEnumerable<XNode> source)": (source: Source) =>
    flatten<XNode>(source, (node) => ancestors(node, false)),
  "static IEnumerable<XElement> Ancestors(this IEnumerable<XNode> source, XName name)": (
    source: Source,
    name: XName | null,
  ) => flatten<XNode>(source, (node) => ancestors(node, false, name)),
  "static IEnumerable<XElement> AncestorsAndSelf(this IEnumerable<XElement> source)": (source: Source) =>
    flatten<XElement>(source, (node) => ancestors(node, true)),
  "static IEnumerable<XElement> AncestorsAndSelf(this IEnumerable<XElement> source, XName name)": (
    source: Source,
    name: XName | null,
  ) => flatten<XElement>(source, (node) => ancestors(node, true, name)),
  "static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source)": (source: Source) =>
    flatten<XElement>(source, attributesOf()),
  "static IEnumerable<XAttribute> Attributes(this IEnumerable<XElement> source, XName name)": (
    source: Source,
    name: XName | null,
  ) => flatten<XElement>(source, attributesOf(name)),
  "static IEnumerable<XNode> DescendantNodes(this IEnumerable<XContainer> source)": (source: Source) =>
    flatten<XContainer>(source, (node) => nodes(() => node.descendantNodes(false))),
  "static IEnumerable<XNode> DescendantNodesAndSelf(this IEnumerable<XElement> source)": (source: Source) =>
    flatten<XElement>(source, (node) => nodes(() => node.descendantNodes(true))),
  "static IEnumerable<XElement> Descendants(this IEnumerable<XContainer> source)": (source: Source) =>
    flatten<XContainer>(source, (node) => descendants(node, false)),
  "static IEnumerable<XElement> Descendants(this IEnumerable<XContainer> source, XName name)": (
    source: Source,
    name: XName | null,
  ) => flatten<XContainer>(source, (node) => descendants(node, false, name)),
  "static IEnumerable<XElement> DescendantsAndSelf(this IEnumerable<XElement> source)": (source: Source) =>
    flatten<XElement>(source, (node) => descendants(node, true)),
  "static IEnumerable<XElement> DescendantsAndSelf(this IEnumerable<XElement> source, XName name)": (
    source: Source,
    name: XName | null,
  ) => flatten<XElement>(source, (node) => descendants(node, true, name)),
  "static IEnumerable<XElement> Elements(this IEnumerable<XContainer> source)": (source: Source) =>
    flatten<XContainer>(source, (node) => childElements(node)),
  "static IEnumerable<XElement> Elements(this IEnumerable<XContainer> source, XName name)": (
    source: Source,
    name: XName | null,
  ) => flatten<XContainer>(source, (node) => childElements(node, name)),
  "static IEnumerable<T> InDocumentOrder<T>(this IEnumerable<T> source)": (source: Source) => {
    const items = given<XNode>(source);
    return new Sequence(() => [...items].sort((a, b) => documentOrder(a, b) ?? 0)[Symbol.iterator]());
  },
  "static IEnumerable<XNode> Nodes(this IEnumerable<XContainer> source)": (source: Source) =>
    flatten<XContainer>(source, (node) => nodes(() => node.childNodes())),
  "static void Remove(this IEnumerable<XAttribute> source)": removeAll,
  "static void Remove(this IEnumerable<XNode> source)": removeAll,
};

export const extensionTypes: TypeDeclaration[] = [
  declareType({ name: "System.Xml.Linq.Extensions", kind: "static", members }),
];
