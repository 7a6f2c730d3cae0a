import { didYouMean } from "../../model/nearest.ts";
import { isRecord } from "../document/data-document.ts";
import type { Place } from "../report.ts";
import type { ReadContext } from "./context.ts";
import { displayName } from "./files.ts";
import type { FolderKind } from "./layout.ts";
import { parseReference } from "./references.ts";
import { missingMessage } from "./resolve.ts";
import { splitRevision } from "./resource-name.ts";
import { childrenOf, folderPlace, type ResourceFolder } from "./tree.ts";

/** One association, such as an API in a product. */
export interface Link {
  /** Name of the other resource, as its folder spells it. */
  id: string;
  place: Place;
}

const LINK_KINDS: Readonly<Record<"api" | "group", readonly FolderKind[]>> = {
  api: ["product-api"],
  group: ["product-group", "user-group"],
};

/**
 * The associations of a product or user in all forms: a folder for each (`products/x/apis/a/productApiInformation.json`,
 * in workspaces with the id inside) and a list in one file (`products/x/apis.json`). One that leads nowhere is an
 * error for an API and a warning for a group, which the gateway can do without.
 */
export function readLinks(folder: ResourceFolder, kind: "api" | "group", context: ReadContext): Link[] {
  const links = new Map<string, Link>();
  for (const link of [...folderLinks(folder, kind, context), ...listLinks(folder, kind, context)]) {
    const found = findTarget(link, kind, context);
    if (found !== undefined && !links.has(found)) links.set(found, { id: found, place: link.place });
  }
  return [...links.values()];
}

interface WrittenLink extends Link {
  workspace: string | undefined;
}

function* folderLinks(folder: ResourceFolder, kind: "api" | "group", context: ReadContext): Generator<WrittenLink> {
  for (const child of LINK_KINDS[kind].flatMap((linkKind) => childrenOf(folder, linkKind))) {
    const path = child.infos[0];
    const document = path === undefined ? undefined : context.documents.read(path, context.files, context.report);
    const properties = isRecord(document?.value) ? document.value.properties : undefined;
    const written = isRecord(properties) ? properties[`${kind}Id`] : undefined;
    const reference = typeof written === "string" ? parseReference(written, [`${kind}s`]) : undefined;
    yield {
      id: reference?.id ?? child.name,
      workspace: reference?.workspace,
      place: reference && document ? document.place(["properties", `${kind}Id`]) : folderPlace(child, context.files),
    };
  }
}

function* listLinks(folder: ResourceFolder, kind: "api" | "group", context: ReadContext): Generator<WrittenLink> {
  for (const extension of [".json", ".yaml", ".yml"]) {
    const path = folder.files.get(`${kind}s${extension}`);
    if (path === undefined) continue;
    const document = context.documents.read(path, context.files, context.report);
    if (!document) continue;
    if (!Array.isArray(document.value)) {
      const message = 'the file must hold a list such as [ { "name": "x" } ]';
      context.report.error({ file: displayName(context.files, path), line: 1, column: 1 }, "invalid-links", message);
      continue;
    }
    for (const [index, item] of document.value.entries()) {
      const name: unknown = isRecord(item) ? (item.name ?? item.id) : item;
      if (typeof name === "string" && name !== "") {
        const reference = parseReference(name, [`${kind}s`]);
        yield { id: reference?.id ?? name, workspace: reference?.workspace, place: document.place([index]) };
      } else context.report.error(document.place([index]), "invalid-links", 'each item needs a "name"');
    }
  }
}

function findTarget(link: WrittenLink, kind: "api" | "group", context: ReadContext): string | undefined {
  const id = kind === "api" ? splitRevision(link.id).id : link.id;
  const workspace = link.workspace ?? context.workspace;
  const found = context.names.find(kind, id, workspace);
  if (found !== undefined) return found;
  // The built-in groups belong to the service, also for the products of a workspace (2.19).
  if (kind === "group" && context.names.find(kind, id, undefined) !== undefined) {
    return context.names.find(kind, id, undefined);
  }
  const hint = didYouMean(id, context.names.all(kind, workspace));
  const report = kind === "api" ? context.report.error : context.report.warning;
  report.call(context.report, link.place, "unknown-reference", missingMessage(kind, id), hint);
  return undefined;
}
