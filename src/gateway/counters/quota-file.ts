import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { MemoryCounters, SavedTotal } from "./memory.ts";

/** How often the totals are written while they change. */
const INTERVAL_MS = 5000;

/**
 * Keeps the totals of quotas in a file, so that a restart does not give callers their quota anew. Written every few
 * seconds when something has changed, and at the end; what is counted between the last write and a crash is lost, as
 * in the service ("for a short time calls may pass", policy reference 6.3).
 */
export class QuotaFile {
  readonly #file: string;
  readonly #counters: MemoryCounters;
  readonly #timer: NodeJS.Timeout;
  #written = "";

  /** Takes the totals of the file, where there is one. @throws when the file is no such file. */
  constructor(file: string, counters: MemoryCounters) {
    this.#file = file;
    this.#counters = counters;
    const saved = read(file);
    if (saved) counters.restore(saved);
    this.#timer = setInterval(() => this.save(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** Writes the totals beside the file and puts that in its place: a reader never sees half of it. */
  save(): void {
    const text = JSON.stringify(this.#counters.saved());
    if (text === this.#written) return;
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    this.#written = text;
  }

  close(): void {
    clearInterval(this.#timer);
    this.save();
  }
}

function read(file: string): SavedTotal[] | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const saved = JSON.parse(text) as unknown;
  if (!Array.isArray(saved) || !saved.every(isTotal)) throw new Error(`"${file}" does not hold quota totals.`);
  return saved;
}

function isTotal(value: unknown): value is SavedTotal {
  const { key, total, expires } = (value ?? {}) as Partial<SavedTotal>;
  return typeof key === "string" && typeof total === "number" && (expires === null || typeof expires === "number");
}
