import type { ApiResource } from "../../../model/catalog.ts";
import type { ApiDraft } from "./api.ts";

/** What all revisions of an API have in common, under the names of the information file (3.1). */
const SHARED = [
  "displayName",
  "description",
  "path",
  "protocols",
  "subscriptionRequired",
  "type",
  "apiVersion",
] as const;

/**
 * Puts the revisions of each API together: finds the current one and gives the others what revisions share.
 * @param drafts of one workspace or of the service.
 */
export function settleRevisions(drafts: readonly ApiDraft[]): ApiDraft[] {
  const apis = new Map<string, ApiDraft[]>();
  for (const draft of drafts) {
    const key = draft.resource.id.toLowerCase();
    const revisions = apis.get(key);
    if (revisions) revisions.push(draft);
    else apis.set(key, [draft]);
  }
  return [...apis.values()].flatMap(settleApi);
}

function settleApi(revisions: readonly ApiDraft[]): ApiDraft[] {
  const current = findCurrent(revisions);
  if (!current) return [];
  if (!current.properties.has("path")) current.properties.missing("path");
  if (!current.properties.has("displayName") && current.resource.displayName === current.resource.id) {
    const message = `"displayName" is missing, which the service requires; "${current.resource.id}" is used`;
    current.properties.warning(undefined, "missing-display-name", message);
  }
  const numbers = new Set<string>();
  return revisions.map((draft) => {
    const { revision } = draft.resource;
    if (numbers.has(revision)) {
      const name = draft.folderRevision === undefined ? "apiRevision" : undefined;
      const message = `revision ${revision} of the API "${draft.resource.id}" exists twice`;
      draft.properties.error(name, "duplicate-revision", message);
    }
    numbers.add(revision);
    if (draft === current) return { ...draft, resource: { ...draft.resource, isCurrent: true } };
    if (current.properties.broken) draft.properties.markBroken();
    return { ...draft, resource: shareWith(draft, current.resource) };
  });
}

/** The revision that is marked as current; without a mark, the one whose folder has no `;rev=`. */
function findCurrent(revisions: readonly ApiDraft[]): ApiDraft | undefined {
  const base = revisions.find((draft) => draft.folderRevision === undefined);
  const [marked, ...others] = revisions.filter((draft) => draft.current === true);
  for (const other of others) {
    const message = `the API "${other.resource.id}" has two current revisions: ${marked?.resource.revision} and ${other.resource.revision}`;
    other.properties.error("isCurrent", "two-current-revisions", message);
  }
  if (marked) return marked;
  if (base && base.current !== false) return base;
  const first = base ?? revisions[0];
  const message = `no revision of the API "${first?.resource.id}" is current`;
  const hint = 'set "isCurrent": true in one of them';
  first?.properties.error(base ? "isCurrent" : undefined, "no-current-revision", message, hint);
  return undefined;
}

function shareWith(draft: ApiDraft, current: ApiResource): ApiResource {
  for (const name of SHARED) {
    if (!draft.properties.has(name) || same(draft.resource[name], current[name])) continue;
    const message = `"${name}" is common to all revisions; that of the current one counts`;
    draft.properties.warning(name, "shared-property", message);
  }
  const { description: _description, versionSetId: _versionSetId, ...own } = draft.resource;
  return {
    ...own,
    displayName: current.displayName,
    path: current.path,
    protocols: current.protocols,
    subscriptionRequired: current.subscriptionRequired,
    type: current.type,
    apiVersion: current.apiVersion,
    ...(current.description === undefined ? {} : { description: current.description }),
    ...(current.versionSetId === undefined ? {} : { versionSetId: current.versionSetId }),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
