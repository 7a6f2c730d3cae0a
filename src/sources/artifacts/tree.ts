import { didYouMean } from "../../model/nearest.ts";
import type { DataDocument, DataPath } from "../document/data-document.ts";
import type { Place, Report } from "../report.ts";
import { type ArtifactFiles, displayName } from "./files.ts";
import { CONFIGURATION_FILE, type FolderKind, type FolderLayout, INFO_EXTENSIONS, SERVICE } from "./layout.ts";
import { nameProblem } from "./resource-name.ts";

/** Properties that an environment's configuration lays over an information file. */
export interface Overlay {
  document: DataDocument;
  /** Where the overlaid `properties` stand in that document. */
  path: DataPath;
  value: Readonly<Record<string, unknown>>;
}

/** One resource's folder: its files, and the folders of the resources below it. */
export interface ResourceFolder {
  layout: FolderLayout;
  /** Folder name: the resource's name. */
  name: string;
  /** Path below the root, empty for the root itself. */
  path: string;
  /** Paths of information files; more than one is an error. */
  infos: string[];
  /** Paths of the other known files, by name. */
  files: Map<string, string>;
  /** Names of files whose meaning is unknown. */
  strays: string[];
  children: Map<FolderKind, Map<string, ResourceFolder>>;
  overlay?: Overlay;
  /** Policy text that an environment's configuration puts in place of the file's. */
  policyOverlay?: { file: string; text: string };
}

/** Names that stand beside resources in many repositories and mean nothing here. */
const IGNORED = /^(?:\..*|node_modules|readme(\..*)?|licen[cs]e(\..*)?|.*\.md)$/i;

/**
 * Sorts the files of an artifacts folder into resource folders. Names that nobody knows are passed over; those that
 * look like a mistyped known one are reported.
 */
export function buildTree(files: ArtifactFiles, report: Report): ResourceFolder {
  const builder = new TreeBuilder(files, report);
  for (const path of [...files.files.keys()].sort()) builder.add(path);
  builder.reportStrays(builder.root);
  return builder.root;
}

/** Resource folders of one kind, in the order of their names. */
export function childrenOf(folder: ResourceFolder, kind: FolderKind): ResourceFolder[] {
  return [...(folder.children.get(kind)?.values() ?? [])];
}

/** A place that stands for a folder as a whole: its first file. */
export function folderPlace(folder: ResourceFolder, files: ArtifactFiles): Place {
  const stray = folder.strays[0];
  const path =
    folder.infos[0] ??
    [...folder.files.values()][0] ??
    (stray === undefined ? folder.path : joinPath(folder.path, stray));
  return { file: displayName(files, path), line: 1, column: 1 };
}

class TreeBuilder {
  readonly root: ResourceFolder = newFolder(SERVICE, "", "");
  readonly #files: ArtifactFiles;
  readonly #report: Report;
  /** Paths already reported, so that a mistyped folder with a thousand files is one finding. */
  readonly #reported = new Set<string>();

  constructor(files: ArtifactFiles, report: Report) {
    this.#files = files;
    this.#report = report;
  }

  add(path: string): void {
    const segments = path.split("/");
    if (segments.some((segment) => IGNORED.test(segment))) return;
    let folder = this.root;
    let at = 0;
    while (at < segments.length - 1) {
      const collection = segments[at] as string;
      const layout = folder.layout.collections.get(collection);
      if (!layout) {
        if (folder.layout.kind !== "other") this.#unknownFolder(folder, collection, path);
        return;
      }
      const name = segments[at + 1] as string;
      if (at + 2 >= segments.length) {
        if (layout.kind !== "other") this.#fileInCollection(layout, path, name);
        return;
      }
      const child = this.#child(folder, layout, name, segments.slice(0, at + 2).join("/"), path);
      if (!child) return;
      folder = child;
      at += 2;
    }
    this.#file(folder, segments[at] as string, path);
  }

