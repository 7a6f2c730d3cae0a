import type { XElement } from "../../../expression/clr/xml/element.ts";
import { SchemaError } from "../json-schema/schema-error.ts";
import type { SimpleType } from "./model.ts";
import { attributeOf, elementsOf } from "./qualified-name.ts";
import { firstOf, normalizeSpace, patternFacet, type Restrictable, shorten, words } from "./simple-types.ts";

/** Finds a simple type by the name that an attribute holds. */
export type FindSimple = (element: XElement, written: string) => Restrictable;

/** `xs:simpleType`: a restriction, list or union. @throws {SchemaError} */
export function readSimpleType(element: XElement, name: string, find: FindSimple): Restrictable {
  const [definition, ...more] = elementsOf(element).filter((child) => child.name.localName !== "annotation");
  if (!definition || more.length > 0)
    throw new SchemaError(`<xs:simpleType> "${name}" needs one restriction, list or union.`);
  switch (definition.name.localName) {
    case "restriction":
      return restrict(definition, name, baseOf(definition, name, find));
    case "list":
      return list(name, itemOf(definition, name, find));
    case "union":
      return union(name, membersOf(definition, name, find));
    default:
      throw new SchemaError(`<xs:${definition.name.localName}> is not supported in <xs:simpleType>.`);
  }
}

function baseOf(restriction: XElement, name: string, find: FindSimple): Restrictable {
  const base = attributeOf(restriction, "base");
  if (base !== undefined) return find(restriction, base);
  const inline = elementsOf(restriction).find((child) => child.name.localName === "simpleType");
  if (!inline) throw new SchemaError(`The restriction of "${name}" needs a base.`);
  return readSimpleType(inline, name, find);
}

function itemOf(definition: XElement, name: string, find: FindSimple): Restrictable {
  const item = attributeOf(definition, "itemType");
  if (item !== undefined) return find(definition, item);
  const inline = elementsOf(definition).find((child) => child.name.localName === "simpleType");
  if (!inline) throw new SchemaError(`The list "${name}" needs an item type.`);
  return readSimpleType(inline, name, find);
}

function membersOf(definition: XElement, name: string, find: FindSimple): Restrictable[] {
  const named = words(attributeOf(definition, "memberTypes") ?? "").map((member) => find(definition, member));
  const inline = elementsOf(definition)
    .filter((child) => child.name.localName === "simpleType")
    .map((child) => readSimpleType(child, name, find));
  if (named.length + inline.length === 0) throw new SchemaError(`The union "${name}" needs member types.`);
  return [...named, ...inline];
}

function list(name: string, item: Restrictable): Restrictable {
  return {
    kind: "simple",
    name,
    base: undefined,
    white: "collapse",
    order: undefined,
    length: (value) => words(value).length,
    normalize: (value) => normalizeSpace(value, "collapse"),
    canonical: (value) => words(value).map(item.canonical).join(" "),
    check: (value) => firstOf(words(value), (word) => item.check(word)),
    ...(item.identity === "idref" ? { identity: "idrefs" as const } : {}),
  };
}

function union(name: string, members: readonly Restrictable[]): Restrictable {
  if (members.some((member) => member.identity !== undefined))
    throw new SchemaError("A union with xs:ID is not supported.");
  const fitting = (value: string) => members.find((member) => member.check(value) === undefined);
  return {
    kind: "simple",
    name,
    base: undefined,
    white: "preserve",
    order: undefined,
    length: undefined,
    normalize: (value) => fitting(value)?.normalize(value) ?? value,
    canonical: (value) => {
      const member = fitting(value);
      return member ? member.canonical(member.normalize(value)) : value;
    },
    check: (value) => (fitting(value) ? undefined : `'${shorten(value)}' fits no member of the union`),
  };
}

type Facet = (value: string) => string | undefined;

/** A type with facets. @throws {SchemaError} */
export function restrict(element: XElement, name: string, base: Restrictable): Restrictable {
  const white = whiteSpace(element) ?? base.white;
  const facets = readFacets(element, base);
  return {
    ...base,
    name,
    base: base as SimpleType,
    white,
    normalize: (value) => normalizeSpace(base.normalize(value), white),
    check(value) {
      const normal = normalizeSpace(value, white);
      return base.check(normal) ?? firstFacet(facets, base.normalize(normal));
    },
  };
}

