import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Deliver, QueuedEvent } from "./log-queue.ts";

/** Bytes at which a file is set aside (as `NAME.1`, in place of an earlier one), so that two of them stay at most. */
const MOST_BYTES = 100 << 20;

/** Appends events to a file, one JSON line each. */
export function appendToFile(path: string, mostBytes = MOST_BYTES): Deliver {
  return async (events) => {
    const lines = events.map(line).join("");
    await mkdir(dirname(path), { recursive: true });
    const size = await sizeOf(path);
    if (size > 0 && size + Buffer.byteLength(lines) > mostBytes) await rename(path, `${path}.1`);
    await appendFile(path, lines, { mode: 0o600 });
  };
}

function line({ time, text, partitionId, partitionKey }: QueuedEvent): string {
  return `${JSON.stringify({ time: new Date(time).toISOString(), message: text, partitionId, partitionKey })}\n`;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}
