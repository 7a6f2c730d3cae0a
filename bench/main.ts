// `npm run bench` (scripts/bench.mjs installs the peers and runs this).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { backend } from "./backend.ts";
import { makeCredentials } from "./credentials.ts";
import { machine } from "./machine.ts";
import type { PeerName } from "./names.ts";
import { type Options, parseOptions, USAGE, UsageError } from "./options.ts";
import { caddy } from "./peers/caddy.ts";
import { fastify } from "./peers/fastify.ts";
import { gatehouse } from "./peers/gatehouse.ts";
import { haproxy } from "./peers/haproxy.ts";
import { nginx } from "./peers/nginx.ts";
import { type Peer, versionOf } from "./peers/peer.ts";
import { performancePage } from "./performance-page.ts";
import { freePort, Processes } from "./processes.ts";
import { report } from "./report.ts";
import type { Cell, Run } from "./results.ts";
import { runScenario } from "./run.ts";
import { scenario } from "./scenarios.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PEERS: Record<PeerName, Peer> = { gatehouse, haproxy, nginx, caddy, fastify };

/** Reasons of what scripts/bench.mjs could not install, by package. */
const MISSING = JSON.parse(process.env.GATEHOUSE_BENCH_MISSING ?? "{}") as Record<string, string>;

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) console.log(USAGE);
  else await bench(options);
} catch (error) {
  console.error(error instanceof UsageError ? `${error.message}\nRun with --help for what it takes.` : error);
  process.exitCode = 1;
}

async function bench(options: Options): Promise<void> {
  if (process.platform !== "linux") throw new UsageError("The benchmark reads processor times from Linux's /proc.");
  const started = new Date();
  const here = machine();
  const loadGenerator = `wrk ${requireWrk()}`;
  const peers = options.peers.map((name) => found(PEERS[name]));
  const present = peers.filter((peer) => peer.version !== undefined).map((peer) => PEERS[peer.name]);
  for (const { name, absent } of peers) if (absent !== undefined) console.log(`${name} is left out: ${absent}`);

  const folder = mkdtempSync(join(tmpdir(), "gatehouse-bench-"));
  const processes = new Processes();
  const interrupted = (signal: NodeJS.Signals) => {
    processes.endNow();
    rmSync(folder, { recursive: true, force: true });
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const backendPort = await freePort();
    const { title, launch } = backend(folder, backendPort, isInstalled(nginx));
    await processes.start("the backend", launch, backendPort);
    const shared = { options, folder, backendPort, credentials: makeCredentials(), processes, progress: console.log };
    const cells: Cell[] = [];
    for (const name of options.scenarios) {
      cells.push(...(await runScenario(shared, scenario(name), present)));
    }
    const took = Math.round((Date.now() - started.getTime()) / 1000);
    const run: Run = {
      started: started.toISOString(),
      took,
      options,
      machine: here,
      backend: title,
      loadGenerator,
      peers,
      cells,
    };
    publish(run);
  } finally {
    await processes.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the tables, writes the results, and says by the exit code whether every measurement counts. */
function publish(run: Run): void {
  console.log(`\n${report(run)}`);
  const results = join(ROOT, "bench", "results");
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, "latest.json"), `${JSON.stringify(run, null, 2)}\n`);
  console.log("\nWritten: bench/results/latest.json");
  if (run.options.docs) {
    writeFileSync(join(ROOT, "docs", "performance.md"), performancePage(run));
    console.log("Written: docs/performance.md");
  }
  const invalid = run.cells.some(({ outcome }) => outcome.kind === "measured" && outcome.invalid.length > 0);
  const own = run.cells.some(({ peer, outcome }) => peer === "gatehouse" && outcome.kind === "absent");
  if (invalid || own) process.exitCode = 1;
}

function found(peer: Peer): Run["peers"][number] {
  const { name, title, worker } = peer;
  try {
    return { name, title, worker, version: peer.version(), absent: undefined };
  } catch (error) {
    const reason = MISSING[name] ?? (error instanceof Error ? error.message : String(error));
    return { name, title, worker, version: undefined, absent: reason };
  }
}

function isInstalled(peer: Peer): boolean {
  return found(peer).version !== undefined;
}

function requireWrk(): string {
  try {
    return versionOf("wrk", ["-v"], /wrk (?:debian\/)?(\d[\d.]*)/);
  } catch {
    throw new UsageError(
      `The load generator wrk is missing: ${MISSING.wrk ?? "run npm run bench, which installs it"}.`,
    );
  }
}
