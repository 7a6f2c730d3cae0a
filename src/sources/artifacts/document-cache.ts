import type { Diagnostic } from "../../model/diagnostic.ts";
import { type DataDocument, parseDataDocument } from "../document/data-document.ts";
import { Report } from "../report.ts";
import { type ArtifactFiles, displayName, fileText } from "./files.ts";

interface Entry {
  text: string;
  document: DataDocument | undefined;
  findings: readonly Diagnostic[];
}

/**
 * JSON and YAML documents that were read before, so that a folder of ten thousand files with one changed file is read
 * again without parsing the others. One cache belongs to one folder.
 */
export class DocumentCache {
  #before: ReadonlyMap<string, Entry> = new Map();
  #now = new Map<string, Entry>();

  /** Begins a reading: what the reading does not ask for is forgotten when the next one begins. */
  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** The document in a file, or undefined; what is wrong with it goes to the report each time. */
  read(path: string, files: ArtifactFiles, report: Report): DataDocument | undefined {
    const file = displayName(files, path);
    const text = fileText(files, path);
    let entry = this.#now.get(file) ?? this.#before.get(file);
    if (entry?.text !== text) {
      const findings = new Report();
      const document = parseDataDocument(file, text, findings);
      entry = { text, document, findings: findings.diagnostics };
    }
    this.#now.set(file, entry);
    for (const finding of entry.findings) report.add(finding);
    return entry.document;
  }
}
