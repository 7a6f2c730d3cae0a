import type { FragmentResource, ResourceOrigin } from "../../../model/catalog.ts";
import { defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import { readPolicy } from "../policy-text.ts";
import { folderPlace, type ResourceFolder } from "../tree.ts";

const KNOWN = ["description", "format", "value", "provisioningState"];

/** `policy fragments/{x}/policy.xml`, described by `policyFragmentInformation.json` (2.7). The description is optional. */
export function readFragment(folder: ResourceFolder, context: ReadContext): FragmentResource | undefined {
  const info = readInfo(folder, KNOWN, context);
  const description = info?.properties.text("description", { max: 1000 });
  const inline = info?.properties.text("value");
  const written = info?.properties.place("value");
  const policy =
    readPolicy(folder, context) ??
    (inline !== undefined && written ? { file: `${written.file}#${written.line}`, text: inline } : undefined);
  if (!policy) {
    const place = folderPlace(folder, context.files);
    context.report.error(place, "missing-policy", `the policy fragment "${folder.name}" has no policy.xml`);
    return undefined;
  }
  if (info?.properties.broken || (folder.infos.length > 0 && !info)) return undefined;
  const origin: ResourceOrigin = info?.identity.origin ?? { file: policy.file };
  return { id: folder.name, origin, policy, ...defined({ description, workspace: context.workspace }) };
}
