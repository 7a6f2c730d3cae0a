import { createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { serializePlan } from "../../plan/plan-builder.ts";
import { signPlan } from "../../plan/signature.ts";
import { requirePlan } from "../folder.ts";
import { count, printJson } from "../output.ts";

export function planCommand(): Command {
  return new Command("plan")
    .description("Compile an artifacts folder to a plan: canonical JSON, named by its SHA-256")
    .argument("<folder>", "artifacts folder")
    .option("-o, --out <file>", "write the plan to this file")
    .option("--sign <key>", "Ed25519 private key (PEM); the signature is written beside the plan as FILE.sig")
    .option("--json", "print the plan itself")
    .addHelpText(
      "after",
      `
The same folder always gives the same bytes. Secrets never stand in a plan: it names them, and the gateway that runs it
brings their values.

Examples:
  gatehouse plan my-artifacts --out plan.json
  openssl genpkey -algorithm ed25519 -out key.pem && gatehouse plan my-artifacts --out plan.json --sign key.pem
  gatehouse gateway --plan plan.json`,
    )
    .action(async (folder: string, options: { out?: string; sign?: string; json?: boolean }) => {
      const { plan } = await requirePlan(folder);
      if (options.out) {
        writeFileSync(options.out, serializePlan(plan));
        if (options.sign) {
          const key = createPrivateKey(readFileSync(options.sign));
          writeFileSync(`${options.out}.sig`, `${signPlan(plan, key)}\n`);
        }
      }
      if (options.json) {
        printJson(plan);
        return;
      }
      const { root } = plan;
      const operations = root.apis.reduce((sum, hash) => {
        const part = plan.parts[hash];
        return sum + (part?.kind === "api" ? part.operations.length : 0);
      }, 0);
      console.log(`plan ${plan.name}`);
      console.log(
        `${count(root.apis.length, "API")}, ${count(operations, "operation")}, ${count(root.products.length, "product")}, ` +
          `${count(root.backends.length, "backend")}, ${count(Object.keys(plan.parts).length, "part")}`,
      );
      if (root.secrets.length > 0) console.log(`secrets it needs: ${root.secrets.join(", ")}`);
      if (options.out) console.log(`written to ${options.out}${options.sign ? ` and ${options.out}.sig` : ""}`);
    });
}
