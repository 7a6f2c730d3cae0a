import { didYouMean } from "../../model/nearest.ts";
import { type Document, type Element, elementChildren } from "../document/tree.ts";
import type { Section } from "../exchange/errors.ts";
import { type CompileEnvironment, compilePolicies, reportStrayText } from "./compile-element.ts";
import type { PlanElement, PlanPolicyDocument } from "./element.ts";
import { ALL_SECTIONS } from "./schema.ts";

/**
 * Compiles a policy document (`<policies>`) for its scope. Everything found is added to `environment.diagnostics`;
 * what could be compiled is returned, and is not to be used when there are errors.
 */
export function compilePolicyDocument(
  document: Document,
  environment: CompileEnvironment,
): PlanPolicyDocument["sections"] {
  environment.diagnostics.push(...document.diagnostics);
  const root = checkRoot(document, "policies", environment);
  const sections: Record<string, PlanElement[]> = {};
  if (!root) return sections;
  elementsOnly(root, environment);
  for (const element of elementChildren(root)) {
    const section = element.name as Section;
    if (!ALL_SECTIONS.includes(section)) {
      error(
        environment,
        element,
        "unknown-section",
        `<${element.name}> is not a section; sections: ${ALL_SECTIONS.join(", ")}`,
        didYouMean(element.name, ALL_SECTIONS),
      );
      continue;
    }
    if (Object.hasOwn(sections, section)) {
      error(environment, element, "section-repeated", `<${section}> stands twice`);
      continue;
    }
    elementsOnly(element, environment);
    sections[section] = compileSection(element, section, environment);
  }
  warnAboutMissing(root, sections, environment);
  return sections;
}

/** Checks a policy fragment (`<fragment>`) on its own; its policies are compiled where they are included. */
export function checkFragment(document: Document, environment: CompileEnvironment): Element | undefined {
  const root = checkRoot(document, "fragment", environment);
  if (root) elementsOnly(root, environment);
  return root;
}

function checkRoot(document: Document, name: string, environment: CompileEnvironment): Element | undefined {
  const root = document.root;
  // The parser has reported it.
  if (!root) return undefined;
  if (root.name === name) return root;
  error(environment, root, "unexpected-root", `the document's root is <${root.name}>; it must be <${name}>`);
  return undefined;
}

function compileSection(element: Element, section: Section, environment: CompileEnvironment): PlanElement[] {
  const children = elementChildren(element);
  const bases = children.filter((child) => child.name === "base");
  for (const extra of bases.slice(1))
    error(environment, extra, "base-repeated", `<base /> stands twice in <${section}>`);
  if (section === "backend" && children.length > 1) {
    error(
      environment,
      children[1] as Element,
      "backend-single-policy",
      "<backend> takes one policy only",
      "nest the others inside it, for example in <retry> or <choose>",
    );
  }
  return compilePolicies(children, { section, path: "", fragment: undefined }, environment);
}

function warnAboutMissing(root: Element, sections: object, environment: CompileEnvironment): void {
  for (const section of ALL_SECTIONS) {
    if (Object.hasOwn(sections, section) || environment.scope === "global") continue;
    environment.diagnostics.push(
      root.file.diagnostic(
        "warning",
        "missing-section",
        root.start,
        `there is no <${section}>: nothing is inherited for it`,
        `write <${section}><base /></${section}> to inherit`,
      ),
    );
  }
}

/** The root and the sections hold elements and nothing else. */
function elementsOnly(element: Element, environment: CompileEnvironment): void {
  reportStrayText(element, environment);
  for (const attribute of element.attributes) {
    environment.diagnostics.push(
      element.file.diagnostic("error", "unknown-attribute", attribute.start, `<${element.name}> takes no attributes`),
    );
  }
}

function error(environment: CompileEnvironment, element: Element, code: string, message: string, hint?: string): void {
  environment.diagnostics.push(element.file.diagnostic("error", code, element.start, message, hint));
}
