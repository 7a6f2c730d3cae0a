import { policies, unsupportedPolicies } from "../catalog/index.ts";
import type { ChildSchema, ElementSchema, PolicyDefinition, ValueSchema } from "../compiler/schema.ts";

/** A value as tools read it: `gatehouse policies --json`, editors, the console's forms. */
export interface ValueDescription {
  type: string;
  /** Allowed words, where there is a fixed set. */
  values?: readonly string[];
  required: boolean;
  /** May it be a policy expression? */
  expression: boolean;
  default?: string | number | boolean;
  min?: number;
  max?: number;
  doc: string;
}

export interface ElementDescription {
  attributes: Record<string, ValueDescription>;
  text?: ValueDescription;
  /** In the order in which they must stand, unless `anyOrder`. */
  children: Record<string, ChildDescription>;
  anyOrder?: true;
  /** Policies that may stand inside: `any`, or these. */
  policies?: "any" | readonly string[];
}

export interface ChildDescription extends Partial<ElementDescription> {
  min: number;
  /** Undefined: any number. */
  max?: number;
  doc?: string;
  /** The child is this policy. */
  policy?: string;
}

export interface PolicyDescription extends ElementDescription {
  name: string;
  summary: string;
  category: string;
  sections: readonly string[];
  scopes: readonly string[];
  /** At most once in a section. */
  once: boolean;
}

/** Everything that the policy schemas say, as data, sorted by name. */
export function describePolicies(): { policies: PolicyDescription[]; unsupported: string[] } {
  return {
    policies: [...policies.values()].map(describePolicy),
    unsupported: [...unsupportedPolicies].sort(),
  };
}

export function describePolicy(definition: PolicyDefinition): PolicyDescription {
  const { name, summary, category, sections, scopes } = definition;
  return { name, summary, category, sections, scopes, once: definition.once ?? false, ...describeElement(definition) };
}

function describeElement(schema: ElementSchema): ElementDescription {
  return {
    attributes: mapValues(schema.attributes ?? {}, describeValue),
    ...(schema.text ? { text: describeValue(schema.text) } : {}),
    children: mapValues(schema.children ?? {}, describeChild),
    ...(schema.order === "any" ? { anyOrder: true as const } : {}),
    ...(schema.policies ? { policies: schema.policies } : {}),
  };
}

function describeChild(schema: ChildSchema): ChildDescription {
  const { min = 0, max } = schema;
  const occurs = { min, ...(max === undefined || !Number.isFinite(max) ? {} : { max }) };
  if (schema.policy !== undefined) return { ...occurs, policy: schema.policy };
  return { ...occurs, doc: schema.doc, ...describeElement(schema) };
}

function describeValue(schema: ValueSchema): ValueDescription {
  const { type, required = false, expression, min, max, doc } = schema;
  return {
    ...(typeof type === "string" ? { type } : { type: "enum", values: type }),
    required,
    expression,
    ...(schema.default === undefined ? {} : { default: schema.default }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    doc,
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
