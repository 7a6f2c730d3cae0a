import type { WorkspaceResource } from "../../../model/catalog.ts";
import { defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import { readPolicy } from "../policy-text.ts";
import { folderPlace, type ResourceFolder } from "../tree.ts";

/** `workspaces/{x}/`: toolkit v7 writes no `workspaceInformation.json`, so the folder alone makes the workspace. */
export function readWorkspace(folder: ResourceFolder, context: ReadContext): WorkspaceResource {
  const info = readInfo(folder, ["displayName", "description"], context);
  const displayName = info?.properties.text("displayName", { min: 1, max: 300 }) ?? folder.name;
  const origin = info?.identity.origin ?? { file: folderPlace(folder, context.files).file };
  return { id: folder.name, origin, displayName, ...defined({ policy: readPolicy(folder, context) }) };
}
