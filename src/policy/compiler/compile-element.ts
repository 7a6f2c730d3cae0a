import type { Diagnostic } from "../../model/diagnostic.ts";
import { didYouMean } from "../../model/nearest.ts";
import { SourceText } from "../../model/source-text.ts";
import { type Element, elementChildren, innerSource, textContent } from "../document/tree.ts";
import type { Scope, Section } from "../exchange/errors.ts";
import { compileValue, type ValueEnvironment } from "./compile-value.ts";
import type { PlanElement, PlanValue } from "./element.ts";
import type { ChildSchema, ElementSchema, PolicyDefinition, TextSchema } from "./schema.ts";

/** A fragment's document, as `include-fragment` needs it. */
export interface FragmentSource {
  root: Element;
  origin: string;
}

/** What a document is compiled against. */
export interface CompileEnvironment extends ValueEnvironment {
  policies: ReadonlyMap<string, PolicyDefinition>;
  fragments: ReadonlyMap<string, FragmentSource>;
  /** Policies that the reference knows and this version does not carry out yet: an error of its own, never silence. */
  unsupported: ReadonlySet<string>;
  /** Undefined: the scope is not known (a document on its own), scopes are not checked. */
  scope: Scope | undefined;
}

interface Place {
  /** Undefined: not known (a fragment on its own), sections are not checked. */
  section: Section | undefined;
  /** Path of the enclosing policies. */
  path: string;
  /** Inside a fragment: `base` and further fragments are not allowed. */
  fragment: string | undefined;
}

/**
 * Compiles a list of policy elements (the content of a section, or of a container policy). `allowed`: names that may
 * stand here, or `any`.
 */
export function compilePolicies(
  elements: readonly Element[],
  place: Place,
  environment: CompileEnvironment,
  allowed: "any" | readonly string[] = "any",
): PlanElement[] {
  const counts = new Map<string, number>();
  const compiled: PlanElement[] = [];
  for (const element of elements) {
    const count = (counts.get(element.name) ?? 0) + 1;
    counts.set(element.name, count);
    const path = `${place.path}${place.path ? "/" : ""}${element.name}[${count}]`;
    if (element.name === "include-fragment") {
      compiled.push(...includeFragment(element, { ...place, path }, environment, allowed));
      continue;
    }
    const definition = lookUp(element, environment, allowed);
    if (!definition) continue;
    checkPlace(element, definition, place, count, environment);
    compiled.push(compileElement(element, definition, { ...place, path }, environment, path));
  }
  return compiled;
}

function lookUp(
  element: Element,
  environment: CompileEnvironment,
  allowed: "any" | readonly string[],
): PolicyDefinition | undefined {
  const { policies, unsupported } = environment;
  const definition = policies.get(element.name);
  if (!definition) {
    if (unsupported.has(element.name)) {
      reportUnsupported(element, environment);
    } else {
      report(
        environment,
        element,
        "unknown-policy",
        `<${element.name}> is not a policy`,
        didYouMean(element.name, policies.keys()),
      );
    }
    return undefined;
  }
  if (allowed !== "any" && !allowed.includes(element.name)) {
    report(
      environment,
      element,
      "policy-not-allowed",
      `<${element.name}> is not allowed here; allowed: ${allowed.join(", ")}`,
    );
    return undefined;
  }
  return definition;
}

function reportUnsupported(element: Element, environment: CompileEnvironment): void {
  const message = `<${element.name}> is a policy that this version of Gatehouse does not enforce yet`;
  report(environment, element, "unsupported-policy", message);
}

function checkPlace(
  element: Element,
  definition: PolicyDefinition,
  place: Place,
  count: number,
  environment: CompileEnvironment,
): void {
  const { section } = place;
  if (section && !definition.sections.includes(section)) {
    report(
      environment,
      element,
      "policy-not-allowed-in-section",
      `<${element.name}> is not allowed in <${section}>; allowed in ${definition.sections.join(", ")}`,
    );
  }
  const scope = environment.scope;
  if (scope && !definition.scopes.includes(scope)) {
    report(
      environment,
      element,
      "policy-not-allowed-at-scope",
      `<${element.name}> is not allowed at ${scope} scope; allowed at ${definition.scopes.join(", ")}`,
    );
  }
  if (element.name === "base" && (place.path !== "" || place.fragment !== undefined)) {
    report(environment, element, "base-misplaced", "<base /> is allowed directly in a section only");
  }
  if (definition.once && count > 1) {
    report(environment, element, "policy-repeated", `<${element.name}> may stand only once in a section`);
  }
}