  /** Files that look like a mistyped known one. */
  reportStrays(folder: ResourceFolder): void {
    const { layout } = folder;
    const known = [...infoNames(layout), ...layout.files.filter((file) => !file.endsWith(".*"))];
    for (const name of folder.strays) {
      // Without an information file, the finding about that names the file that may be meant.
      if (layout.info !== undefined && layout.infoRequired !== false && folder.infos.length === 0 && isData(name))
        continue;
      const hint = didYouMean(name, known);
      const place = this.#place(joinPath(folder.path, name));
      if (hint) this.#report.warning(place, "unknown-file", `"${name}" is not read`, hint);
    }
    for (const children of folder.children.values()) {
      for (const child of children.values()) this.reportStrays(child);
    }
  }

  #child(
    folder: ResourceFolder,
    layout: FolderLayout,
    name: string,
    path: string,
    file: string,
  ): ResourceFolder | undefined {
    let siblings = folder.children.get(layout.kind);
    if (!siblings) folder.children.set(layout.kind, (siblings = new Map()));
    const existing = siblings.get(name.toLowerCase());
    if (existing?.path === path || (existing && layout.kind === "other")) return existing;
    if (existing) {
      this.#once(path, () => {
        const message = `the resource "${name}" exists twice: also in ${displayName(this.#files, existing.path)}`;
        const hint = existing.name === name ? undefined : "case does not make names different";
        this.#report.error(this.#place(file), "duplicate-resource", message, hint);
      });
      return undefined;
    }
    const problem = layout.kind === "other" ? undefined : nameProblem(name, layout.kind);
    if (problem !== undefined) {
      this.#once(path, () => this.#report.error(this.#place(file), "invalid-name", problem));
      return undefined;
    }
    const child = newFolder(layout, name, path);
    siblings.set(name.toLowerCase(), child);
    return child;
  }

  #file(folder: ResourceFolder, name: string, path: string): void {
    const { layout } = folder;
    if (layout.kind === "other") return;
    if (infoNames(layout).includes(name)) folder.infos.push(path);
    else if (layout.files.some((known) => matches(name, known))) folder.files.set(name, path);
    else if (layout.kind !== "service" || !CONFIGURATION_FILE.test(name)) folder.strays.push(name);
  }

  #unknownFolder(folder: ResourceFolder, name: string, path: string): void {
    const hint = didYouMean(name, folder.layout.collections.keys());
    const where = joinPath(folder.path, name);
    if (!hint) return;
    this.#once(where, () => {
      this.#report.warning(this.#place(path), "unknown-folder", `the folder "${where}" is not read`, hint);
    });
  }

  #fileInCollection(layout: FolderLayout, path: string, name: string): void {
    if (layout.info === undefined || !/\.(json|ya?ml|xml)$/i.test(name)) return;
    const resource = name.replace(/\.[^.]*$/, "");
    const folder = path.slice(0, -name.length) + resource;
    const message = `"${path}" is not read: each resource has a folder of its own`;
    const hint = `write ${folder}/${layout.info}.json`;
    this.#report.warning(this.#place(path), "unknown-file", message, hint);
  }

  #place(path: string): Place {
    return { file: displayName(this.#files, path), line: 1, column: 1 };
  }

  #once(path: string, report: () => void): void {
    if (this.#reported.has(path)) return;
    this.#reported.add(path);
    report();
  }
}

function newFolder(layout: FolderLayout, name: string, path: string): ResourceFolder {
  return { layout, name, path, infos: [], files: new Map(), strays: [], children: new Map() };
}

function infoNames(layout: FolderLayout): string[] {
  const { info, otherInfos = [] } = layout;
  const names = info === undefined ? [] : [info, ...otherInfos];
  return names.flatMap((name) => INFO_EXTENSIONS.map((extension) => name + extension));
}

/** True for a name that an information file could have. */
export function isData(name: string): boolean {
  return INFO_EXTENSIONS.some((extension) => name.endsWith(extension));
}

function matches(name: string, known: string): boolean {
  return known.endsWith(".*") ? name.startsWith(known.slice(0, -1)) : name === known;
}

function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
