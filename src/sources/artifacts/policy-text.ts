import type { PolicyText } from "../../model/catalog.ts";
import type { ReadContext } from "./context.ts";
import { displayName, fileText } from "./files.ts";
import type { ResourceFolder } from "./tree.ts";

/** The policy document of a folder, or what an environment's configuration puts in its place. */
export function readPolicy(folder: ResourceFolder, context: ReadContext): PolicyText | undefined {
  if (folder.policyOverlay) return folder.policyOverlay;
  const path = folder.files.get("policy.xml");
  return path === undefined
    ? undefined
    : { file: displayName(context.files, path), text: fileText(context.files, path) };
}
