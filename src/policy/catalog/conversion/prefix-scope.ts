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
      if (prefix !== "") this.#prefixes.set(namespace, prefix);
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

  /** A prefix that stands for the namespace here; undefined when there is none. */
  prefixOf(namespace: string): string | undefined {
    if (namespace === XML_NAMESPACE) return "xml";
    for (let scope: PrefixScope | undefined = this; scope; scope = scope.#outer) {
      const prefix = scope.#prefixes.get(namespace);
      if (prefix !== undefined && this.namespaceOf(prefix) === namespace) return prefix;
    }
    return undefined;
  }
}
