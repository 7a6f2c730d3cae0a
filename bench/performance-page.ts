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
\`npm run bench\` on ${run.started.slice(0, 10)}.${machine.load > QUIET ? BUSY : ""}`,
    "## CPU per request",
    "Median processor time per request, as a ratio to HAProxy's. Less is better.",
    figuresTable(ratioTable(run)),
    "## What we promise",
    textTable({
      head: ["target", "", "this run"],
      rows: targets(run.cells).map(({ text, met, detail }) => [text, verdict(met), detail]),
    }),
    "## Scenarios",
    ...scenariosOf(run).flatMap((name) => [
      `### ${scenario(name).title} (\`${name}\`)`,
      scenario(name).work,
      figuresTable(scenarioTable(run, name)),
    ]),
    "## What to know about single figures",
    notes(run)
      .map((note) => `- ${note}`)
      .join("\n") || "Nothing.",
    READING,
    "## This run",
    textTable({
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

/** Load average up to which a machine counts as idle before a run. */
const QUIET = 0.5;
const BUSY = " The machine was busy with other work: the ratios are rough.";

const READING = `## How to read this

- **CPU µs/request** is user and system time of all of a peer's processes (from \`/proc/PID/stat\`, to 10 ms) over the
  requests that were answered. Other work on the machine disturbs it far less than throughput and latency, so compare by
  it; but not at all is too much said: programs that share a cache slow each other down. *Range* is the smallest and the
  greatest round.
- **requests/s**, **p50** and **p99** are what the load generator saw with all its connections busy all the time, while
  it, the backend and the peer shared the same cores: they compare the peers with each other in this run, and are not
  what a peer adds to a request on a machine of its own.
- **MiB** is the resident memory of a peer's processes, the most that was seen after a round.
- Every peer has one worker, keeps connections open on both sides, writes no access log, and forwards over plain HTTP
  on loopback. The configurations stand in \`bench/peers/\`, written as the documentation of each peer shows. In each
  round every peer is measured once, in rotated order.
- Before anything is measured, each peer is asked for what it has to refuse (unknown keys; tokens with another
  signature, audience or role, past their time, unsigned; unknown routes) and is left out with the reason if it does
  not do the work. A round with an answer of status 400 or above, a failed connection or too short an answer does not
  count, and its cell says so (\`!\`).
- The peers are configured as people write them by hand. HAProxy could be taught to remember verified tokens (a stick
  table keyed by the token's digest), and @fastify/jwt has a cache that is off by default: both would come nearer in
  \`jwt\`. The node gateway does it without being told. 64 tokens take turns; with a new token in every request nobody
  could remember anything.
- Ratios are taken with every connection busy, where HAProxy and NGINX handle many requests for each wake-up; with few
  requests at a time everybody pays more for each.
- Not the same work everywhere: the node gateway also routes by operation and gives each request an id, a trace context
  and three forwarded fields; the others give it one to three forwarded fields. What a peer leaves out stands above.

The same on your machine: \`npm run bench\`; \`npm run bench -- --help\` tells how to choose scenarios, peers and length.`;

/** Names to the left, figures to the right. */
function figuresTable(table: Table): string {
  return markdownTable(table, "--:");
}

function textTable(table: Table): string {
  return markdownTable(table, "---");
}

function markdownTable({ head, rows }: Table, alignment: string): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = head.map((_, column) => (column === 0 ? "---" : alignment));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
