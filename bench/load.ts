import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Processes } from "./processes.ts";
import type { LoadRequest } from "./scenarios.ts";

/** What the load generator saw in one measurement. */
export interface LoadResult {
  /** Answers that came whole. */
  requests: number;
  seconds: number;
  /** Bytes read, headers included. */
  bytes: number;
  /** Latency in microseconds. */
  p50: number;
  p99: number;
  /** Answers of status 400 and above, and failures of the connection, by kind; empty when all went well. */
  errors: Readonly<Record<string, number>>;
}

const MARK = "RESULT ";

/** A wrk script that sends the requests in turn and prints its result as JSON. */
export function wrkScript(requests: readonly LoadRequest[]): string {
  const lines = requests.map(({ method, path, headers, bodyBytes }) => {
    const fields = Object.entries(headers).map(([name, value]) => `[${quote(name)}]=${quote(value)}`);
    const body = bodyBytes === undefined ? "nil" : `string.rep("x", ${bodyBytes})`;
    return `  prepared[#prepared + 1] = wrk.format(${quote(method)}, ${quote(path)}, {${fields.join(", ")}}, ${body})`;
  });
  return `local prepared = {}
local turn = 0

function init(args)
${lines.join("\n")}
end

function request()
  turn = turn % #prepared + 1
  return prepared[turn]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '${MARK}{"requests":%d,"microseconds":%d,"bytes":%d,"p50":%d,"p99":%d,' ..
    '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    e.connect, e.read, e.write, e.status, e.timeout))
end
`;
}

/** Reads what {@link wrkScript} makes wrk print. @throws {Error} when it is not there. */
export function parseWrkOutput(output: string): LoadResult {
  const line = output.split("\n").find((one) => one.startsWith(MARK));
  if (line === undefined) throw new Error(`wrk printed no result: ${output.trim().slice(-200)}`);
  const { microseconds, errors, ...rest } = JSON.parse(line.slice(MARK.length)) as Omit<LoadResult, "seconds"> & {
    microseconds: number;
  };
  const seen = Object.entries(errors).filter(([, count]) => count > 0);
  return { ...rest, seconds: microseconds / 1e6, errors: Object.fromEntries(seen) };
}

/** Writes the script of a scenario. */
export function writeScript(folder: string, name: string, requests: readonly LoadRequest[]): string {
  const file = join(folder, `${name}.lua`);
  writeFileSync(file, wrkScript(requests));
  return file;
}

/** Loads a port with one thread for whole seconds. @throws {Error} when wrk fails. */
export async function runLoad(
  processes: Processes,
  script: string,
  port: number,
  { seconds, connections }: { seconds: number; connections: number },
): Promise<LoadResult> {
  const args = [
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--timeout",
    "5s",
    "-s",
    script,
    `http://127.0.0.1:${port}`,
  ];
  return parseWrkOutput(await processes.run({ command: "wrk", args }, seconds + 20));
}

/** A Lua string. */
function quote(text: string): string {
  const escaped = text.replace(/[\\"\p{Cc}]/gu, (c) => `\\${String(c.charCodeAt(0)).padStart(3, "0")}`);
  return `"${escaped}"`;
}
