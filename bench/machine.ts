import { cpus, loadavg, release, totalmem } from "node:os";
import type { Machine } from "./results.ts";

/** The machine as it is now. */
export function machine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: `Linux ${release()}`,
    load: loadavg()[0] ?? 0,
  };
}
