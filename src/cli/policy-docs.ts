import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describePolicies } from "../policy/description/describe.ts";
import { referenceIndex, referencePage } from "../policy/description/reference-page.ts";
import { policyXmlSchema } from "../policy/description/xml-schema.ts";

const FOLDER = fileURLToPath(new URL("../../docs/policies", import.meta.url));

/** The example of a policy: a whole document that `npm test` compiles. */
export function exampleOf(policy: string): string | undefined {
  const file = join(FOLDER, "examples", `${policy}.xml`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The generated files below docs/policies by name. */
export function policyDocs(): Map<string, string> {
  const { policies, unsupported } = describePolicies();
  const files = new Map(policies.map((policy) => [`${policy.name}.md`, referencePage(policy, exampleOf(policy.name))]));
  files.set("README.md", referenceIndex(policies, unsupported));
  files.set("policies.xsd", policyXmlSchema());
  return files;
}

/** Names of generated files that are missing, out of date or too many. */
export function stalePolicyDocs(): string[] {
  const wanted = policyDocs();
  const present = new Set(existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name !== "examples") : []);
  const stale = [...wanted].filter(
    ([name, text]) => !present.has(name) || readFileSync(join(FOLDER, name), "utf8") !== text,
  );
  return [...stale.map(([name]) => name), ...[...present].filter((name) => !wanted.has(name))];
}

/** Writes the generated files and takes away those of policies that are gone. */
export function writePolicyDocs(): string[] {
  const stale = stalePolicyDocs();
  const wanted = policyDocs();
  mkdirSync(FOLDER, { recursive: true });
  for (const name of stale) {
    const text = wanted.get(name);
    if (text === undefined) rmSync(join(FOLDER, name));
    else writeFileSync(join(FOLDER, name), text);
  }
  return stale;
}
