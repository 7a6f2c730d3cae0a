import type { Catalog, PolicyText } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { SourceFile } from "../model/source-text.ts";
import { policies, unsupportedPolicies } from "../policy/catalog/index.ts";
import { checkFragment, compilePolicyDocument } from "../policy/compiler/compile-document.ts";
import { type CompileEnvironment, compilePolicies, type FragmentSource } from "../policy/compiler/compile-element.ts";
import type { PlanElement } from "../policy/compiler/element.ts";
import type { NamedValue } from "../policy/compiler/named-values.ts";
import { ALL_SECTIONS } from "../policy/compiler/schema.ts";
import { parseDocument } from "../policy/document/parse.ts";
import { elementChildren } from "../policy/document/tree.ts";
import type { Scope } from "../policy/exchange/errors.ts";
import type { PolicyPart } from "./plan.ts";

/** Compiles the policy documents of one catalog: named values and fragments are gathered once. */
export class PolicyCompiler {
  readonly namedValues: ReadonlyMap<string, NamedValue>;
  readonly #fragments: ReadonlyMap<string, FragmentSource>;
  readonly #diagnostics: Diagnostic[];

  constructor(catalog: Catalog, diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics;
    this.namedValues = new Map(
      catalog.namedValues.map((named) => [
        named.displayName,
        {
          secret: named.secret || named.secretIdentifier !== undefined,
          ...(named.value === undefined ? {} : { value: named.value }),
        },
      ]),
    );
    const fragments = new Map<string, FragmentSource>();
    for (const fragment of catalog.fragments) {
      const document = parseDocument(new SourceFile(fragment.policy.file, fragment.policy.text));
      diagnostics.push(...document.diagnostics);
      const root = checkFragment(document, this.#environment(undefined));
      if (root) fragments.set(fragment.id, { root, origin: fragment.policy.file });
    }
    this.#fragments = fragments;
    for (const [id, fragment] of fragments) this.#checkContent(id, fragment);
  }

  /** A fragment is compiled where it is included; one that no document includes must be sound all the same. */
  #checkContent(id: string, fragment: FragmentSource): void {
    const diagnostics: Diagnostic[] = [];
    const place = { section: undefined, path: "", fragment: id };
    compilePolicies(elementChildren(fragment.root), place, { ...this.#environment(undefined), diagnostics });
    // What is not enforced does no harm while nothing includes it.
    for (const found of diagnostics) {
      this.#diagnostics.push(found.code === "unsupported-policy" ? { ...found, severity: "warning" } : found);
    }
  }

  /** Compiles one document; what is wrong with it is added to the diagnostics. */
  compile(policy: PolicyText, scope: Scope): PolicyPart {
    const document = parseDocument(new SourceFile(policy.file, policy.text));
    const sections = compilePolicyDocument(document, this.#environment(scope));
    return { kind: "policy", scope, origin: policy.file, sections };
  }

  #environment(scope: Scope | undefined): CompileEnvironment {
    return {
      policies,
      unsupported: unsupportedPolicies,
      fragments: this.#fragments ?? new Map(),
      namedValues: this.namedValues,
      standalone: false,
      scope,
      diagnostics: this.#diagnostics,
    };
  }
}

/** The service's own default at global scope: forward the request, nothing else (policy reference 2.1). */
export const DEFAULT_GLOBAL_POLICY: PolicyText = {
  file: "(default global policy)",
  text: "<policies>\n  <inbound />\n  <backend>\n    <forward-request />\n  </backend>\n  <outbound />\n  <on-error />\n</policies>\n",
};

/** Every element of a compiled document, containers before their content. */
export function* walkElements(part: PolicyPart): Generator<PlanElement> {
  for (const section of ALL_SECTIONS) yield* walk(part.sections[section] ?? []);
}

function* walk(elements: readonly PlanElement[]): Generator<PlanElement> {
  for (const element of elements) {
    yield element;
    if (element.children) yield* walk(element.children);
  }
}
