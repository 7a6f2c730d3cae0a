import type { OperationResource } from "../../../model/catalog.ts";
import { didYouMean } from "../../../model/nearest.ts";
import { valueAt } from "../../document/data-document.ts";
import type { ImportedApi, ImportedOperation } from "../../openapi/import.ts";
import { normalizeOperationId } from "../../openapi/operation-names.ts";
import { type Place, Report } from "../../report.ts";
import type { ReadContext } from "../context.ts";
import { childrenOf, folderPlace, type ResourceFolder } from "../tree.ts";
import { asResource, readOperation } from "./operation.ts";

/**
 * The operations of an API: those of its specification, with what `operations/{x}/` says about them, and those that
 * only such folders describe. A folder's name is the operation's name.
 */
export function readOperations(
  api: ResourceFolder,
  specification: ImportedApi | "unknown" | undefined,
  context: ReadContext,
): OperationResource[] {
  const imported = typeof specification === "object" ? specification.operations : [];
  const index = new ImportedIndex(imported);
  const claimed = new Map<ImportedOperation, OperationResource | undefined>();
  const added: OperationResource[] = [];
  for (const folder of childrenOf(api, "operation")) {
    const match = index.find(folder, context);
    const operation = readOperation(folder, match, context);
    if (match) claimed.set(match, operation);
    else if (operation) added.push(operation);
    else if (folder.infos.length === 0 && specification !== "unknown") {
      const message = `the operation "${folder.name}" does not exist in the API "${api.name}"`;
      const names = imported.flatMap((other) => [other.operationId ?? other.id, other.id]);
      const place = folderPlace(folder, context.files);
      context.report.error(place, "unknown-operation", message, didYouMean(folder.name, names));
    }
  }
  const described = imported.flatMap((operation) =>
    claimed.has(operation) ? (claimed.get(operation) ?? []) : [asResource(operation)],
  );
  return withoutDuplicates([...described, ...added], context);
}

/**
 * Finds the imported operation that a folder belongs to: by its name, by the operation id as written, by what the
 * service makes of an id, or, for a folder that describes its own, by method and template. Each is found once.
 */
class ImportedIndex {
  readonly #byOperationId = new Map<string, ImportedOperation>();
  readonly #byId = new Map<string, ImportedOperation>();
  readonly #byRoute = new Map<string, ImportedOperation>();
  readonly #found = new Set<ImportedOperation>();

  constructor(imported: readonly ImportedOperation[]) {
    for (const operation of imported) {
      if (operation.operationId !== undefined) this.#byOperationId.set(operation.operationId, operation);
      this.#byId.set(operation.id, operation);
      this.#byRoute.set(routeKey(operation.method, operation.urlTemplate), operation);
    }
  }

  find(folder: ResourceFolder, context: ReadContext): ImportedOperation | undefined {
    const candidates = [
      this.#byOperationId.get(folder.name),
      this.#byId.get(folder.name.toLowerCase()),
      this.#byId.get(normalizeOperationId(folder.name)),
    ];
    const found =
      candidates.find((operation) => operation !== undefined && !this.#found.has(operation)) ??
      this.#byRoute.get(folderRoute(folder, context) ?? "");
    if (!found || this.#found.has(found)) return undefined;
    this.#found.add(found);
    return found;
  }
}

/** Method and template of a folder's information file, unchecked. */
function folderRoute(folder: ResourceFolder, context: ReadContext): string | undefined {
  const path = folder.infos[0];
  if (path === undefined) return undefined;
  const document = context.documents.read(path, context.files, new Report());
  const method = valueAt(document?.value, ["properties", "method"]);
  const urlTemplate = valueAt(document?.value, ["properties", "urlTemplate"]);
  return typeof method === "string" && typeof urlTemplate === "string" ? routeKey(method, urlTemplate) : undefined;
}

function routeKey(method: string, urlTemplate: string): string {
  return `${method} ${urlTemplate}`.toLowerCase();
}

function withoutDuplicates(operations: readonly OperationResource[], context: ReadContext): OperationResource[] {
  const routes = new Map<string, OperationResource>();
  const shapes = new Map<string, OperationResource>();
  return operations.filter((operation) => {
    const key = routeKey(operation.method, operation.urlTemplate);
    const other = routes.get(key);
    const place = (): Place => ({
      file: operation.origin.file,
      line: 1,
      column: 1,
      ...operation.origin.locate?.(["properties", "urlTemplate"]),
    });
    if (other) {
      const route = `${operation.method} ${operation.urlTemplate}`;
      const message = `operation with the same method and URL template already exists: ${route} ("${other.id}")`;
      context.report.error(place(), "duplicate-operation", message);
      return false;
    }
    routes.set(key, operation);
    const shape = key.replace(/\{\*?[^{}]*\}/g, "{}");
    const similar = shapes.get(shape);
    if (similar) {
      const message = `"${operation.id}" and "${similar.id}" answer the same requests; the first counts`;
      context.report.warning(place(), "ambiguous-operation", message);
    } else shapes.set(shape, operation);
    return true;
  });
}
