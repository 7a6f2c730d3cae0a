import { expect, test } from "vitest";
import { performancePage } from "./performance-page.ts";
import { notes, ratioTable, report, scenarioTable, textTable } from "./report.ts";
import { type Cell, type Outcome, type Run, type Sample, summarize, targets } from "./results.ts";

const sample = (cpu: number, throughput: number): Sample => ({
  round: 1,
  requests: 1000,
  cpu,
  throughput,
  p50: 400,
  p99: 900,
});
const measured = (samples: Sample[], invalid: string[] = []): Outcome => ({
  kind: "measured",
  samples,
  memory: 15.4,
  invalid,
});
const cell = (peer: Cell["peer"], outcome: Outcome, scenario: Cell["scenario"] = "jwt", differs?: string): Cell => ({
  scenario,
  peer,
  outcome,
  differs,
});

const CELLS: Cell[] = [
  cell("gatehouse", measured([sample(30, 30_000), sample(32, 29_000), sample(90, 9_000)])),
  cell("haproxy", measured([sample(40, 20_000)]), "jwt", "verifies each time"),
  cell("caddy", { kind: "absent", reason: "has no JWT" }),
  cell("fastify", measured([sample(150, 7_000)], ["round 2: 5 status errors in 900 requests"])),
];

const RUN: Run = {
  started: "2026-11-20T10:00:00.000Z",
  took: 119,
  options: { rounds: 3, seconds: 2, warmup: 3, connections: 32, scenarios: ["jwt"], peers: [], docs: true },
  machine: { processor: "CPU | model", cores: 2, memory: "24 GiB", kernel: "Linux 6.18", load: 0.1 },
  backend: "NGINX",
  loadGenerator: "wrk 4.1.0",
  peers: [
    { name: "gatehouse", title: "Gatehouse", worker: "one process", version: "1", absent: undefined },
    { name: "haproxy", title: "HAProxy", worker: "nbthread 1", version: "2.6", absent: undefined },
    { name: "nginx", title: "NGINX", worker: "1", version: undefined, absent: "apt-get install failed: no route" },
    { name: "caddy", title: "Caddy", worker: "1", version: "2.6", absent: undefined },
    { name: "fastify", title: "Fastify", worker: "1", version: "5", absent: undefined },
  ],
  cells: CELLS,
};

test("a cell is its medians, its range and its ratios to HAProxy", () => {
  expect(summarize(CELLS[0] as Cell, CELLS)).toEqual({
    cpu: 32,
    cpuRange: [30, 90],
    cpuRatio: 0.8,
    throughput: 29_000,
    throughputRatio: 1.45,
    p50: 400,
    p99: 900,
    memory: 15.4,
  });
});

test("a ratio takes HAProxy of the same scenario, and is none without it", () => {
  const cells = [cell("nginx", measured([sample(10, 1)])), cell("haproxy", measured([sample(20, 1)]), "key")];
  expect(summarize(cells[0] as Cell, cells)?.cpuRatio).toBeNaN();
});

test("nothing valid gives no figures", () => {
  expect(summarize(cell("haproxy", measured([], ["round 1: no answers"])), CELLS)).toBeUndefined();
  expect(summarize(CELLS[2] as Cell, CELLS)).toBeUndefined();
});

test("the tables mark what is not valid and name what was left out", () => {
  expect(ratioTable(RUN).rows).toEqual([
    ["Gatehouse", "0.80"],
    ["HAProxy", "1.00"],
    ["Caddy", "n/a"],
    ["Fastify", "3.75 !"],
  ]);
  const rows = scenarioTable(RUN, "jwt").rows;
  expect(rows[0]).toEqual(["Gatehouse", "32.0", "30.0–90.0", "0.80", "29000", "1.45", "0.40", "0.90", "15"]);
  expect(rows[3]?.[1]).toBe("150.0 !");
});

test("notes tell of peers left out, cells left out, cells not valid, and other work", () => {
  expect(notes(RUN)).toEqual([
    "NGINX is left out: apt-get install failed: no route.",
    "HAProxy in jwt: verifies each time.",
    "Caddy in jwt: n/a: has no JWT.",
    "Fastify in jwt: NOT VALID (!): round 2: 5 status errors in 900 requests.",
  ]);
});

test("targets are met, missed, or open where something was not measured", () => {
  const verdicts = Object.fromEntries(targets(CELLS).map(({ text, met }) => [text, met]));
  expect(verdicts).toEqual({
    "jwt: at most the CPU of fastify": true,
    "jwt: at most the CPU of haproxy": true,
  });
  const slow = [cell("gatehouse", measured([sample(41, 1)])), cell("haproxy", measured([sample(40, 1)]))];
  const jwt = targets(slow);
  expect(jwt.find(({ text }) => text.endsWith("haproxy"))).toMatchObject({ met: false, detail: "41.0 to 40.0 µs" });
  expect(jwt.find(({ text }) => text.endsWith("fastify"))?.met).toBeUndefined();
});

test("columns stand under each other", () => {
  expect(
    textTable({
      head: ["peer", "µs"],
      rows: [
        ["a", "100.0"],
        ["long name", "1"],
      ],
    }).split("\n"),
  ).toEqual(["  peer          µs", "  a          100.0", "  long name      1"]);
});

test("the page has every version, says when the machine was busy, and a bar does not break its table", () => {
  const page = performancePage(RUN);
  expect(page).toContain("| HAProxy | 2.6 (nbthread 1) |");
  expect(page).toContain("| NGINX | left out: apt-get install failed: no route (1) |");
  expect(page).toContain("CPU \\| model");
  expect(page).toContain("2026-11-20.\n");
  const busy = performancePage({ ...RUN, machine: { ...RUN.machine, load: 2.8 } });
  expect(busy).toContain("2026-11-20. The machine was busy with other work");
});

test("the terminal's report says what is not valid", () => {
  expect(report(RUN)).toContain("NOT VALID (!): round 2: 5 status errors");
  expect(report(RUN)).toMatch(/^met {6}jwt: at most the CPU of haproxy/m);
});
