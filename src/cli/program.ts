import { Command } from "commander";
import { conformanceCommand } from "./commands/conformance.ts";
import { evalCommand } from "./commands/eval.ts";
import { explainCommand } from "./commands/explain.ts";
import { gatewayCommand } from "./commands/gateway.ts";
import { lintCommand } from "./commands/lint.ts";
import { planCommand } from "./commands/plan.ts";
import { policiesCommand } from "./commands/policies.ts";
import { testCommand } from "./commands/test.ts";
import { traceCommand } from "./commands/trace.ts";
import { upCommand } from "./commands/up.ts";
import { CommandError } from "./output.ts";

const program = new Command("gatehouse")
  .description(
    "API management as one signed plan. Describe APIs and policies once, in Azure API Management's own form;\n" +
      "Gatehouse compiles them and its gateways enforce them.",
  )
  .addHelpText(
    "after",
    `
Start here:
  gatehouse up                               a sample API behind real policies, with curl lines to try
  gatehouse lint my-artifacts                what is wrong with a folder, with file, line and column
  gatehouse explain GET /orders/1 --folder my-artifacts
                                             which policies a request meets, in order, and where they stand
  gatehouse gateway --folder my-artifacts --watch
                                             serve the folder; changes apply without a dropped request`,
  )
  .showHelpAfterError("(run with --help for what it takes)")
  .configureHelp({ sortSubcommands: false });

for (const command of [
  upCommand,
  gatewayCommand,
  lintCommand,
  planCommand,
  explainCommand,
  traceCommand,
  evalCommand,
  policiesCommand,
  testCommand,
  conformanceCommand,
]) {
  program.addCommand(command());
}

try {
  await program.parseAsync();
} catch (error) {
  // A command's own message is for the person at the terminal; anything else is a defect, shown whole.
  if (error instanceof CommandError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}
