import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How a program is started. */
export interface Launch {
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export interface RunningProcess {
  pid: number;
  port: number;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 3_000;
const KEPT_OUTPUT = 4_000;

/** The processes of a run: every one is ended by its own pid, also when the run is interrupted. */
export class Processes {
  readonly #running = new Set<ChildProcess>();

  /** Starts a server and waits until its port answers. @throws {Error} with the end of its output when it does not. */
  async start(name: string, launch: Launch, port: number): Promise<RunningProcess> {
    const child = this.spawn(launch);
    const output = tail(child);
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await answers(port))) {
      const failed = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
      if (failed || Date.now() > deadline) {
        await end(child);
        throw new Error(`${name} did not start: ${lastLine(output()) || "no message"}`);
      }
      await sleep(25);
    }
    return { pid: child.pid as number, port, stop: () => end(child) };
  }

  /** Runs a program to its end, for at most `seconds`. @throws {Error} when it fails or takes longer. */
  async run(launch: Launch, seconds: number): Promise<string> {
    const child = this.spawn(launch);
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const errors = tail(child, "stderr");
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    const [code] = (await once(child, "close")) as [number | null];
    clearTimeout(timer);
    if (code === 0) return stdout;
    throw new Error(`${launch.command} ended with ${code ?? "a signal"}: ${lastLine(errors())}`);
  }

  /** Ends everything, at once and without waiting: for signals. */
  endNow(): void {
    for (const child of this.#running) child.kill("SIGTERM");
  }

  /** Ends everything and waits for it. */
  async end(): Promise<void> {
    await Promise.all([...this.#running].map(end));
  }

  spawn(launch: Launch): ChildProcess {
    const child = spawn(launch.command, launch.args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...launch.env },
    });
    this.#running.add(child);
    const forget = () => this.#running.delete(child);
    child.once("exit", forget).once("error", forget);
    return child;
  }
}

/** A port of the loopback interface that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Whether something accepts connections on the port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => done(true)).once("error", () => done(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await exited;
  clearTimeout(timer);
}

/** Keeps the end of what a program prints. Reading it also keeps its pipes from filling up. */
function tail(child: ChildProcess, only?: "stderr"): () => string {
  let text = "";
  const keep = (chunk: string) => (text = (text + chunk).slice(-KEPT_OUTPUT));
  child.stderr?.setEncoding("utf8").on("data", keep);
  if (!only) child.stdout?.setEncoding("utf8").on("data", keep);
  child.once("error", (error) => keep(error.message));
  return () => text;
}

/** The line that says what was wrong: the last one that names an error, else the last one. */
export function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return (lines.findLast((line) => /error|emerg|alert|fatal/i.test(line)) ?? lines.at(-1) ?? "").trim();
}
