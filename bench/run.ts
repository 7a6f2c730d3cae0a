import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "./credentials.ts";
import { type LoadResult, runLoad, writeScript } from "./load.ts";
import { cpuMicroseconds, residentMebibytes } from "./measure.ts";
import type { Options } from "./options.ts";
import type { Peer } from "./peers/peer.ts";
import { failedProbes } from "./probe.ts";
import { freePort, type Processes, type RunningProcess } from "./processes.ts";
import type { Cell, Outcome, Sample } from "./results.ts";
import type { Scenario } from "./scenarios.ts";
import { rotate } from "./statistics.ts";

/** What all scenarios of a run share. */
export interface Bench {
  options: Options;
  folder: string;
  backendPort: number;
  credentials: Credentials;
  processes: Processes;
  /** Told what happens, one line at a time. */
  progress(line: string): void;
}

interface Runner {
  peer: Peer;
  process: RunningProcess;
  samples: Sample[];
  invalid: string[];
  memory: number;
}

/** Measures every peer in one scenario: started, probed and warmed up one after the other, then measured in turns. */
export async function runScenario(bench: Bench, scenario: Scenario, peers: readonly Peer[]): Promise<Cell[]> {
  const { options, progress } = bench;
  const script = writeScript(bench.folder, scenario.name, scenario.requests(bench.credentials));
  const outcomes = new Map<Peer, Outcome>();
  const runners: Runner[] = [];
  for (const peer of peers) {
    const reason = peer.absent[scenario.name];
    const started = reason === undefined ? await start(bench, scenario, peer, script) : reason;
    if (typeof started !== "string") runners.push(started);
    else {
      progress(`${scenario.name}: ${peer.name} is left out: ${started}`);
      outcomes.set(peer, { kind: "absent", reason: started });
    }
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const runner of rotate(runners, round - 1)) {
      await measure(bench, scenario, runner, script, round);
    }
    progress(`${scenario.name}: round ${round} of ${options.rounds}: ${runners.map(latest).join(", ")}`);
  }
  await Promise.all(runners.map(({ process }) => process.stop()));
  for (const { peer, samples, memory, invalid } of runners) {
    outcomes.set(peer, { kind: "measured", samples, memory, invalid });
  }
  return peers.flatMap((peer) => {
    const outcome = outcomes.get(peer);
    return outcome ? [{ scenario: scenario.name, peer: peer.name, outcome, differs: peer.differs[scenario.name] }] : [];
  });
}

/** Starts a peer and sees that it does the work; else gives the reason why it is left out. */
async function start(bench: Bench, scenario: Scenario, peer: Peer, script: string): Promise<Runner | string> {
  const { options, backendPort, credentials, processes } = bench;
  const folder = join(bench.folder, `${scenario.name}-${peer.name}`);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const launch = peer.configure(scenario.name, { folder, port, backendPort, credentials });
  let process: RunningProcess | undefined;
  try {
    process = await processes.start(peer.title, launch, port);
    const failures = await failedProbes(port, scenario.probes(credentials));
    if (failures.length > 0) throw new Error(`does not do the work: ${failures.join("; ")}`);
    if (options.warmup > 0) {
      await runLoad(processes, script, port, { seconds: options.warmup, connections: options.connections });
    }
    return { peer, process, samples: [], invalid: [], memory: 0 };
  } catch (error) {
    await process?.stop();
    return error instanceof Error ? error.message : String(error);
  }
}

async function measure(bench: Bench, scenario: Scenario, runner: Runner, script: string, round: number): Promise<void> {
  const { seconds, connections } = bench.options;
  const { pid, port } = runner.process;
  const before = cpuMicroseconds(pid);
  let load: LoadResult;
  try {
    load = await runLoad(bench.processes, script, port, { seconds, connections });
  } catch (error) {
    runner.invalid.push(`round ${round}: ${error instanceof Error ? error.message : error}`);
    return;
  }
  const cpu = cpuMicroseconds(pid) - before;
  runner.memory = Math.max(runner.memory, residentMebibytes(pid));
  const fault = whatIsWrong(load, scenario.bytes);
  if (fault !== undefined) {
    runner.invalid.push(`round ${round}: ${fault}`);
    return;
  }
  runner.samples.push({
    round,
    requests: load.requests,
    cpu: cpu / load.requests,
    throughput: load.requests / load.seconds,
    p50: load.p50,
    p99: load.p99,
  });
}

/** Why a measurement does not count; undefined: it does. */
export function whatIsWrong(load: LoadResult, bytes: number): string | undefined {
  const errors = Object.entries(load.errors).map(([kind, count]) => `${count} ${kind} errors`);
  if (errors.length > 0) return `${errors.join(", ")} in ${load.requests} requests`;
  if (load.requests === 0) return "no answers";
  if (load.bytes / load.requests < bytes)
    return `answers of ${(load.bytes / load.requests).toFixed(0)} bytes on average`;
  return undefined;
}

function latest({ peer, samples, invalid }: Runner): string {
  const sample = samples.at(-1);
  const text = sample ? `${sample.cpu.toFixed(1)} µs` : "none valid";
  return `${peer.name} ${text}${invalid.length > 0 ? ` (${invalid.length} invalid)` : ""}`;
}
