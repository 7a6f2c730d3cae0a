import { didYouMean } from "../../model/nearest.ts";
import { type DataDocument, type DataPath, isRecord } from "../document/data-document.ts";
import { setOwn } from "../document/json-document.ts";
import type { Report } from "../report.ts";
import { defined, type ReadContext, type ResourceIdentity } from "./context.ts";
import { displayName } from "./files.ts";
import { Properties } from "./properties.ts";
import { folderPlace, isData, type ResourceFolder } from "./tree.ts";

/** What stands around `properties` in an information file. */
const ENVELOPE = ["properties", "id", "name", "type", "etag", "location", "tags", "$schema"];

/** A resource's properties, and what its catalog entry begins with. */
export interface Info {
  properties: Properties;
  identity: ResourceIdentity;
}

/**
 * The properties of a resource's information file, an environment's overlay applied.
 * @param known names of the properties, for hints about mistyped ones.
 * @returns undefined when there is none or it cannot be read; the reason is in the report where one is due.
 */
export function readInfo(folder: ResourceFolder, known: readonly string[], context: ReadContext): Info | undefined {
  const [path, second] = folder.infos;
  if (path === undefined) {
    if (folder.layout.infoRequired !== false) reportMissing(folder, context);
    return undefined;
  }
  if (second !== undefined) {
    const place = { file: displayName(context.files, second), line: 1, column: 1 };
    context.report.error(place, "duplicate-resource", `"${path}" describes the same resource`, "keep one of the two");
  }
  const document = context.documents.read(path, context.files, context.report);
  if (!document) return undefined;
  const value = envelope(document, known, context.report);
  if (!value) return undefined;
  const { overlay } = folder;
  const base = { document, path: ["properties"] };
  const properties = overlay
    ? Properties.of([overlay, base], merge(value, overlay.value), context.report)
    : Properties.of([base], value, context.report);
  if (!document.sound || (overlay && !overlay.document.sound)) properties.markBroken();
  properties.expect(known);
  const origin = { file: document.file, locate: (path: DataPath) => properties.locate(path) };
  return { properties, identity: { id: folder.name, origin, ...defined({ workspace: context.workspace }) } };
}

/** The name for people. The service requires it; a gateway does without, so that it is only missed. */
export function displayNameOf(properties: Properties, fallback: string, max = 300): string {
  if (properties.has("displayName")) return properties.text("displayName", { min: 1, max }) ?? fallback;
  const message = `"displayName" is missing, which the service requires; "${fallback}" is used`;
  properties.warning(undefined, "missing-display-name", message);
  return fallback;
}

/** What stands under `properties`; an empty file is a resource without any. */
function envelope(
  document: DataDocument,
  known: readonly string[],
  report: Report,
): Record<string, unknown> | undefined {
  const { value } = document;
  if (!isRecord(value)) {
    const message = 'the file must hold an object with "properties"';
    report.error(document.place([]), "invalid-information", message);
    return undefined;
  }
  const properties = value.properties;
  if (isRecord(properties)) return properties;
  if (properties !== undefined && properties !== null) {
    report.error(document.place(["properties"]), "invalid-information", '"properties" must be an object');
    return undefined;
  }
  const misplaced = Object.keys(value).find((name) => known.includes(name) && !ENVELOPE.includes(name));
  if (misplaced !== undefined) {
    const message = `"${misplaced}" stands outside of "properties"`;
    report.error(document.place([misplaced]), "invalid-information", message, 'write { "properties": { … } }');
    return undefined;
  }
  for (const name of Object.keys(value)) {
    const hint = ENVELOPE.includes(name) ? undefined : didYouMean(name, ["properties"]);
    if (hint) report.warning(document.place([name]), "unknown-property", `"${name}" is not known`, hint);
  }
  return {};
}

function reportMissing(folder: ResourceFolder, context: ReadContext): void {
  const expected = `${folder.layout.info}.json`;
  const mistyped = folder.strays.find(isData);
  const place = folderPlace(folder, context.files);
  const message = `the folder "${folder.path}" has no ${expected}`;
  const hint = mistyped === undefined ? undefined : `rename ${mistyped} to ${expected}`;
  context.report.error(place, "missing-information", message, hint);
}

/** Properties of `over` laid over those of `base`: objects are merged, everything else (lists too) is replaced. */
function merge(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(base)) setOwn(merged, name, value);
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(base, name) ? base[name] : undefined;
    setOwn(merged, name, isRecord(below) && isRecord(value) ? merge(below, value) : value);
  }
  return merged;
}
