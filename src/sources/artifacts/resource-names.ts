import type { FolderKind } from "./layout.ts";
import { splitRevision } from "./resource-name.ts";
import { childrenOf, type ResourceFolder } from "./tree.ts";

/** Groups that every service has without anybody defining them. */
export const BUILT_IN_GROUPS: ReadonlyMap<string, string> = new Map([
  ["administrators", "Administrators"],
  ["developers", "Developers"],
  ["guests", "Guests"],
]);

/**
 * Names of all resources that have a folder, sound or not: a reference to a resource with an error of its own is no
 * second error. Case does not matter.
 */
export class ResourceNames {
  /** Spelling by kind, workspace (empty for the service) and lower-case name. */
  readonly #names = new Map<string, Map<string, string>>();

  constructor(root: ResourceFolder) {
    this.#collect(root, undefined);
    for (const workspace of childrenOf(root, "workspace")) this.#collect(workspace, workspace.name);
    const groups = this.#of("group", undefined);
    for (const id of BUILT_IN_GROUPS.keys()) if (!groups.has(id)) groups.set(id, id);
  }

  /** The name as its folder spells it; undefined when there is no such resource. */
  find(kind: FolderKind, name: string, workspace: string | undefined): string | undefined {
    return this.#of(kind, workspace).get(name.toLowerCase());
  }

  all(kind: FolderKind, workspace: string | undefined): string[] {
    return [...this.#of(kind, workspace).values()];
  }

  #of(kind: FolderKind, workspace: string | undefined): Map<string, string> {
    const key = `${kind}/${workspace?.toLowerCase() ?? ""}`;
    let names = this.#names.get(key);
    if (!names) this.#names.set(key, (names = new Map()));
    return names;
  }

  #collect(folder: ResourceFolder, workspace: string | undefined): void {
    for (const [kind, children] of folder.children) {
      const names = this.#of(kind, workspace);
      for (const child of children.values()) {
        const name = kind === "api" ? splitRevision(child.name).id : child.name;
        if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
      }
    }
  }
}
