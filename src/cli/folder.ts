import { existsSync, statSync } from "node:fs";
import type { Catalog } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { compilePlan } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import { readFolder } from "../sources/artifacts/folder.ts";
import { readArtifacts } from "../sources/artifacts/read.ts";
import { CommandError, printDiagnostics } from "./output.ts";

/** What a folder compiles to: the plan is absent when there are errors. */
export interface CompiledFolder {
  catalog: Catalog;
  plan: Plan | undefined;
  diagnostics: Diagnostic[];
}

/** Reads and compiles an artifacts folder. @throws {CommandError} when there is no such folder. */
export async function compileFolder(folder: string): Promise<CompiledFolder> {
  if (!existsSync(folder)) throw new CommandError(`There is no folder "${folder}".`);
  if (!statSync(folder).isDirectory()) throw new CommandError(`"${folder}" is a file; name the artifacts folder.`);
  const read = await readFolder(folder);
  const { catalog, diagnostics } = readArtifacts(read.files);
  const compiled = compilePlan(catalog);
  const all = [...read.diagnostics, ...diagnostics, ...compiled.diagnostics];
  return { catalog, plan: all.some((d) => d.severity === "error") ? undefined : compiled.plan, diagnostics: all };
}

/** As {@link compileFolder}, findings printed. @throws {CommandError} when it does not compile. */
export async function requirePlan(folder: string): Promise<{ catalog: Catalog; plan: Plan }> {
  const { catalog, plan, diagnostics } = await compileFolder(folder);
  printDiagnostics(diagnostics);
  if (!plan) throw new CommandError(`"${folder}" does not compile.`);
  return { catalog, plan };
}
