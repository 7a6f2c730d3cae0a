import { type FSWatcher, watch } from "node:fs";
import type { FolderRead } from "./folder.ts";
import { FolderReader } from "./folder.ts";

export interface FolderWatch {
  close(): void;
}

export interface WatchOptions {
  /** What the caller has read already; only what differs from it is a change. */
  known?: FolderRead;
  /** Milliseconds without a further event before the folder is read. */
  quiet?: number;
  /** Milliseconds between looks where the system cannot watch the folder. */
  poll?: number;
}

/** Quiet periods that an emptied file may take: editors truncate a file first and write it then. */
const PATIENCE = 4;

/**
 * Calls back with the whole folder each time that its files have changed. Events are only a hint to look: changes are
 * found by comparing what was read. A file that is being written is waited for as long as it is empty.
 */
export function watchFolder(
  folder: string,
  onChange: (read: FolderRead) => void,
  options: WatchOptions = {},
): FolderWatch {
  const watching = new Watching(folder, onChange, options);
  watching.start();
  return { close: () => watching.close() };
}

class Watching {
  readonly #folder: string;
  readonly #onChange: (read: FolderRead) => void;
  readonly #quiet: number;
  readonly #poll: number;
  readonly #reader: FolderReader;
  #known: FolderRead | undefined;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polling: NodeJS.Timeout | undefined;
  #reading = false;
  #again = false;
  #patience = PATIENCE;
  #closed = false;

  constructor(folder: string, onChange: (read: FolderRead) => void, options: WatchOptions) {
    this.#folder = folder;
    this.#onChange = onChange;
    this.#known = options.known;
    this.#quiet = options.quiet ?? 40;
    this.#poll = options.poll ?? 1000;
    this.#reader = new FolderReader(folder);
  }

  start(): void {
    try {
      this.#watcher = watch(this.#folder, { recursive: true }, () => this.#schedule(this.#quiet));
      this.#watcher.on("error", () => this.#startPolling());
    } catch {
      this.#startPolling();
    }
    this.#schedule(0);
  }

  close(): void {
    this.#closed = true;
    this.#watcher?.close();
    clearTimeout(this.#timer);
    clearInterval(this.#polling);
  }

  /** Where there are too many folders for the system to watch, or no such folder yet. */
  #startPolling(): void {
    this.#watcher?.close();
    if (!this.#closed) this.#polling ??= setInterval(() => this.#schedule(0), this.#poll);
  }

  #schedule(delay: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), delay);
  }

  async #look(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    try {
      this.#compare(await this.#reader.read());
    } finally {
      this.#reading = false;
      if (this.#again) {
        this.#again = false;
        this.#schedule(this.#quiet);
      }
    }
  }

  #compare(read: FolderRead): void {
    if (this.#closed) return;
    const known = this.#known;
    if (known && sameFiles(known, read)) return;
    if (known && hasEmptied(known, read) && this.#patience > 0) {
      this.#patience--;
      this.#schedule(this.#quiet);
      return;
    }
    this.#patience = PATIENCE;
    this.#known = read;
    // The events of files in a folder that has just been made can be missed: look once more after a change.
    if (known) {
      this.#schedule(this.#quiet * 4);
      this.#onChange(read);
    }
  }
}

function sameFiles(a: FolderRead, b: FolderRead): boolean {
  const [left, right] = [a.files.files, b.files.files];
  if (left.size !== right.size || a.diagnostics.length !== b.diagnostics.length) return false;
  for (const [path, text] of left) if (right.get(path) !== text) return false;
  return true;
}

function hasEmptied(known: FolderRead, read: FolderRead): boolean {
  for (const [path, text] of read.files.files) {
    if (text === "" && known.files.files.get(path)) return true;
  }
  return false;
}
