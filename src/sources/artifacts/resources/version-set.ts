import type { VersionSetResource } from "../../../model/catalog.ts";
import { type Draft, defined, type ReadContext } from "../context.ts";
import { displayNameOf, readInfo } from "../info.ts";
import type { ResourceFolder } from "../tree.ts";

const KNOWN = ["displayName", "description", "versioningScheme", "versionQueryName", "versionHeaderName"];

/** `version sets/{x}/versionSetInformation.json` (2.3). */
export function readVersionSet(folder: ResourceFolder, context: ReadContext): Draft<VersionSetResource> | undefined {
  const info = readInfo(folder, KNOWN, context);
  if (!info) return undefined;
  const { properties, identity } = info;
  const displayName = displayNameOf(properties, folder.name, 100);
  if (!properties.has("versioningScheme")) properties.missing("versioningScheme");
  const versioningScheme = properties.choice("versioningScheme", ["Segment", "Query", "Header"]) ?? "Segment";
  const name = { min: 1, max: 100 };
  const versionQueryName =
    versioningScheme === "Query"
      ? properties.requiredText("versionQueryName", name)
      : properties.text("versionQueryName", { max: 100 });
  const versionHeaderName =
    versioningScheme === "Header"
      ? properties.requiredText("versionHeaderName", name)
      : properties.text("versionHeaderName", { max: 100 });
  return {
    properties,
    resource: {
      ...identity,
      displayName,
      versioningScheme,
      ...defined({
        versionQueryName: versionQueryName || undefined,
        versionHeaderName: versionHeaderName || undefined,
      }),
    },
  };
}
