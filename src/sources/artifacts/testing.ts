import type { Catalog } from "../../model/catalog.ts";
import { formatDiagnostic } from "../../model/diagnostic.ts";
import { type ReadOptions, readArtifacts } from "./read.ts";

/** Content of a file in a test: text as it is, anything else as JSON. */
export type TestFiles = Readonly<Record<string, unknown>>;

/** Reads artifacts from memory; findings as lines, `file:line:column severity message (hint)`. */
export function readTestFiles(files: TestFiles, options?: ReadOptions): { catalog: Catalog; findings: string[] } {
  const texts = Object.entries(files).map(([path, content]): [string, string] => [
    path,
    typeof content === "string" ? content : JSON.stringify(content, null, 2),
  ]);
  const { catalog, diagnostics } = readArtifacts({ root: "", files: new Map(texts) }, options);
  return { catalog, findings: diagnostics.map(formatDiagnostic) };
}

/** Files of an API that is sound, by its id. */
export function apiFiles(id: string, properties: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    [`apis/${id}/apiInformation.json`]: {
      properties: { displayName: id, path: id, serviceUrl: "http://backend.test", ...properties },
    },
    [`apis/${id}/specification.json`]: {
      openapi: "3.0.1",
      info: { title: id, version: "1" },
      paths: { "/": { get: { operationId: "get-root", responses: { "200": { description: "ok" } } } } },
    },
  };
}
