import type { ResourceOrigin } from "../../model/catalog.ts";
import type { Report } from "../report.ts";
import type { DocumentCache } from "./document-cache.ts";
import type { ArtifactFiles } from "./files.ts";
import type { Properties } from "./properties.ts";
import type { ResourceNames } from "./resource-names.ts";
import type { ImportCache } from "./specification.ts";

/** What every reader needs. */
export interface ReadContext {
  files: ArtifactFiles;
  documents: DocumentCache;
  report: Report;
  imports: ImportCache;
  names: ResourceNames;
  /** Whose resources are being read; undefined for the service's own. */
  workspace: string | undefined;
}

/** One resource read from its folder, with its properties at hand for checks against other resources. */
export interface Draft<T> {
  resource: T;
  properties: Properties;
}

/** What every resource of a catalog begins with. */
export interface ResourceIdentity {
  id: string;
  origin: ResourceOrigin;
  workspace?: string;
}

/** The object without the properties that are undefined: absent and undefined differ in the catalog's types. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
