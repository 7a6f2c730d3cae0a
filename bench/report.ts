import type { ScenarioName } from "./names.ts";
import { type Cell, type Run, type Summary, summarize, targets } from "./results.ts";
import { scenario } from "./scenarios.ts";

/** Text cells: a head and rows. */
export interface Table {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** The run as the terminal shows it: ratios first, then each scenario, then what to know about single cells. */
export function report(run: Run): string {
  const parts = [
    "CPU per request, as a ratio to HAProxy's (less is better)",
    textTable(ratioTable(run)),
    ...scenariosOf(run).flatMap((name) => [`${name}: ${scenario(name).work}`, textTable(scenarioTable(run, name))]),
  ];
  const known = notes(run);
  if (known.length > 0) parts.push(known.map((note) => `- ${note}`).join("\n"));
  const promised = targets(run.cells).map(({ text, met, detail }) => `${verdict(met).padEnd(8)} ${text} (${detail})`);
  if (promised.length > 0) parts.push(promised.join("\n"));
  return parts.join("\n\n");
}

/** Peers by scenario: median CPU for each request relative to HAProxy's. */
export function ratioTable(run: Run): Table {
  const names = scenariosOf(run);
  const rows = peersOf(run).map((peer) => {
    const cells = names.map((name) => {
      const cell = run.cells.find((one) => one.scenario === name && one.peer === peer.name);
      const summary = cell && summarize(cell, run.cells);
      if (!cell || !summary) return "n/a";
      return mark(cell, Number.isNaN(summary.cpuRatio) ? `${summary.cpu.toFixed(1)} µs` : summary.cpuRatio.toFixed(2));
    });
    return [peer.title, ...cells];
  });
  return { head: ["peer", ...names], rows };
}

/** All that was measured in one scenario. */
export function scenarioTable(run: Run, name: ScenarioName): Table {
  const rows = peersOf(run).map((peer) => {
    const cell = run.cells.find((one) => one.scenario === name && one.peer === peer.name);
    const summary = cell && summarize(cell, run.cells);
    return [peer.title, ...(cell && summary ? figures(cell, summary) : ["n/a", "", "", "", "", "", "", ""])];
  });
  return {
    head: ["peer", "CPU µs/request", "range", "to HAProxy", "requests/s", "to HAProxy", "p50 ms", "p99 ms", "MiB"],
    rows,
  };
}

/** What a reader has to know about single cells: left out, not valid, not the same work. */
export function notes(run: Run): string[] {
  const title = (cell: Cell) => run.peers.find((peer) => peer.name === cell.peer)?.title ?? cell.peer;
  const lines: string[] = [];
  for (const { title: name, absent } of run.peers)
    if (absent !== undefined) lines.push(`${name} is left out: ${absent}.`);
  for (const cell of run.cells) {
    const place = `${title(cell)} in ${cell.scenario}`;
    if (cell.outcome.kind === "absent") {
      lines.push(`${place}: n/a: ${cell.outcome.reason}.`);
      continue;
    }
    const { invalid } = cell.outcome;
    if (invalid.length > 0) lines.push(`${place}: NOT VALID (!): ${invalid.join("; ")}.`);
    if (cell.differs !== undefined) lines.push(`${place}: ${cell.differs}.`);
  }
  return lines;
}

export function verdict(met: boolean | undefined): string {
  return met === undefined ? "open" : met ? "met" : "missed";
}

export function scenariosOf(run: Run): ScenarioName[] {
  return [...new Set(run.cells.map((cell) => cell.scenario))];
}

/** Columns aligned by spaces: the first to the left, figures to the right. */
export function textTable({ head, rows }: Table): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]) =>
    line.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)));
  return lines.map((line) => `  ${format(line).join("  ")}`.trimEnd()).join("\n");
}

function peersOf(run: Run): Run["peers"] {
  return run.peers.filter((peer) => peer.absent === undefined);
}

function figures(cell: Cell, summary: Summary): string[] {
  const [least, most] = summary.cpuRange;
  return [
    mark(cell, summary.cpu.toFixed(1)),
    `${least.toFixed(1)}–${most.toFixed(1)}`,
    ratio(summary.cpuRatio),
    summary.throughput.toFixed(0),
    ratio(summary.throughputRatio),
    (summary.p50 / 1000).toFixed(2),
    (summary.p99 / 1000).toFixed(2),
    summary.memory.toFixed(0),
  ];
}

/** A figure of a cell with measurements that do not count carries a `!`. */
function mark({ outcome }: Cell, figure: string): string {
  return outcome.kind === "measured" && outcome.invalid.length > 0 ? `${figure} !` : figure;
}

function ratio(value: number): string {
  return Number.isNaN(value) ? "" : value.toFixed(2);
}
