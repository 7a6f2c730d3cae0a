import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Diagnostic } from "../model/diagnostic.ts";
import { formatDiagnostic } from "../model/diagnostic.ts";
import type { Case } from "./case.ts";
import type { DataPlane } from "./data-plane.ts";
import { readCases } from "./read-cases.ts";
import { type CaseResult, type RunOptions, runCase } from "./run-case.ts";

export interface SuiteResult {
  plane: string;
  passed: number;
  failed: number;
  skipped: number;
  cases: CaseResult[];
}

/**
 * Cases of a folder (every `*.yaml` and `*.yml` below it) or of one file, in the order of their paths. A file that is
 * no good case file is one failed case that says why.
 */
export function loadCases(path: string): { cases: Case[]; broken: CaseResult[] } {
  const files = statSync(path).isDirectory()
    ? (readdirSync(path, { recursive: true }) as string[])
        .filter((file) => /\.ya?ml$/.test(file))
        .sort()
        .map((file) => join(path, file))
    : [path];
  const cases: Case[] = [];
  const broken: CaseResult[] = [];
  for (const file of files) {
    const name = relative(process.cwd(), file) || file;
    const read = readCases(name, readFileSync(file, "utf8"));
    cases.push(...read.cases);
    if (read.diagnostics.length > 0) broken.push(brokenFile(name, read.diagnostics));
  }
  return { cases, broken };
}

function brokenFile(file: string, diagnostics: readonly Diagnostic[]): CaseResult {
  const reason = diagnostics.map(formatDiagnostic).join("\n");
  return { name: "(the file does not load)", file, line: 1, status: "failed", reason, fidelity: {} };
}

/**
 * Runs cases on a data plane, several at a time (each has its own gateway and upstreams on free ports). `done` is told
 * of each case as it ends.
 */
export async function runSuite(
  path: string,
  plane: DataPlane,
  options: RunOptions & { parallel: number; filter?: string | undefined; done?: (result: CaseResult) => void },
): Promise<SuiteResult> {
  const { cases, broken } = loadCases(path);
  const wanted = options.filter?.toLowerCase();
  const queue = cases.filter((one) => !wanted || `${one.file} ${one.name}`.toLowerCase().includes(wanted));
  const results = new Map<Case, CaseResult>();
  const order = [...queue];
  const worker = async () => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      const result = await runCase(one, plane, options);
      results.set(one, result);
      options.done?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, worker));
  const all = [...broken, ...order.flatMap((one) => results.get(one) ?? [])];
  for (const result of broken) options.done?.(result);
  const count = (status: CaseResult["status"]) => all.filter((result) => result.status === status).length;
  return { plane: plane.name, passed: count("passed"), failed: count("failed"), skipped: count("skipped"), cases: all };
}
