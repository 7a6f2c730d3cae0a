import { readdirSync, readFileSync } from "node:fs";

/** What Linux tells of one process in /proc/PID/stat, as far as it matters here. */
export interface ProcessStat {
  pid: number;
  parent: number;
  /** Clock ticks in user and in kernel mode, of all its threads, also those that ended. */
  ticks: number;
}

/** Fields of /proc/PID/stat. The name (second field) may hold spaces and parentheses, so fields count from its end. */
export function parseStat(text: string): ProcessStat | undefined {
  const close = text.lastIndexOf(")");
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(close + 2).split(" ");
  const [parent, user, system] = [Number(fields[1]), Number(fields[11]), Number(fields[12])];
  if (close < 0 || !Number.isInteger(pid) || [parent, user, system].some((n) => !Number.isInteger(n))) return undefined;
  return { pid, parent, ticks: user + system };
}

/** A process and all that descend from it. */
export function processTree(root: number, stats: readonly ProcessStat[]): ProcessStat[] {
  const byParent = Map.groupBy(stats, (stat) => stat.parent);
  const tree = stats.filter((stat) => stat.pid === root);
  for (const stat of tree) tree.push(...(byParent.get(stat.pid) ?? []));
  return tree;
}

/** Linux reports processor time to programs in hundredths of a second, whatever its own clock does. */
const MICROSECONDS_PER_TICK = 10_000;

/** Processor time that a process and its descendants have used so far, in microseconds, to 10 ms. */
export function cpuMicroseconds(root: number): number {
  return processTree(root, allStats()).reduce((sum, stat) => sum + stat.ticks, 0) * MICROSECONDS_PER_TICK;
}

/** Memory that a process and its descendants hold, in MiB. Pages they share count for each. */
export function residentMebibytes(root: number): number {
  const kibibytes = processTree(root, allStats()).map(({ pid }) => {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`));
    return Number(match?.[1] ?? 0);
  });
  return kibibytes.reduce((sum, n) => sum + n, 0) / 1024;
}

function allStats(): ProcessStat[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => parseStat(read(`/proc/${pid}/stat`))).filter((stat) => stat !== undefined);
}

/** Empty where the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
