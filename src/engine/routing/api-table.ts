import type { ApiPart } from "../../plan/plan.ts";
import type { HeaderList } from "../../policy/exchange/headers.ts";
import { queryPairs } from "../../policy/exchange/url.ts";

/** What a table holds for an API: its part of the plan, and whatever the caller attached. */
export interface RoutableApi {
  part: ApiPart;
}

export interface ApiMatch<T> {
  api: T;
  /** The path behind the API's own, begins with `/`. */
  rest: string;
}

/** Why no API took a request: nothing at this path, or a version was needed and not given or not known. */
export type ApiMiss = "path" | "version";

/** `;rev=2` behind the API's path names a revision. */
const REVISION = /;rev=([A-Za-z0-9]{1,100})(?=\/|$)/i;

/**
 * APIs by path (longest prefix of whole segments wins), version and revision. Paths compare without case (unconfirmed).
 */
export class ApiTable<T extends RoutableApi> {
  readonly #byPath = new Map<string, T[]>();

  constructor(apis: readonly T[]) {
    for (const api of apis) {
      const key = apiPath(api.part).toLowerCase();
      const list = this.#byPath.get(key);
      if (list) list.push(api);
      else this.#byPath.set(key, [api]);
    }
  }

  match(path: string, query: string, headers: HeaderList): ApiMatch<T> | ApiMiss {
    let wanted: string | undefined;
    let lookup = path;
    if (path.includes(";")) {
      const revision = REVISION.exec(path);
      if (revision) {
        wanted = revision[1];
        lookup = path.slice(0, revision.index) + path.slice(revision.index + revision[0].length);
      }
    }
    const lower = lookup.toLowerCase();
    let end = lower.endsWith("/") ? lower.length - 1 : lower.length;
    for (;;) {
      const candidates = this.#byPath.get(lower.slice(0, end));
      if (candidates) {
        const api = choose(candidates, wanted, query, headers);
        if (!api) return candidates.some((candidate) => candidate.part.version) ? "version" : "path";
        return { api, rest: lookup.length > end ? lookup.slice(end) : "/" };
      }
      if (end <= 0) return "path";
      end = lower.lastIndexOf("/", end - 1);
    }
  }
}

/** The path an API is served at: `/path`, with `/version` behind it for segment versioning; empty for the root. */
export function apiPath(part: ApiPart): string {
  const base = part.info.path === "" ? "" : `/${part.info.path}`;
  return part.version?.scheme === "Segment" && part.version.value !== "" ? `${base}/${part.version.value}` : base;
}

function choose<T extends RoutableApi>(
  candidates: readonly T[],
  revision: string | undefined,
  query: string,
  headers: HeaderList,
): T | undefined {
  return candidates.find(({ part }) => {
    if (revision === undefined ? !part.isCurrent : part.info.revision !== revision) return false;
    const version = part.version;
    if (!version || version.scheme === "Segment") return true;
    const given =
      version.scheme === "Header"
        ? headers.get(version.name)
        : queryPairs(query).find(([name]) => name === version.name)?.[1];
    return (given ?? "") === version.value;
  });
}
