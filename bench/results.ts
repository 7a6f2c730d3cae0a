import type { PeerName, ScenarioName } from "./names.ts";
import type { Options } from "./options.ts";
import { median, range } from "./statistics.ts";

/** One peer under load, once. */
export interface Sample {
  round: number;
  requests: number;
  /** Microseconds of processor time, of all the peer's processes, for each request. */
  cpu: number;
  /** Requests a second. */
  throughput: number;
  /** Latency in microseconds. */
  p50: number;
  p99: number;
}

/** One peer in one scenario. */
export type Outcome =
  /** `invalid`: measurements that do not count, with the reason; when there is one, the cell says so. */
  { kind: "measured"; samples: Sample[]; memory: number; invalid: string[] } | { kind: "absent"; reason: string };

export interface Cell {
  scenario: ScenarioName;
  peer: PeerName;
  outcome: Outcome;
  /** What it does otherwise than the others. */
  differs: string | undefined;
}

export interface Machine {
  processor: string;
  cores: number;
  memory: string;
  kernel: string;
  /** Load average of the last minute before the run: what else was going on. */
  load: number;
}

/** A whole run, as bench/results/latest.json holds it. */
export interface Run {
  started: string;
  /** Seconds the run took. */
  took: number;
  options: Options;
  machine: Machine;
  backend: string;
  loadGenerator: string;
  peers: { name: PeerName; title: string; worker: string; version: string | undefined; absent: string | undefined }[];
  cells: Cell[];
}

/** What the table shows of one cell: medians over the rounds, and the processor time as a ratio to HAProxy's. */
export interface Summary {
  cpu: number;
  cpuRange: [number, number];
  /** NaN without a valid measurement of HAProxy. */
  cpuRatio: number;
  throughput: number;
  throughputRatio: number;
  p50: number;
  p99: number;
  memory: number;
}

/** The cell's outcome as medians; undefined where there is nothing valid. */
export function summarize(cell: Cell, cells: readonly Cell[]): Summary | undefined {
  const own = medians(cell);
  if (own === undefined) return undefined;
  const base = cells.find((one) => one.scenario === cell.scenario && one.peer === "haproxy");
  const reference = base && medians(base);
  return {
    ...own,
    cpuRatio: own.cpu / (reference?.cpu ?? Number.NaN),
    throughputRatio: own.throughput / (reference?.throughput ?? Number.NaN),
  };
}

function medians({ outcome }: Cell) {
  if (outcome.kind === "absent" || outcome.samples.length === 0) return undefined;
  const of = (field: keyof Sample) => median(outcome.samples.map((sample) => sample[field]));
  return {
    cpu: of("cpu"),
    cpuRange: range(outcome.samples.map((sample) => sample.cpu)),
    throughput: of("throughput"),
    p50: of("p50"),
    p99: of("p99"),
    memory: outcome.memory,
  };
}

/** Something the project promises. */
export interface Target {
  text: string;
  /** Undefined: the run does not say, because something was not measured. */
  met: boolean | undefined;
  detail: string;
}

/** The promises, and whether the run shows them; none for a run without the node gateway. */
export function targets(cells: readonly Cell[]): Target[] {
  if (!cells.some((cell) => cell.peer === "gatehouse")) return [];
  const cpu = (scenario: ScenarioName, peer: PeerName) => {
    const cell = cells.find((one) => one.scenario === scenario && one.peer === peer);
    return cell && medians(cell)?.cpu;
  };
  const compare = (scenario: ScenarioName, other: PeerName, factor: number): Target | undefined => {
    const text = `${scenario}: at most ${factor === 1 ? "" : `${factor} times `}the CPU of ${other}`;
    const [own, theirs] = [cpu(scenario, "gatehouse"), cpu(scenario, other)];
    if (own === undefined || theirs === undefined) return { text, met: undefined, detail: "not measured" };
    return { text, met: own <= theirs * factor, detail: `${own.toFixed(1)} to ${theirs.toFixed(1)} µs` };
  };
  const scenarios = [...new Set(cells.map((cell) => cell.scenario))];
  const absent = (scenario: ScenarioName, peer: PeerName) =>
    cells.some((cell) => cell.scenario === scenario && cell.peer === peer && cell.outcome.kind === "absent");
  return scenarios
    .flatMap((scenario) => [
      absent(scenario, "caddy") ? undefined : compare(scenario, "caddy", 1),
      compare(scenario, "fastify", 1),
      scenario === "jwt" ? compare(scenario, "haproxy", 1) : undefined,
      scenario === "pass-through" ? compare(scenario, "haproxy", 1.3) : undefined,
    ])
    .filter((target) => target !== undefined);
}
