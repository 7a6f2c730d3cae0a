import { type DataDocument, type DataPath, isRecord, valueAt } from "../document/data-document.ts";
import type { Report } from "../report.ts";

/** An object of the document, and where it stands. */
export interface Located {
  value: Record<string, unknown>;
  at: DataPath;
}

/** References that may lead to one another before it is a circle. */
const MAX_HOPS = 32;

/** Follows `$ref`s inside one document. Other files and addresses are never read. */
export class References {
  readonly document: DataDocument;
  readonly #report: Report;
  readonly #reported = new Set<string>();

  constructor(document: DataDocument, report: Report) {
    this.document = document;
    this.#report = report;
  }

  /**
   * The object that a value is or refers to.
   * @param severity how bad a reference that leads nowhere is.
   * @returns undefined where there is no object; a wrong reference is reported once.
   */
  resolve(value: unknown, at: DataPath, severity: "error" | "warning"): Located | undefined {
    let current = value;
    let place = at;
    for (let hops = 0; hops <= MAX_HOPS; hops++) {
      if (!isRecord(current)) return undefined;
      const target = current.$ref;
      if (typeof target !== "string") return { value: current, at: place };
      const path = pointerPath(target);
      const found = path && valueAt(this.document.value, path);
      if (!path || found === undefined) {
        this.#wrong(target, [...place, "$ref"], path === undefined, severity);
        return undefined;
      }
      current = found;
      place = path;
    }
    const circle = `circle ${at.join("/")}`;
    if (!this.#reported.has(circle)) {
      this.#reported.add(circle);
      this.#add(severity, [...at, "$ref"], "circular-reference", "the reference leads back to itself");
    }
    return undefined;
  }

  #wrong(target: string, at: DataPath, external: boolean, severity: "error" | "warning"): void {
    if (this.#reported.has(target)) return;
    this.#reported.add(target);
    const shown = target.length > 200 ? `${target.slice(0, 200)}…` : target;
    if (external) {
      const message = `the reference "${shown}" leads out of the file, which is not supported`;
      this.#add(severity, at, "external-reference", message, "bundle the specification into one file");
    } else this.#add(severity, at, "unknown-reference", `the reference "${shown}" leads nowhere`);
  }

  #add(severity: "error" | "warning", at: DataPath, code: string, message: string, hint?: string): void {
    this.#report[severity](this.document.place(at), code, message, hint);
  }
}

/** `#/components/schemas/A~1B` as a path; undefined for anything outside of the document. */
export function pointerPath(reference: string): string[] | undefined {
  if (reference === "#") return [];
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((segment) => decode(segment).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
