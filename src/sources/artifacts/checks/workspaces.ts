import type { Catalog, ResourceOrigin } from "../../../model/catalog.ts";
import type { Report } from "../../report.ts";

interface Named {
  id: string;
  origin: ResourceOrigin;
  workspace?: string;
}

/**
 * Names are unique per workspace in the service (2.19), but a plan has one room for all of them. Until it has one for
 * each workspace, a name that two of them use is refused rather than mixed up.
 */
export function checkWorkspaceNames(catalog: Catalog, report: Report): void {
  const byId = (resource: Named) => resource.id;
  check(catalog.apis, "API", byId, report);
  check(catalog.products, "product", byId, report);
  check(catalog.subscriptions, "subscription", byId, report);
  check(catalog.backends, "backend", byId, report);
  check(catalog.fragments, "policy fragment", byId, report);
  check(catalog.certificates, "certificate", byId, report);
  check(catalog.versionSets, "version set", byId, report);
  check(catalog.groups, "group", byId, report);
  check(catalog.namedValues, "named value", (named) => named.displayName, report);
}

function check<T extends Named>(
  resources: readonly T[],
  title: string,
  nameOf: (resource: T) => string,
  report: Report,
): void {
  const owners = new Map<string, string | undefined>();
  for (const resource of resources) {
    const name = nameOf(resource);
    const key = name.toLowerCase();
    if (!owners.has(key)) owners.set(key, resource.workspace);
    else if (owners.get(key) !== resource.workspace) {
      const place = { file: resource.origin.file, line: 1, column: 1, ...resource.origin.locate?.([]) };
      const where = ownerText(owners.get(key));
      const message = `the ${title} "${name}" exists in ${where} as well, which is not supported yet`;
      report.error(place, "workspace-name-clash", message, "rename one of the two");
    }
  }
}

function ownerText(workspace: string | undefined): string {
  return workspace === undefined ? "the service" : `the workspace "${workspace}"`;
}
