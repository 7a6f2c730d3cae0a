import { spend } from "../budget.ts";
import { Sequence } from "../linq/sequence.ts";
import type { XContainer } from "./container.ts";
import { XElement } from "./element.ts";
import type { XName } from "./name.ts";
import type { XNode } from "./node.ts";
import type { XObject } from "./xobject.ts";

/** A sequence of nodes that can be enumerated again; every item takes from the budget. */
export function nodes<T extends XObject>(start: () => Iterable<T>): Sequence {
  return new Sequence(function* () {
    for (const node of start()) {
      spend();
      yield node;
    }
  });
}

/** The elements among nodes: all, or those of a name. `undefined` asks for all, null (no name) for none. */
export function* elementsOf(items: Iterable<XObject>, name: XName | null | undefined): Generator<XElement> {
  for (const node of items) {
    spend();
    if (node instanceof XElement && matches(node, name)) yield node;
  }
}

function matches(element: XElement, name: XName | null | undefined): boolean {
  return name === undefined || (name !== null && element.name.is(name));
}

export function childElements(container: XContainer, name?: XName | null): Sequence {
  return new Sequence(() => elementsOf(container.childNodes(), name));
}

export function descendants(container: XContainer, self: boolean, name?: XName | null): Sequence {
  return new Sequence(() => elementsOf(container.descendantNodes(self), name));
}

/** Elements from the parent (or the element itself) up. */
export function ancestors(node: XNode, self: boolean, name?: XName | null): Sequence {
  return new Sequence(function* () {
    if (self) yield* elementsOf([node], name);
    yield* elementsOf(node.ancestors(), name);
  });
}

/**
 * `CompareDocumentOrder`: negative when `a` comes first; 0 for the same node.
 * @returns null when the nodes belong to different trees
 */
export function documentOrder(a: XNode, b: XNode): number | null {
  if (a === b) return 0;
  const left = pathOf(a);
  const right = pathOf(b);
  if (left[0] !== right[0]) return null;
  let depth = 0;
  while (left[depth] !== undefined && left[depth] === right[depth]) depth++;
  const one = left[depth];
  const other = right[depth];
  if (one === undefined || other === undefined) return left.length - right.length;
  const parent = one.owner as XContainer;
  return parent.indexOfNode(one) - parent.indexOfNode(other);
}

/** From the top down to the node. */
function pathOf(node: XNode): XNode[] {
  return [...node.ancestors()].reverse().concat(node as XContainer);
}
