import type { SuiteResult } from "./run-suite.ts";

/** How each policy fares on each plane: the worst of what its cases showed, and how many cases there were. */
export interface FidelityRow {
  policy: string;
  planes: Record<string, { kind: "native" | "delegated" | "refused" | "failed"; cases: number }>;
}

const WORST = ["native", "delegated", "refused", "failed"] as const;

/** The table of policies by data plane, from the results of a run on each. */
export function fidelityTable(runs: readonly SuiteResult[]): FidelityRow[] {
  const rows = new Map<string, FidelityRow>();
  for (const run of runs) {
    for (const result of run.cases) {
      if (result.status === "skipped") continue;
      for (const [policy, kind] of Object.entries(result.fidelity)) {
        let row = rows.get(policy);
        if (!row) rows.set(policy, (row = { policy, planes: {} }));
        const shown = result.status === "failed" ? "failed" : kind;
        const known = row.planes[run.plane];
        const worst = known && WORST.indexOf(known.kind) > WORST.indexOf(shown) ? known.kind : shown;
        row.planes[run.plane] = { kind: worst, cases: (known?.cases ?? 0) + 1 };
      }
    }
  }
  return [...rows.values()].sort((a, b) => (a.policy < b.policy ? -1 : 1));
}

/** The table as Markdown, for the terminal and the docs. */
export function formatFidelity(rows: readonly FidelityRow[], planes: readonly string[]): string {
  const head = `| policy | ${planes.join(" | ")} |\n|---|${planes.map(() => "---|").join("")}`;
  const lines = rows.map((row) => {
    const cells = planes.map((plane) => {
      const cell = row.planes[plane];
      return cell ? `${cell.kind} (${cell.cases} ${cell.cases === 1 ? "case" : "cases"})` : "no case";
    });
    return `| \`${row.policy}\` | ${cells.join(" | ")} |`;
  });
  return [head, ...lines].join("\n");
}
