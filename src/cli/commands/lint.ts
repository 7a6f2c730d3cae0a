import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { compileStandalone } from "../../plan/compile-standalone.ts";
import { compileFolder } from "../folder.ts";
import { CommandError, count, printDiagnostics, printJson } from "../output.ts";

/** Files that hold policy documents, when documents are looked at on their own. */
const DOCUMENT = /\.(xml|cshtml)(\.example)?$/i;

export function lintCommand(): Command {
  return new Command("lint")
    .description("Check an artifacts folder, or policy documents on their own, and say what is wrong and where")
    .argument("<path...>", "artifacts folder; with --standalone, policy documents or folders of them")
    .option("--standalone", "look at each document on its own: unknown named values and fragments are warnings")
    .option("--json", "print { documents, withErrors, diagnostics } instead of text")
    .addHelpText(
      "after",
      `
Examples:
  gatehouse lint my-artifacts
  gatehouse lint policy.xml --standalone
  gatehouse lint policies/ --standalone --json | jq '.diagnostics[] | select(.severity == "error")'

Exit code 1 when an error was found; warnings alone are 0.`,
    )
    .action(async (paths: string[], options: { standalone?: boolean; json?: boolean }) => {
      const result = options.standalone ? lintDocuments(paths) : await lintFolders(paths);
      if (options.json) printJson(result);
      else {
        printDiagnostics(result.diagnostics);
        console.log(`${count(result.documents, "document")}, ${result.withErrors} with errors`);
      }
      if (result.withErrors > 0) process.exitCode = 1;
    });
}

interface LintResult {
  documents: number;
  withErrors: number;
  diagnostics: Diagnostic[];
}

function lintDocuments(paths: readonly string[]): LintResult {
  const files = paths.flatMap(documentsIn);
  const diagnostics: Diagnostic[] = [];
  let withErrors = 0;
  for (const file of files) {
    const found = compileStandalone(file, readFileSync(file, "utf8"));
    diagnostics.push(...found);
    if (found.some((d) => d.severity === "error")) withErrors++;
  }
  return { documents: files.length, withErrors, diagnostics };
}

function documentsIn(path: string): string[] {
  if (!existsSync(path)) throw new CommandError(`There is no file or folder "${path}".`);
  if (!statSync(path).isDirectory()) return [path];
  const files = (readdirSync(path, { recursive: true }) as string[]).filter((file) => DOCUMENT.test(file)).sort();
  return files.map((file) => join(path, file));
}

async function lintFolders(paths: readonly string[]): Promise<LintResult> {
  const result: LintResult = { documents: 0, withErrors: 0, diagnostics: [] };
  for (const path of paths) {
    const { catalog, diagnostics } = await compileFolder(path);
    result.documents += documentCount(catalog);
    const withErrors = new Set(diagnostics.filter((d) => d.severity === "error").map((d) => d.file));
    result.withErrors += withErrors.size;
    result.diagnostics.push(...diagnostics);
  }
  return result;
}

function documentCount(catalog: Awaited<ReturnType<typeof compileFolder>>["catalog"]): number {
  const owners = [catalog, ...catalog.apis, ...catalog.products, ...catalog.workspaces];
  const operations = catalog.apis.flatMap((api) => api.operations);
  const documents = [...owners, ...operations].filter((owner) => owner.policy !== undefined);
  return documents.length + catalog.fragments.length;
}
