import { spawnSync } from "node:child_process";
import type { Credentials } from "../credentials.ts";
import type { PeerName, ScenarioName } from "../names.ts";
import type { Launch } from "../processes.ts";

/** What a peer is configured with for one scenario. */
export interface PeerContext {
  /** Empty folder of its own, under the run's. */
  folder: string;
  port: number;
  backendPort: number;
  credentials: Credentials;
}

export interface Peer {
  name: PeerName;
  title: string;
  /** How one worker is had. */
  worker: string;
  /** Its version. @throws {Error} why it cannot be had. */
  version(): string;
  /** Scenarios it cannot do, with the reason. */
  absent: Partial<Record<ScenarioName, string>>;
  /** Scenarios in which it does something else than the others, and what. */
  differs: Partial<Record<ScenarioName, string>>;
  /** Writes its configuration. */
  configure(scenario: ScenarioName, context: PeerContext): Launch;
}

/** First match of a pattern in what a program prints about its version. @throws {Error} when it is not installed. */
export function versionOf(command: string, args: readonly string[], pattern: RegExp): string {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
  if (error) throw new Error(`not installed (${error.message})`);
  return pattern.exec(stdout + stderr)?.[1] ?? "of unknown version";
}