/** The fragment's policies in the place of the element; they must be legal there, so `allowed` holds for them too. */
function includeFragment(
  element: Element,
  place: Place,
  environment: CompileEnvironment,
  allowed: "any" | readonly string[],
): PlanElement[] {
  const definition = environment.policies.get("include-fragment");
  const compiled = definition && compileElement(element, definition, place, environment, place.path);
  const id = compiled?.attributes?.["fragment-id"];
  if (typeof id !== "string") return [];
  if (place.fragment !== undefined) {
    report(
      environment,
      element,
      "nested-fragment",
      `<include-fragment> is not allowed inside a fragment (here "${place.fragment}")`,
    );
    return [];
  }
  const fragment = environment.fragments.get(id);
  if (!fragment) {
    const message = `the policy fragment "${id}" does not exist`;
    const hint = didYouMean(id, environment.fragments.keys());
    report(environment, element, "unknown-fragment", message, hint, environment.standalone ? "warning" : "error");
    return [];
  }
  return compilePolicies(elementChildren(fragment.root), { ...place, fragment: id }, environment, allowed);
}

/** Compiles one element against its schema. `path` is given for policies. */
function compileElement(
  element: Element,
  schema: ElementSchema & { check?: PolicyDefinition["check"] },
  place: Place,
  environment: CompileEnvironment,
  path?: string,
): PlanElement {
  const attributes = compileAttributes(element, schema, path !== undefined, environment);
  const content = compileContent(element, schema, place, environment);
  schema.check?.(element, (at, message, hint, severity) => {
    report(environment, at, "invalid-policy", message, hint, severity);
  });
  const position = element.file.position(element.start);
  return {
    name: element.name,
    at: `${element.file.name}:${position.line}:${position.column}`,
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...content,
    ...(path === undefined ? {} : { path }),
  };
}

function compileAttributes(
  element: Element,
  schema: ElementSchema,
  isPolicy: boolean,
  environment: CompileEnvironment,
): Record<string, PlanValue> {
  const known = schema.attributes ?? {};
  const compiled: Record<string, PlanValue> = {};
  for (const written of element.attributes) {
    const attributeSchema = Object.hasOwn(known, written.name) ? known[written.name] : undefined;
    const implicit = isPolicy && written.name === "id";
    if (!attributeSchema && !implicit) {
      const names = Object.keys(known);
      const allowed = names.length > 0 ? `; allowed: ${names.join(", ")}` : "; it takes no attributes";
      environment.diagnostics.push(
        element.file.diagnostic(
          "error",
          "unknown-attribute",
          written.start,
          `<${element.name}> has no attribute "${written.name}"${allowed}`,
          didYouMean(written.name, names),
        ),
      );
      continue;
    }
    const what = `attribute "${written.name}" of <${element.name}>`;
    const value = compileValue(written.value, attributeSchema ?? ID_SCHEMA, what, environment);
    if (value !== undefined) compiled[written.name] = value;
  }
  for (const [name, attributeSchema] of Object.entries(known)) {
    if (attributeSchema.required && !element.attributes.some((written) => written.name === name)) {
      report(
        environment,
        element,
        "missing-attribute",
        `<${element.name}> needs the attribute "${name}": ${attributeSchema.doc}`,
      );
    }
  }
  return compiled;
}

const ID_SCHEMA = { type: "string", expression: false, doc: "Reported as context.LastError.PolicyId." } as const;

function compileContent(
  element: Element,
  schema: ElementSchema,
  place: Place,
  environment: CompileEnvironment,
): { text?: PlanValue; children?: PlanElement[] } {
  const children = elementChildren(element);
  const text = schema.text;
  if (text && (!schema.children || children.length === 0 || text.markup)) {
    const source = textSource(element, children, text);
    if (children.length > 0 && !text.markup) {
      report(environment, children[0] as Element, "unexpected-element", `<${element.name}> holds text, not elements`);
    }
    if (source.text.trim() === "" && text.required) {
      report(environment, element, "missing-text", `<${element.name}> needs text: ${text.doc}`);
      return {};
    }
    const foreign = text.foreignReferences?.(element) ?? false;
    const value = compileValue(source, text, `the text of <${element.name}>`, environment, foreign);
    return value === undefined ? {} : { text: value };
  }
  reportStrayText(element, environment);
  const compiled = compileChildren(element, children, schema, place, environment);
  return compiled.length > 0 ? { children: compiled } : {};
}