function firstFacet(facets: readonly Facet[], value: string): string | undefined {
  for (const facet of facets) {
    const problem = facet(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function whiteSpace(element: XElement): Restrictable["white"] | undefined {
  const facet = elementsOf(element).find((child) => child.name.localName === "whiteSpace");
  const value = facet && attributeOf(facet, "value");
  return value === "preserve" || value === "replace" || value === "collapse" ? value : undefined;
}

/** What may stand in a restriction beside facets; others read it. */
const NO_FACETS = /^(annotation|simpleType|attribute|attributeGroup|anyAttribute|whiteSpace)$/;

function readFacets(element: XElement, base: Restrictable): Facet[] {
  const facets: Facet[] = [];
  const enumeration = new Set<string>();
  const patterns: ReturnType<typeof patternFacet>[] = [];
  for (const child of elementsOf(element)) {
    const kind = child.name.localName;
    if (NO_FACETS.test(kind)) continue;
    const value = attributeOf(child, "value");
    if (value === undefined) throw new SchemaError(`The facet <xs:${kind}> needs a value.`);
    if (kind === "enumeration") enumeration.add(base.canonical(base.normalize(value)));
    else if (kind === "pattern") patterns.push(patternFacet(value));
    else facets.push(facet(kind, value.trim(), base));
  }
  if (enumeration.size > 0) {
    facets.push((value) =>
      enumeration.has(base.canonical(value)) ? undefined : `'${shorten(value)}' is not one of the enumerated values`,
    );
  }
  if (patterns.length > 0) {
    facets.push((value) =>
      patterns.some((pattern) => pattern.isMatch(value)) ? undefined : `'${shorten(value)}' does not match the pattern`,
    );
  }
  return facets;
}

function facet(kind: string, value: string, base: Restrictable): Facet {
  const bound = BOUNDS[kind];
  if (bound) {
    const { order } = base;
    if (!order) throw new SchemaError(`<xs:${kind}> is not supported for ${base.name}.`);
    const problem = base.check(value);
    if (problem !== undefined) throw new SchemaError(`<xs:${kind} value="${shorten(value)}">: ${problem}.`);
    return (text) => (bound(order(text, value)) ? undefined : `'${shorten(text)}' breaks the ${kind} of ${value}`);
  }
  if (!/^\d{1,9}$/.test(value)) throw new SchemaError(`<xs:${kind}> needs a whole number.`);
  const count = Number(value);
  if (kind === "totalDigits" || kind === "fractionDigits") {
    return (text) => (digits(text, kind) <= count ? undefined : `'${shorten(text)}' breaks the ${kind} of ${value}`);
  }
  const { length } = base;
  const test = LENGTHS[kind];
  if (!test) throw new SchemaError(`<xs:${kind}> is not supported.`);
  if (!length) throw new SchemaError(`<xs:${kind}> is not supported for ${base.name}.`);
  return (text) => (test(length(text), count) ? undefined : `'${shorten(text)}' breaks the ${kind} of ${value}`);
}

const BOUNDS: Readonly<Record<string, (order: number) => boolean>> = {
  minInclusive: (order) => order >= 0,
  minExclusive: (order) => order > 0,
  maxInclusive: (order) => order <= 0,
  maxExclusive: (order) => order < 0,
};

const LENGTHS: Readonly<Record<string, (length: number, count: number) => boolean>> = {
  length: (length, count) => length === count,
  minLength: (length, count) => length >= count,
  maxLength: (length, count) => length <= count,
};

function digits(text: string, kind: "totalDigits" | "fractionDigits"): number {
  const [whole = "", fraction = ""] = text.replace(/^[+-]/, "").split(".");
  const significant = fraction.split("").findLastIndex((digit) => digit !== "0") + 1;
  return kind === "fractionDigits" ? significant : whole.replace(/^0+/, "").length + significant;
}
