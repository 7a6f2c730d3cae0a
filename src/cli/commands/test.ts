import { existsSync } from "node:fs";
import { Command } from "commander";
import { nodeDataPlane } from "../../conformance/node-data-plane.ts";
import { CommandError, printJson } from "../output.ts";
import { runCases, toJson } from "./conformance.ts";

export function testCommand(): Command {
  return new Command("test")
    .description("Run your own policy tests: the cases (*.yaml) of a folder, on the node gateway")
    .argument("<folder>", "folder (or file) of cases")
    .option("--filter <text>", "only cases whose file or name contains this")
    .option("--json", "print { passed, failed, skipped, cases } instead of text")
    .addHelpText(
      "after",
      `
Time is virtual: a wait of an hour takes no time, and windows and caches expire as they would. A test says which requests to send and what to expect of the answer and of what the backend received; a failing one
shows the difference, which policies ran, what each changed, and how long each took. docs/guide/policy-tests.md explains the format.

Example:
  gatehouse test my-artifacts/tests`,
    )
    .action(async (folder: string, options: { filter?: string; json?: boolean }) => {
      if (!existsSync(folder)) throw new CommandError(`There is no folder "${folder}".`);
      const result = await runCases(folder, nodeDataPlane, { ...options, virtualTime: true, traced: true });
      if (result.cases.length === 0) throw new CommandError(`"${folder}" holds no cases (*.yaml).`);
      if (options.json) printJson(toJson(result));
    });
}
