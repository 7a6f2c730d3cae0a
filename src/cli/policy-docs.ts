import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describePolicies } from "../policy/description/describe.ts";
import { expressionPage } from "../policy/description/expression-page.ts";
import { referenceIndex, referencePage } from "../policy/description/reference-page.ts";
import { policyXmlSchema } from "../policy/description/xml-schema.ts";

const FOLDER = fileURLToPath(new URL("../../docs", import.meta.url));
const EXAMPLES = join(FOLDER, "policies", "examples");

/** The example of a policy: a whole document that `npm test` compiles. */
export function exampleOf(policy: string): string | undefined {
  const file = join(EXAMPLES, `${policy}.xml`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Policies that there is an example of. */
export function examples(): string[] {
  return readdirSync(EXAMPLES)
    .map((name) => name.replace(/\.xml$/, ""))
    .sort();
}

/** The generated files by their name below docs. */
export function policyDocs(): Map<string, string> {
  const { policies, unsupported } = describePolicies();
  const pages = policies.map((policy): [string, string] => [
    `policies/${policy.name}.md`,
    referencePage(policy, exampleOf(policy.name)),
  ]);
  return new Map([
    ...pages,
    ["policies/README.md", referenceIndex(policies, unsupported)],
    ["policies/policies.xsd", policyXmlSchema()],
    ["expressions.md", expressionPage()],
  ]);
}

/** Names of generated files that are missing, out of date or too many. */
export function stalePolicyDocs(): string[] {
  const wanted = policyDocs();
  const stale = [...wanted].filter(([name, text]) => {
    const file = join(FOLDER, name);
    return !existsSync(file) || readFileSync(file, "utf8") !== text;
  });
  const present = readdirSync(join(FOLDER, "policies"))
    .filter((name) => name !== "examples")
    .map((name) => `policies/${name}`);
  return [...stale.map(([name]) => name), ...present.filter((name) => !wanted.has(name))];
}

/** Writes the generated files and takes away those of policies that are gone. */
export function writePolicyDocs(): string[] {
  const stale = stalePolicyDocs();
  const wanted = policyDocs();
  for (const name of stale) {
    const text = wanted.get(name);
    if (text === undefined) rmSync(join(FOLDER, name));
    else writeFileSync(join(FOLDER, name), text);
  }
  return stale;
}
