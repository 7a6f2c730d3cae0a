import type { FolderKind } from "./layout.ts";

/** Longest name by kind; 80 for the others (reference/management-api, 2.1). */
const LENGTHS: Partial<Record<FolderKind, number>> = {
  api: 256,
  product: 256,
  group: 256,
  "named-value": 256,
  subscription: 256,
  "product-api": 256,
  "product-group": 256,
  "user-group": 256,
};

const REVISION = /^(.+);rev=([^;]+)$/;

/** Splits the folder name of an API revision (`orders;rev=2`). */
export function splitRevision(name: string): { id: string; revision: string | undefined } {
  const match = REVISION.exec(name);
  return match ? { id: match[1] as string, revision: match[2] } : { id: name, revision: undefined };
}

/** What makes a folder's name unfit for a resource of this kind, or undefined. */
export function nameProblem(name: string, kind: FolderKind): string | undefined {
  const id = kind === "api" || kind === "product-api" ? splitRevision(name).id : name;
  const limit = LENGTHS[kind] ?? 80;
  if (id.length > limit)
    return `the name "${id.slice(0, 40)}…" has ${id.length} characters; at most ${limit} are allowed`;
  const wrong = /[*#&+:<>?\\%]/.exec(id)?.[0];
  if (wrong !== undefined) return `the name "${id}" may not hold "${wrong}"`;
  if (kind === "fragment" && !/^\w(?:[\w-]*\w)?$/.test(id)) {
    return `the name "${id}" of a policy fragment holds letters, digits, "_" and "-" only, and no "-" at either end`;
  }
  return undefined;
}
