import type { Diagnostic } from "../model/diagnostic.ts";
import { SourceFile } from "../model/source-text.ts";
import { policies, unsupportedPolicies } from "../policy/catalog/index.ts";
import { checkFragment, compilePolicyDocument } from "../policy/compiler/compile-document.ts";
import { type CompileEnvironment, compilePolicies } from "../policy/compiler/compile-element.ts";
import { parseDocument } from "../policy/document/parse.ts";
import { print } from "../policy/document/print.ts";
import { elementChildren } from "../policy/document/tree.ts";

/**
 * Checks one policy document or fragment on its own, without a catalog: its scope is not known, and named values and
 * fragments it refers to are warnings. Also proves that printing the parsed document gives back every character.
 */
export function compileStandalone(file: string, text: string): Diagnostic[] {
  const source = new SourceFile(file, text);
  const document = parseDocument(source);
  const diagnostics: Diagnostic[] = [];
  if (print(document) !== text) {
    diagnostics.push(
      source.diagnostic("error", "not-lossless", 0, "printing this document does not give it back: please report it"),
    );
  }
  const environment: CompileEnvironment = {
    policies,
    unsupported: unsupportedPolicies,
    fragments: new Map(),
    namedValues: new Map(),
    standalone: true,
    scope: undefined,
    diagnostics,
  };
  if (document.root?.name !== "fragment") {
    compilePolicyDocument(document, environment);
    return diagnostics;
  }
  diagnostics.push(...document.diagnostics);
  const root = checkFragment(document, environment);
  if (root) {
    compilePolicies(elementChildren(root), { section: undefined, path: "", fragment: file }, environment);
  }
  return diagnostics;
}
