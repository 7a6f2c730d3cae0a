import { notes, ratioTable, scenariosOf, scenarioTable, type Table, verdict } from "./report.ts";
import { type Run, targets } from "./results.ts";
import { scenario } from "./scenarios.ts";

/** docs/performance.md of one run. */
export function performancePage(run: Run): string {
  const { options, machine } = run;
  const parts = [
    "# Performance",
    "<!-- Written by `npm run bench`; do not edit. -->",
    `What one request costs on the node gateway and on what people run instead, measured side by side in one run of
\`npm run bench\` on ${run.started.slice(0, 10)}.`,
    "## CPU per request",
    "Median processor time per request, as a ratio to HAProxy's. Less is better.",
    markdownTable(ratioTable(run)),
    "## What we promise",
    markdownTable({
      head: ["target", "", "this run"],
      rows: targets(run.cells).map(({ text, met, detail }) => [text, verdict(met), detail]),
    }),
    "## Scenarios",
    ...scenariosOf(run).flatMap((name) => [
      `### ${scenario(name).title} (\`${name}\`)`,
      scenario(name).work,
      markdownTable(scenarioTable(run, name)),
    ]),
    "## What to know about single figures",
    notes(run)
      .map((note) => `- ${note}`)
      .join("\n") || "Nothing.",
    READING,
    "## This run",
    markdownTable({
      head: ["", ""],
      rows: [
        ["machine", `${machine.cores} cores, ${machine.processor}, ${machine.memory}, ${machine.kernel}`],
        ["load average before", machine.load.toFixed(2)],
        ["started", `${run.started}, took ${Math.round(run.took / 60)} min`],
        ["rounds", `${options.rounds} of ${options.seconds} s for each peer, after ${options.warmup} s of warming up`],
        ["load", `${run.loadGenerator}, 1 thread, ${options.connections} connections`],
        ["backend", run.backend],
        ...run.peers.map((peer) => [peer.title, `${peer.version ?? `left out: ${peer.absent}`} (${peer.worker})`]),
      ],
    }),
  ];
  return `${parts.join("\n\n")}\n`;
}

const READING = `## How to read this

- **CPU µs/request** is user and system time of all of a peer's processes (from \`/proc/PID/stat\`, to 10 ms) over the
  requests that were answered. Unlike throughput it does not depend on what else runs on the machine, so compare by it.
  *Range* is the smallest and the greatest round.
- **requests/s**, **p50** and **p99** are what the load generator saw with all its connections busy all the time, while
  it, the backend and the peer shared the same cores: they compare the peers with each other in this run, and are not
  what a peer adds to a request on a machine of its own.
- **MiB** is resident memory after the last round.
- Every peer has one worker, keeps connections open on both sides, writes no access log, and forwards over plain HTTP
  on loopback. The configurations stand in \`bench/peers/\`, written as the documentation of each peer shows. In each
  round every peer is measured once, in rotated order.
- Before anything is measured, each peer is asked for what it has to refuse (unknown keys; tokens with another
  signature, audience or role, past their time, unsigned; unknown routes) and is left out with the reason if it does
  not do the work. A round with an answer of status 400 or above, a failed connection or too short an answer does not
  count, and its cell says so (\`!\`).
- Not the same work everywhere: the node gateway also routes by operation, gives every request an id and strictly checks
  its framing; the others do none of this. What a peer leaves out stands above.

The same on your machine: \`npm run bench\`; \`npm run bench -- --help\` tells how to choose scenarios, peers and length.`;

function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const alignment = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line(head), line(alignment), ...rows.map(line)].join("\n");
}