/** Where the text of an element that takes text stands. */
function textSource(element: Element, children: readonly Element[], text: TextSchema): SourceText {
  const [only, second] = children;
  if (!only) return textContent(element) ?? innerSource(element);
  const wrapped = only.name === text.wrapper && !second && only.attributes.length === 0 && !holdsText(element);
  const inner = wrapped ? textContent(only) : undefined;
  if (inner) return inner;
  return text.markup ? innerSource(element) : SourceText.verbatim(element.file, element.start, element.start);
}

function holdsText(element: Element): boolean {
  return element.children.some(
    (child) => (child.kind === "text" || child.kind === "cdata") && child.value.text.trim() !== "",
  );
}

/** Text in an element that holds elements only. */
export function reportStrayText(element: Element, environment: CompileEnvironment): void {
  for (const child of element.children) {
    if ((child.kind !== "text" && child.kind !== "cdata") || child.value.text.trim() === "") continue;
    const at = child.start + (child.value.text.length - child.value.text.trimStart().length);
    environment.diagnostics.push(
      element.file.diagnostic("error", "unexpected-text", at, `<${element.name}> takes no text`),
    );
  }
}

function compileChildren(
  element: Element,
  children: readonly Element[],
  schema: ElementSchema,
  place: Place,
  environment: CompileEnvironment,
): PlanElement[] {
  const described = schema.children ?? {};
  if (schema.policies && Object.keys(described).length === 0) {
    return compilePolicies(children, place, environment, schema.policies);
  }
  const compiled: PlanElement[] = [];
  const counts = new Map<string, number>();
  const names = Object.keys(described);
  let furthest = 0;
  for (const child of children) {
    const childSchema = Object.hasOwn(described, child.name) ? described[child.name] : undefined;
    if (!childSchema) {
      const allowed = names.length > 0 ? `; allowed: ${names.join(", ")}` : "; it takes no elements";
      report(
        environment,
        child,
        "unexpected-element",
        `<${child.name}> is not allowed in <${element.name}>${allowed}`,
        didYouMean(child.name, names),
      );
      continue;
    }
    const count = (counts.get(child.name) ?? 0) + 1;
    counts.set(child.name, count);
    const position = names.indexOf(child.name);
    if (schema.order !== "any" && position < furthest) {
      report(
        environment,
        child,
        "element-order",
        `<${child.name}> must stand before <${names[furthest]}> in <${element.name}>`,
        `order: ${names.join(", ")}`,
      );
    }
    furthest = Math.max(furthest, position);
    if (childSchema.max !== undefined && count > childSchema.max) {
      report(
        environment,
        child,
        "element-repeated",
        `<${element.name}> takes at most ${childSchema.max} <${child.name}>`,
      );
    }
    const compiledChild = compileChild(child, childSchema, place, environment, count);
    if (compiledChild) compiled.push(compiledChild);
  }
  for (const name of names) {
    const wanted = described[name]?.min ?? 0;
    if ((counts.get(name) ?? 0) < wanted) {
      report(
        environment,
        element,
        "missing-element",
        `<${element.name}> needs ${wanted > 1 ? `${wanted} elements` : "an element"} <${name}>`,
      );
    }
  }
  return compiled;
}

function compileChild(
  child: Element,
  schema: ChildSchema,
  place: Place,
  environment: CompileEnvironment,
  count: number,
): PlanElement | undefined {
  const path = `${place.path}/${child.name}[${count}]`;
  if (schema.policy !== undefined) {
    const definition = environment.policies.get(schema.policy);
    if (!definition) {
      reportUnsupported(child, environment);
      return undefined;
    }
    return compileElement(child, definition, { ...place, path }, environment, path);
  }
  return compileElement(child, schema, { ...place, path }, environment);
}

function report(
  environment: { diagnostics: Diagnostic[] },
  element: Element,
  code: string,
  message: string,
  hint?: string,
  severity: "error" | "warning" = "error",
): void {
  environment.diagnostics.push(element.file.diagnostic(severity, code, element.start, message, hint));
}
