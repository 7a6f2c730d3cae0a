// Options that several commands take, and how their values are read.
import { InvalidArgumentError } from "commander";
import { CommandError } from "./output.ts";

/** For options that may be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** `Name: value` as a flat pair. */
export function headerField(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 1) throw new CommandError(`"${line}" is not a header field: write "Name: value".`);
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

export function portNumber(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  }
  return port;
}

export function seconds(value: string): number {
  const number = Number(value);
  if (!(number >= 0)) throw new InvalidArgumentError("Seconds are a number, 0 or more.");
  return number;
}

/** `name[:port]=host:port` entries as a look-up of where to connect. */
export function connectTo(
  entries: readonly string[],
): (host: string, port: number) => { host: string; port: number } | undefined {
  const targets = new Map<string, { host: string; port: number }>();
  for (const entry of entries) {
    const match = /^([^=]+)=(.+):(\d+)$/.exec(entry);
    if (!match) throw new CommandError(`"${entry}" is not NAME=HOST:PORT.`);
    targets.set(match[1] as string, { host: match[2] as string, port: Number(match[3]) });
  }
  return (host, port) => targets.get(`${host}:${port}`) ?? targets.get(host);
}
