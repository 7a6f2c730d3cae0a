import { Command } from "commander";
import { describePolicies } from "../../policy/description/describe.ts";
import { policyXmlSchema } from "../../policy/description/xml-schema.ts";
import { count, printJson } from "../output.ts";
import { writePolicyDocs } from "../policy-docs.ts";

export function policiesCommand(): Command {
  return new Command("policies")
    .description("List the policies, or describe them for editors and tools")
    .option("--json", "every policy with its sections, scopes, attributes, children and documentation")
    .option("--xsd", "an XML Schema for editors")
    .option("--update-docs", "write docs/policies from the schemas, docs/expressions.md from what expressions may use")
    .addHelpText(
      "after",
      `
Examples:
  gatehouse policies
  gatehouse policies --json | jq '.policies[] | select(.name == "retry")'
  gatehouse policies --xsd > policies.xsd`,
    )
    .action((options: { json?: boolean; xsd?: boolean; updateDocs?: boolean }) => {
      if (options.updateDocs) {
        const written = writePolicyDocs();
        console.log(`${count(written.length, "file")} written`);
        return;
      }
      if (options.xsd) {
        process.stdout.write(policyXmlSchema());
        return;
      }
      const described = describePolicies();
      if (options.json) {
        printJson(described);
        return;
      }
      for (const policy of described.policies) console.log(`${policy.name.padEnd(36)} ${policy.summary}`);
      if (described.unsupported.length > 0) {
        console.log(`\nnot carried out yet (an error in documents): ${described.unsupported.join(", ")}`);
      }
    });
}
