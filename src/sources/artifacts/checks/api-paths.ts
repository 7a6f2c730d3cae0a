import type { ApiDraft } from "../resources/api.ts";

/**
 * No two APIs answer at one path, unless they are versions of one set (2.3). Paths are unique over the whole service,
 * and case does not make them different.
 */
export function checkApiPaths(drafts: readonly ApiDraft[]): void {
  const paths = new Map<string, ApiDraft[]>();
  for (const draft of drafts) {
    if (!draft.resource.isCurrent || draft.properties.broken) continue;
    const key = draft.resource.path.toLowerCase();
    const others = paths.get(key) ?? [];
    const conflict = others.find((other) => !sameSet(draft, other));
    if (conflict) {
      const { id, path } = draft.resource;
      const message = `cannot create API "${id}" with the same path "${path}" as API "${conflict.resource.id}" unless it is a part of the same version set`;
      draft.properties.error("path", "duplicate-path", message);
      continue;
    }
    paths.set(key, [...others, draft]);
  }
  checkVersions(drafts);
}

function sameSet(a: ApiDraft, b: ApiDraft): boolean {
  return setOf(a) !== undefined && setOf(a) === setOf(b);
}

function setOf({ resource }: ApiDraft): string | undefined {
  return resource.versionSetId === undefined ? undefined : `${resource.workspace ?? ""}/${resource.versionSetId}`;
}

/** A version exists once in its set. */
function checkVersions(drafts: readonly ApiDraft[]): void {
  const versions = new Map<string, ApiDraft>();
  for (const draft of drafts) {
    const set = setOf(draft);
    if (!draft.resource.isCurrent || draft.properties.broken || set === undefined) continue;
    const key = JSON.stringify([set, draft.resource.apiVersion.toLowerCase()]);
    const other = versions.get(key);
    if (other) {
      const { apiVersion, versionSetId } = draft.resource;
      const version = apiVersion === "" ? "the API without a version" : `the version "${apiVersion}"`;
      const message = `${version} of the version set "${versionSetId}" is the API "${other.resource.id}" already`;
      const place = draft.properties.has("apiVersion") ? "apiVersion" : "apiVersionSetId";
      draft.properties.error(place, "duplicate-version", message);
    } else versions.set(key, draft);
  }
}
