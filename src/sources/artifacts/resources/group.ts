import type { GroupResource } from "../../../model/catalog.ts";
import type { Draft, ReadContext } from "../context.ts";
import { displayNameOf, readInfo } from "../info.ts";
import { BUILT_IN_GROUPS } from "../resource-names.ts";
import type { ResourceFolder } from "../tree.ts";

const KNOWN = ["displayName", "description", "type", "builtIn", "externalId"];

/** `groups/{x}/groupInformation.json` (2.11). */
export function readGroup(folder: ResourceFolder, context: ReadContext): Draft<GroupResource> | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const displayName = displayNameOf(properties, folder.name);
  properties.text("description", { max: 1000 });
  properties.choice("type", ["custom", "system", "external"]);
  return { properties, resource: { ...identity, displayName } };
}

/** The groups that every service has, where no folder describes them. */
export function builtInGroups(described: ReadonlySet<string>, file: string): GroupResource[] {
  return [...BUILT_IN_GROUPS]
    .filter(([id]) => !described.has(id))
    .map(([id, displayName]) => ({ id, displayName, origin: { file } }));
}
