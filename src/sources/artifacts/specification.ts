import type { Diagnostic } from "../../model/diagnostic.ts";
import type { DataDocument } from "../document/data-document.ts";
import { type ImportedApi, importOpenApi } from "../openapi/import.ts";
import type { RequiredQueryParameters } from "../openapi/parameters.ts";
import { Report } from "../report.ts";
import type { ReadContext } from "./context.ts";
import { displayName } from "./files.ts";
import type { ResourceFolder } from "./tree.ts";

interface Import {
  imported: ImportedApi | undefined;
  findings: readonly Diagnostic[];
}

/** Specifications that were imported before, by the document they were read from. */
export class ImportCache {
  readonly #imports = new WeakMap<DataDocument, Partial<Record<RequiredQueryParameters, Import>>>();

  import(document: DataDocument, required: RequiredQueryParameters, report: Report): ImportedApi | undefined {
    let known = this.#imports.get(document);
    if (!known) this.#imports.set(document, (known = {}));
    let done = known[required];
    if (!done) {
      const findings = new Report();
      const imported = importOpenApi(document, required, findings);
      done = known[required] = { imported, findings: findings.diagnostics };
    }
    for (const finding of done.findings) report.add(finding);
    return done.imported;
  }
}

/** Formats by extension that an API may be described in, and that are not read. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  graphql: "GraphQL schemas",
  gql: "GraphQL schemas",
  wsdl: "WSDL documents",
  wadl: "WADL documents",
  proto: "Protocol Buffers",
  xml: "XML specifications",
};

/** What the specification of an API says; `undefined` without one, `"unknown"` where there is one that cannot be read. */
export function readSpecification(
  folder: ResourceFolder,
  required: RequiredQueryParameters,
  context: ReadContext,
): ImportedApi | "unknown" | undefined {
  const specifications = [...folder.files].filter(([name]) => name.startsWith("specification."));
  const readable = specifications.filter(([name]) => /\.(json|ya?ml)$/.test(name));
  for (const [name, path] of specifications) {
    if (readable.some(([other]) => other === name)) continue;
    const extension = name.slice("specification.".length);
    const what = UNSUPPORTED[extension.toLowerCase()] ?? `files with the extension "${extension}"`;
    const message = `${what} are not supported yet: no operations are made from "${name}"`;
    context.report.warning(fileStart(path, context), "unsupported-specification", message);
  }
  const [first, second] = readable;
  if (!first) {
    hintAtMistypedName(folder, context);
    return specifications.length > 0 ? "unknown" : undefined;
  }
  if (second) {
    const message = `the API has two specifications: "${first[0]}" and "${second[0]}"`;
    context.report.error(fileStart(second[1], context), "duplicate-resource", message, "keep one of the two");
  }
  const document = context.documents.read(first[1], context.files, context.report);
  return (document && context.imports.import(document, required, context.report)) ?? "unknown";
}

function hintAtMistypedName(folder: ResourceFolder, context: ReadContext): void {
  const stray = folder.strays.find((name) =>
    /^(openapi|swagger|spec|specifications?|api).*\.(json|ya?ml)$/i.test(name),
  );
  if (stray === undefined) return;
  const place = fileStart(`${folder.path}/${stray}`, context);
  const hint = `rename it to specification.${stray.split(".").at(-1)}`;
  context.report.warning(place, "unknown-file", `"${stray}" is not read`, hint);
}

function fileStart(path: string, context: ReadContext): { file: string; line: number; column: number } {
  return { file: displayName(context.files, path), line: 1, column: 1 };
}
