import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { fidelityTable, formatFidelity } from "../../conformance/fidelity.ts";
import { nodeDataPlane } from "../../conformance/node-data-plane.ts";
import type { RunOptions } from "../../conformance/run-case.ts";
import { runSuite, type SuiteResult } from "../../conformance/run-suite.ts";
import { fidelityDocs } from "../fidelity-docs.ts";
import { printJson } from "../output.ts";

const PLANES = { node: nodeDataPlane };

/** The cases that come with Gatehouse. */
const OWN_CASES = fileURLToPath(new URL("../../../conformance/cases", import.meta.url));

export function conformanceCommand(): Command {
  return new Command("conformance")
    .description("Run the behaviour cases on a data plane and print what each policy is enforced by")
    .addOption(new Option("--dataplane <name>", "data plane to run on").choices(Object.keys(PLANES)).default("node"))
    .option("--cases <folder>", "folder (or file) of cases; default: the project's own", OWN_CASES)
    .option("--filter <text>", "only cases whose file or name contains this")
    .option("--json", "print { passed, failed, skipped, cases } instead of text")
    .option("--update-docs", "write the fidelity table into README.md and docs/fidelity.md")
    .option("--check-docs", "fail when the fidelity table there is out of date")
    .addHelpText(
      "after",
      `
A case is an artifacts folder, upstreams and steps; docs/guide/policy-tests.md explains the format.

Examples:
  gatehouse conformance
  gatehouse conformance --filter rate-limit
  gatehouse conformance --dataplane node --cases ~/my-cases --json`,
    )
    .action(
      async (options: {
        dataplane: keyof typeof PLANES;
        cases: string;
        filter?: string;
        json?: boolean;
        updateDocs?: boolean;
        checkDocs?: boolean;
      }) => {
        const result = await runCases(options.cases, PLANES[options.dataplane], options);
        if (options.updateDocs || options.checkDocs) {
          const stale = fidelityDocs([result], options.updateDocs ?? false);
          for (const file of options.updateDocs ? [] : stale) {
            result.failed++;
            result.cases.push(outOfDate(file));
            process.exitCode = 1;
          }
        }
        if (options.json) printJson(toJson(result));
        else {
          const rows = fidelityTable([result]);
          if (rows.length > 0) console.log(`\n${formatFidelity(rows, [result.plane])}`);
        }
      },
    );
}

/** Runs cases with progress on the terminal; exit code 1 when one failed. */
export async function runCases(
  path: string,
  plane: (typeof PLANES)["node"],
  options: RunOptions & { filter?: string; json?: boolean },
): Promise<SuiteResult> {
  const result = await runSuite(path, plane, {
    // Cases mostly wait: for windows to pass, for slow upstreams.
    parallel: 4 * availableParallelism(),
    filter: options.filter,
    virtualTime: options.virtualTime ?? false,
    traced: options.traced ?? false,
    done: (one) => {
      if (options.json) return;
      if (one.status === "failed") console.log(`FAIL ${one.file}:${one.line} ${one.name}\n${indent(one.reason)}`);
      else if (one.status === "skipped") console.log(`skip ${one.file}:${one.line} ${one.name}: ${one.reason}`);
      else console.log(`ok   ${one.name}`);
    },
  });
  if (!options.json) console.log(`\n${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`);
  if (result.failed > 0) process.exitCode = 1;
  return result;
}

export function toJson(result: SuiteResult): object {
  const cases = result.cases.map(({ name, file, status, reason }) => ({ name, file, status, reason }));
  return { passed: result.passed, failed: result.failed, skipped: result.skipped, cases };
}

function outOfDate(file: string): SuiteResult["cases"][number] {
  const reason = "the fidelity table is out of date: run `gatehouse conformance --update-docs` and commit the result";
  return {
    name: "documentation shows the current fidelity table",
    file,
    line: 1,
    status: "failed",
    reason,
    fidelity: {},
  };
}

function indent(text: string): string {
  return text.replace(/^/gm, "     ");
}
