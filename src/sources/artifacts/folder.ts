import type { Dirent, Stats } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { Report } from "../report.ts";
import type { ArtifactFiles } from "./files.ts";

export interface FolderLimits {
  files: number;
  /** Bytes. */
  fileBytes: number;
  totalBytes: number;
  /** Folders inside of each other. */
  depth: number;
}

const LIMITS: FolderLimits = {
  files: 200_000,
  fileBytes: 64 * 1024 * 1024,
  totalBytes: 512 * 1024 * 1024,
  depth: 12,
};

/** What can be a resource's file; anything else (pictures, archives) is not read. */
const READABLE = /\.(?:json|ya?ml|xml|graphql|gql|wsdl|wadl|proto)$/i;

const IGNORED = /^(?:\..*|node_modules)$/;

/** Files that are read at a time. */
const PARALLEL = 32;

export interface FolderRead {
  files: ArtifactFiles;
  diagnostics: Diagnostic[];
}

/**
 * Reads an artifacts folder from disk. Links that lead out of it are not followed; files and folders whose names begin
 * with a dot, and `node_modules`, are passed over.
 * @param folder its path, shown before the files' paths in findings.
 */
export function readFolder(folder: string, limits: Partial<FolderLimits> = {}): Promise<FolderRead> {
  return new FolderReader(folder, limits).read();
}

interface KnownFile {
  version: string;
  text: string;
}

/** Reads one folder again and again; files that have not changed since are not read again. */
export class FolderReader {
  readonly #folder: string;
  readonly #limits: FolderLimits;
  #known = new Map<string, KnownFile>();

  constructor(folder: string, limits: Partial<FolderLimits> = {}) {
    this.#folder = folder;
    this.#limits = { ...LIMITS, ...limits };
  }

  async read(): Promise<FolderRead> {
    const reading = new Reading(this.#folder, this.#limits, this.#known);
    const known = await reading.run();
    this.#known = known;
    const files = new Map([...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { text }]) => [path, text]));
    return { files: { root: this.#folder, files }, diagnostics: reading.report.diagnostics };
  }
}

class Reading {
  readonly report = new Report();
  readonly #folder: string;
  readonly #limits: FolderLimits;
  readonly #known: ReadonlyMap<string, KnownFile>;
  readonly #found = new Map<string, { real: string; stats: Stats }>();
  readonly #visited = new Set<string>();
  #root = "";

  constructor(folder: string, limits: FolderLimits, known: ReadonlyMap<string, KnownFile>) {
    this.#folder = folder;
    this.#limits = limits;
    this.#known = known;
  }

  async run(): Promise<Map<string, KnownFile>> {
    try {
      this.#root = await realpath(this.#folder);
    } catch (error) {
      this.#error("", "unreadable-folder", `the folder cannot be read: ${reason(error)}`);
      return new Map();
    }
    await this.#list("", this.#root, 0);
    return this.#texts();
  }

  async #list(path: string, real: string, depth: number): Promise<void> {
    // Links may lead to the same folder in many ways, and in circles.
    if (this.#visited.has(real)) return;
    this.#visited.add(real);
    if (depth > this.#limits.depth) {
      const message = `folders more than ${this.#limits.depth} deep are not read`;
      this.report.warning(this.#place(path), "too-deep", message);
      return;
    }
    let entries: Dirent[];
    try {
      entries = await readdir(real, { withFileTypes: true });
    } catch (error) {
      return this.#error(path, "unreadable-folder", `the folder cannot be read: ${reason(error)}`);
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (IGNORED.test(entry.name)) continue;
      const child = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isSymbolicLink()) await this.#link(child, join(real, entry.name), depth);
      else if (entry.isDirectory()) await this.#list(child, join(real, entry.name), depth + 1);
      else if (entry.isFile()) await this.#file(child, join(real, entry.name));
    }
  }

  async #link(path: string, link: string, depth: number): Promise<void> {
    let target: string;
    try {
      target = await realpath(link);
    } catch {
      return;
    }
    if (target !== this.#root && !target.startsWith(this.#root + sep)) {
      const message = "the link leads out of the folder and is not followed";
      this.report.warning(this.#place(path), "link-outside", message);
      return;
    }
    const stats = await statOf(target);
    if (stats?.isDirectory()) await this.#list(path, target, depth + 1);
    else if (stats?.isFile()) await this.#file(path, target);
  }

  async #file(path: string, real: string): Promise<void> {
    if (!READABLE.test(path)) return;
    const stats = await statOf(real);
    if (!stats) return;
    if (stats.size > this.#limits.fileBytes) {
      const message = `the file has ${stats.size} bytes; at most ${this.#limits.fileBytes} are read`;
      return this.#error(path, "file-too-large", message);
    }
    this.#found.set(path, { real, stats });
  }

  async #texts(): Promise<Map<string, KnownFile>> {
    const total = [...this.#found.values()].reduce((sum, { stats }) => sum + stats.size, 0);
    if (this.#found.size > this.#limits.files || total > this.#limits.totalBytes) {
      const { files, totalBytes } = this.#limits;
      const message = `the folder holds ${this.#found.size} files of ${total} bytes together; at most ${files} files and ${totalBytes} bytes are read`;
      this.#error("", "folder-too-large", message);
      return new Map();
    }
    const texts = new Map<string, KnownFile>();
    const waiting = [...this.#found];
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [path, { real, stats }] = next;
        const text = await this.#text(path, real, stats);
        if (text) texts.set(path, text);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return texts;
  }

  async #text(path: string, real: string, stats: Stats): Promise<KnownFile | undefined> {
    const version = `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
    const known = this.#known.get(path);
    if (known?.version === version) return known;
    try {
      return { version, text: decode(await readFile(real)) };
    } catch (error) {
      // Gone between listing and reading: it is not there.
      if (isMissing(error)) return undefined;
      this.#error(path, "unreadable-file", `the file cannot be read: ${reason(error)}`);
      return undefined;
    }
  }

  #place(path: string): { file: string; line: number; column: number } {
    return { file: path === "" ? this.#folder : join(this.#folder, path), line: 1, column: 1 };
  }

  #error(path: string, code: string, message: string): void {
    this.report.error(this.#place(path), code, message);
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

/** UTF-8, or the UTF-16 that PowerShell writes, which its mark tells. @throws TypeError for anything else. */
function decode(bytes: Buffer): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function reason(error: unknown): string {
  if (error instanceof TypeError) return "it is neither UTF-8 nor UTF-16 text";
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
