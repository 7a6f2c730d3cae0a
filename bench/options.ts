import { parseArgs } from "node:util";
import { PEER_NAMES, type PeerName, SCENARIO_NAMES, type ScenarioName } from "./names.ts";

/** How a run is done. */
export interface Options {
  rounds: number;
  /** Seconds under load for each peer in each round. */
  seconds: number;
  /** Seconds under load, not counted, when a peer has started. */
  warmup: number;
  connections: number;
  scenarios: ScenarioName[];
  peers: PeerName[];
  /** Whether docs/performance.md is written; only a run of everything may. */
  docs: boolean;
}

export const USAGE = `npm run bench -- [options]

The node gateway against HAProxy, NGINX, Caddy and @fastify/http-proxy: one worker each, on loopback, with the same
backend. In every round each peer is measured once, in rotated order.

  --rounds N        rounds for each scenario, 1 to 50 (5)
  --seconds N       seconds under load for each peer in each round, 1 to 60 (2)
  --warmup N        seconds under load before the first round, not counted, 0 to 60 (3)
  --connections N   connections kept open, 1 to 512 (32)
  --scenario NAME   only this scenario; may be repeated: ${SCENARIO_NAMES.join(", ")}
  --peer NAME       only this peer; may be repeated: ${PEER_NAMES.join(", ")}
  --no-docs         leave docs/performance.md as it is; also when --scenario or --peer select

Examples:
  npm run bench
  npm run bench -- --rounds 3 --seconds 1 --scenario jwt --peer haproxy --peer gatehouse

Needs Linux. Results go to bench/results/latest.json. Exit code 1 when a measurement is not valid.`;

/** What is wrong with the command line, said to the person who typed it. */
export class UsageError extends Error {}

/** Reads the command line; undefined: help is asked for. @throws {UsageError} */
export function parseOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    rounds: whole("rounds", values.rounds, 5, 1, 50),
    seconds: whole("seconds", values.seconds, 2, 1, 60),
    warmup: whole("warmup", values.warmup, 3, 0, 60),
    connections: whole("connections", values.connections, 32, 1, 512),
    scenarios: chosen("scenario", values.scenario, SCENARIO_NAMES),
    peers: chosen("peer", values.peer, PEER_NAMES),
    docs: !values["no-docs"] && values.scenario === undefined && values.peer === undefined,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: "string" },
        seconds: { type: "string" },
        warmup: { type: "string" },
        connections: { type: "string" },
        scenario: { type: "string", multiple: true },
        peer: { type: "string", multiple: true },
        "no-docs": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string | undefined, otherwise: number, least: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}

/** In the order of `all`, whatever order they were given in. */
function chosen<T extends string>(name: string, given: readonly string[] | undefined, all: readonly T[]): T[] {
  if (given === undefined) return [...all];
  const wanted = given.flatMap((value) => value.split(","));
  const unknown = wanted.find((value) => !all.some((one) => one === value));
  if (unknown !== undefined) throw new UsageError(`--${name}: there is no "${unknown}"; there are ${all.join(", ")}.`);
  return all.filter((one) => wanted.includes(one));
}
