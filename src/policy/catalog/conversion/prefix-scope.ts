import { XML_NAMESPACE } from "../../expression/clr/xml/name.ts";

/**
 * The namespace declarations in force inside an element: its own in front of the outer ones. Looking up costs by
 * depth, not by the number of declarations, of which a hostile document can have many.
 */
export class PrefixScope {
  readonly #outer: PrefixScope | undefined;
  readonly #namespaces = new Map<string, string>();
  readonly #prefixes = new Map<string, string>();

  constructor(outer: PrefixScope | undefined, declarations: Iterable<readonly [prefix: string, namespace: string]>) {
    this.#outer = outer;
    for (const [prefix, namespace] of declarations) {
      this.#namespaces.set(prefix, namespace);
      if (prefix !== "") this.#prefixes.set(namespace, shorter(this.#prefixes.get(namespace), prefix));
    }
  }

  /** The namespace of a prefix; empty: the default one. */
  namespaceOf(prefix: string): string {
    for (let scope: PrefixScope | undefined = this; scope; scope = scope.#outer) {
      const namespace = scope.#namespaces.get(prefix);
      if (namespace !== undefined) return namespace;
    }
    return "";
  }

  /**
   * The shortest prefix that stands for the namespace here; undefined when there is none. Never longer than the one
   * that the document used, so that what is written does not grow. Where the shortest of a scope is declared anew
   * further in, its longer ones are not looked at.
   */
  prefixOf(namespace: string): string | undefined {
    if (namespace === XML_NAMESPACE) return "xml";
    let found: string | undefined;
    for (let scope: PrefixScope | undefined = this; scope; scope = scope.#outer) {
      const prefix = scope.#prefixes.get(namespace);
      if (prefix !== undefined && this.namespaceOf(prefix) === namespace) found = shorter(found, prefix);
    }
    return found;
  }
}

function shorter(known: string | undefined, other: string): string {
  return known !== undefined && known.length <= other.length ? known : other;
}
