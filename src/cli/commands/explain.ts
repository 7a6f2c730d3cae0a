import { Command } from "commander";
import { type Explanation, explain } from "../../engine/explain.ts";
import { LoadedPlan } from "../../engine/loaded-plan.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import { requirePlan } from "../folder.ts";
import { collect, headerField } from "../options.ts";
import { CommandError, printJson } from "../output.ts";

interface ExplainOptions {
  folder: string;
  product?: string;
  header: string[];
  json?: boolean;
}

export function explainCommand(): Command {
  return new Command("explain")
    .description("Show the route a request takes, every policy it meets in order, and what would end it")
    .argument("<method>", "GET, POST, …")
    .argument("<path>", "path at the gateway, with its query")
    .requiredOption("--folder <dir>", "artifacts folder")
    .option("--product <id>", "product of the subscription key the request would bring")
    .option("--header <line>", "header field of the request, `Name: value`; may be repeated", collect, [])
    .option("--json", "print the explanation as JSON")
    .addHelpText(
      "after",
      `
Nothing is executed.

Examples:
  gatehouse explain GET /orders/1 --folder my-artifacts
  gatehouse explain GET /orders/1 --folder my-artifacts --product starter
  gatehouse explain GET /orders/1 --folder my-artifacts --header "Api-Version: v2" --json`,
    )
    .action(async (method: string, path: string, options: ExplainOptions) => {
      if (!path.startsWith("/")) throw new CommandError(`The path must begin with "/": write "/${path}".`);
      const { plan } = await requirePlan(options.folder);
      const mark = path.indexOf("?");
      const explanation = explain(new LoadedPlan(plan), {
        method: method.toUpperCase(),
        path: mark < 0 ? path : path.slice(0, mark),
        query: mark < 0 ? "" : path.slice(mark),
        headers: new HeaderList(options.header.flatMap(headerField)),
        product: options.product,
      });
      if (options.json) printJson(explanation);
      else console.log(format(explanation));
    });
}

function format(explanation: Explanation): string {
  const lines = [`${explanation.method} ${explanation.path}`, ""];
  for (const reason of explanation.reasons) lines.push(`  ${reason}`);
  if (explanation.route) lines.push(`  backend: ${explanation.route.backend}`);
  for (const { section, policies } of explanation.sections) {
    lines.push("", section);
    if (policies.length === 0) lines.push("  (nothing)");
    for (const policy of policies) {
      const mark = { ends: "■", "may end": "◆", "goes on": " " }[policy.effect];
      const text = `${"  ".repeat(policy.depth)}${policy.policy}${attributeText(policy.attributes)}`;
      lines.push(`  ${mark} ${text.padEnd(60)}  ${policy.scope.padEnd(9)} ${policy.at}`);
    }
  }
  lines.push("", explanation.endings.length > 0 ? "what would end it" : "nothing ends it before the backend answers");
  for (const ending of explanation.endings) lines.push(`  ${ending}`);
  lines.push("", "■ ends the request   ◆ may end it");
  return lines.join("\n");
}

function attributeText(attributes: Readonly<Record<string, string>>): string {
  const text = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value.replace(/\s+/g, " ")}"`)
    .join("");
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
