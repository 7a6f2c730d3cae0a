import { parseUrlTemplate, type TemplateSegment } from "../../plan/url-template.ts";
import { decodePercent, queryPairs } from "../../policy/exchange/url.ts";

/** What a table holds for an operation: its method and URL template, and whatever the caller attached. */
export interface RoutableOperation {
  method: string;
  urlTemplate: string;
}

interface Entry<T> {
  operation: T;
  names: readonly string[];
  query: readonly { name: string; parameter: string | undefined; value: string | undefined }[];
}

interface Node<T> {
  literals: Map<string, Node<T>>;
  parameters: { prefix: string; suffix: string; node: Node<T> }[];
  wildcard: Entry<T>[];
  entries: Entry<T>[];
}

export interface OperationMatch<T> {
  operation: T;
  /** Template parameters, percent-decoded. */
  parameters: Record<string, string>;
}

/**
 * Operations of one API by method and URL template, as a tree of segments: the cost of a look-up depends on the path,
 * not on the number of operations. Literal segments win over parameters, parameters over wildcards; an operation of
 * another method does not hide one further down. Literals compare without case (unconfirmed).
 */
export class OperationTable<T extends RoutableOperation> {
  readonly #root: Node<T> = newNode();

  constructor(operations: readonly T[]) {
    for (const operation of operations) this.#add(operation);
  }

  #add(operation: T): void {
    const template = parseUrlTemplate(operation.urlTemplate);
    const names: string[] = [];
    let node = this.#root;
    for (const segment of template.segments) {
      if (segment.kind === "wildcard") {
        if (segment.name !== undefined) names.push(segment.name);
        node.wildcard.push({ operation, names, query: template.query });
        return;
      }
      if (segment.kind === "parameter") names.push(segment.name);
      node = child(node, segment);
    }
    node.entries.push({ operation, names, query: template.query });
  }

  /** The operation for a path relative to the API (begins with `/`), or undefined. */
  match(method: string, path: string, query: string): OperationMatch<T> | undefined {
    const segments = split(path);
    const values: string[] = [];
    const found = search(this.#root, segments, 0, values, (entry) => fits(entry, method, query));
    if (!found) return undefined;
    const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
    found.names.forEach((name, index) => {
      parameters[name] = decodePercent(values[index] ?? "");
    });
    if (found.query.length > 0) readQuery(found, query, parameters);
    return { operation: found.operation, parameters };
  }

  /** Is there an operation for this path, whatever its method? */
  methods(path: string, query: string): string[] {
    const methods = new Set<string>();
    search(this.#root, split(path), 0, [], (entry) => {
      if (queryFits(entry, query)) methods.add(entry.operation.method);
      return false;
    });
    return [...methods];
  }
}

function newNode<T>(): Node<T> {
  return { literals: new Map(), parameters: [], wildcard: [], entries: [] };
}

function child<T>(node: Node<T>, segment: Exclude<TemplateSegment, { kind: "wildcard" }>): Node<T> {
  if (segment.kind === "literal") {
    const key = decodePercent(segment.text).toLowerCase();
    let next = node.literals.get(key);
    if (!next) node.literals.set(key, (next = newNode()));
    return next;
  }
  const { prefix, suffix } = segment;
  const known = node.parameters.find((candidate) => candidate.prefix === prefix && candidate.suffix === suffix);
  if (known) return known.node;
  const next: Node<T> = newNode();
  node.parameters.push({ prefix, suffix, node: next });
  node.parameters.sort((a, b) => b.prefix.length + b.suffix.length - (a.prefix.length + a.suffix.length));
  return next;
}

/** A trailing slash makes no difference. */
function split(path: string): string[] {
  const segments = path.split("/");
  segments.shift();
  if (segments.at(-1) === "") segments.pop();
  return segments;
}

function search<T>(
  node: Node<T>,
  segments: readonly string[],
  index: number,
  values: string[],
  accept: (entry: Entry<T>) => boolean,
): Entry<T> | undefined {
  if (index === segments.length) {
    const entry = node.entries.find(accept);
    if (entry) return entry;
  } else {
    const segment = segments[index] as string;
    const literal = node.literals.size > 0 ? node.literals.get(decodePercent(segment).toLowerCase()) : undefined;
    const found = literal && search(literal, segments, index + 1, values, accept);
    if (found) return found;
    for (const { prefix, suffix, node: next } of node.parameters) {
      if (segment.length <= prefix.length + suffix.length) continue;
      if (!segment.startsWith(prefix) || !segment.endsWith(suffix)) continue;
      values.push(segment.slice(prefix.length, segment.length - suffix.length));
      const deeper = search(next, segments, index + 1, values, accept);
      if (deeper) return deeper;
      values.pop();
    }
  }
  const rest = node.wildcard.find(accept);
  if (rest) values.push(segments.slice(index).join("/"));
  return rest;
}

function fits(entry: Entry<RoutableOperation>, method: string, query: string): boolean {
  return (entry.operation.method === method || entry.operation.method === "*") && queryFits(entry, query);
}

/** Fixed query values of a template (`?kind=full`) must be in the request; parameters (`?q={q}`) must be present. */
function queryFits(entry: Entry<RoutableOperation>, query: string): boolean {
  if (entry.query.length === 0) return true;
  const given = queryPairs(query);
  return entry.query.every((wanted) =>
    given.some(([name, value]) => name === wanted.name && (wanted.value === undefined || wanted.value === value)),
  );
}

function readQuery(entry: Entry<RoutableOperation>, query: string, parameters: Record<string, string>): void {
  const given = queryPairs(query);
  for (const { name, parameter } of entry.query) {
    if (parameter === undefined) continue;
    parameters[parameter] = given.find(([candidate]) => candidate === name)?.[1] ?? "";
  }
}
