import { spend } from "../budget.ts";
import { ArgumentException, ArgumentNullException } from "../exceptions.ts";
import type { XAttribute } from "../xml/attribute.ts";
import { XContainer } from "../xml/container.ts";
import { XDocument } from "../xml/document.ts";
import { XElement } from "../xml/element.ts";
import { XText } from "../xml/leaf-nodes.ts";
import type { XNode } from "../xml/node.ts";

/** What a path may select. */
export type XPathItem = XNode | XAttribute;

interface Step {
  /** `//` before it. */
  deep: boolean;
  kind: "element" | "attribute" | "text" | "self" | "parent";
  /** Local name or `*`. A prefix is ignored: without a namespace manager .NET would refuse it. */
  name: string;
  filters: Filter[];
}

type Filter =
  | { position: number | "last" }
  | { attribute: string; value: string | undefined }
  | { child: string; value: string | undefined };

const step = /^(\/\/|\/)?(?:(\.\.)|(\.)|(text\(\))|(@)?(?:[\w.-]+:)?([\w.-]+|\*))((?:\[[^\]]*\])*)/;
const filter =
  /^\[(?:(\d{1,9})|(last\(\))|@([\w.-]+)(?:\s*=\s*(?:'([^']*)'|"([^"]*)"))?|([\w.-]+)(?:\s*=\s*(?:'([^']*)'|"([^"]*)"))?)\]/;

/** Steps in one path; each may walk the whole document. */
const maxSteps = 32;

/**
 * Nodes that an XPath 1.0 path selects, in document order: child and descendant steps, `@attribute`, `text()`, `.`,
 * `..`, `*`, and filters by position, attribute or child value.
 * @throws {ArgumentException} for any other XPath
 */
export function selectNodes(start: XPathItem, path: string | null): XPathItem[] {
  if (path === null) throw new ArgumentNullException("xpath");
  const { steps, absolute } = parse(path);
  let current: XPathItem[] = [absolute ? (start.top as XPathItem) : start];
  for (const { deep, ...rest } of steps) {
    const sources = deep ? current.flatMap(selfAndDescendants) : current;
    const next = new Set<XPathItem>();
    for (const source of sources) {
      spend();
      for (const found of applyFilters(select(source, rest), rest.filters)) next.add(found);
    }
    current = [...next];
  }
  return current;
}

function parse(path: string): { steps: Step[]; absolute: boolean } {
  const steps: Step[] = [];
  let rest = path.trim();
  const absolute = rest.startsWith("/");
  while (rest !== "") {
    const match = step.exec(rest);
    if (!match || steps.length >= maxSteps || (steps.length > 0 && match[1] === undefined)) {
      throw new ArgumentException(`'${path}' has an invalid token, or one that is not supported here.`);
    }
    const [all, slash, parent, self, text, at, name = ""] = match;
    const kind = parent ? "parent" : self ? "self" : text ? "text" : at ? "attribute" : "element";
    steps.push({ deep: slash === "//", kind, name, filters: parseFilters(match[7] ?? "", path) });
    rest = rest.slice(all.length);
  }
  if (steps.length === 0) throw new ArgumentException("The XPath expression is empty.");
  return { steps, absolute };
}

function parseFilters(text: string, path: string): Filter[] {
  const filters: Filter[] = [];
  let rest = text;
  while (rest !== "") {
    const match = filter.exec(rest);
    if (!match) throw new ArgumentException(`'${path}' has a filter that is not supported here.`);
    const [all, position, last, attribute, single, double, child, childSingle, childDouble] = match;
    if (position !== undefined) filters.push({ position: Number(position) });
    else if (last !== undefined) filters.push({ position: "last" });
    else if (attribute !== undefined) filters.push({ attribute, value: single ?? double });
    else filters.push({ child: child as string, value: childSingle ?? childDouble });
    rest = rest.slice(all.length);
  }
  return filters;
}

function selfAndDescendants(item: XPathItem): XPathItem[] {
  return item instanceof XContainer ? [item, ...item.descendantNodes(false)] : [item];
}

function select(source: XPathItem, { kind, name }: Omit<Step, "deep">): XPathItem[] {
  switch (kind) {
    case "self":
      return [source];
    case "parent":
      return source.owner ? [source.owner] : [];
    case "attribute":
      return source instanceof XElement
        ? source.attributes.filter((a) => named(a.name.localName, name) && !a.isNamespaceDeclaration)
        : [];
    case "text":
      return source instanceof XContainer ? source.nodes.filter((node) => node instanceof XText) : [];
    case "element":
      return source instanceof XElement || source instanceof XDocument
        ? source.nodes.filter((node) => node instanceof XElement && named(node.name.localName, name))
        : [];
  }
}

function named(actual: string, wanted: string): boolean {
  return wanted === "*" || actual === wanted;
}

function applyFilters(items: XPathItem[], filters: readonly Filter[]): XPathItem[] {
  let kept = items;
  for (const f of filters) {
    if ("position" in f) {
      const found = f.position === "last" ? kept.at(-1) : kept[f.position - 1];
      kept = found ? [found] : [];
    } else {
      kept = kept.filter((item) => item instanceof XElement && matches(item, f));
    }
  }
  return kept;
}

function matches(element: XElement, f: Exclude<Filter, { position: unknown }>): boolean {
  const values =
    "attribute" in f
      ? element.attributes.flatMap((a) => (a.name.localName === f.attribute ? [a.value] : []))
      : element.nodes.flatMap((node) =>
          node instanceof XElement && node.name.localName === f.child ? [node.value] : [],
        );
  return f.value === undefined ? values.length > 0 : values.includes(f.value);
}
