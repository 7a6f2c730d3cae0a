import { SourceFile } from "../../model/source-text.ts";
import type { Place, Report } from "../report.ts";
import { locateJson, parseJson } from "./json-document.ts";
import { parseYaml, yamlLocator } from "./yaml-document.ts";

/** The way to a value from the document's root: property names and array indexes. */
export type DataPath = readonly (string | number)[];

/** Something wrong with a text as JSON or YAML, at a 0-based offset. */
export interface Finding {
  code: string;
  offset: number;
  message: string;
}

/** Finds the places of values in one JSON or YAML text. Holds the text, not the values. */
export interface Locator {
  /** The property's name (the item itself in an array), or the nearest value around a missing one. */
  place(path: DataPath): Place;
  /** A scalar as it is written: YAML reads `1.10` as a number, but a version means the text. */
  written(path: DataPath): string | undefined;
}

/** A JSON or YAML document: its value, and where each part of it stands. */
export interface DataDocument extends Locator {
  readonly file: string;
  readonly value: unknown;
  /** What places need when the values are no longer wanted. */
  readonly locator: Locator;
  /** False where the text can be read but is wrong all the same (repeated names). */
  readonly sound: boolean;
}

/** UTF-16 code units that one file may have. YAML takes about 100 times its size in memory while it is read. */
const MAX_JSON = 64 * 1024 * 1024;
const MAX_YAML = 8 * 1024 * 1024;

const YAML_NAME = /\.ya?ml$/i;

/**
 * Reads JSON (`.json`) or YAML (`.yaml`, `.yml`), as the file's name says.
 * @param file name for findings.
 * @returns undefined when the text cannot be read; the reasons are in the report.
 */
export function parseDataDocument(file: string, text: string, report: Report): DataDocument | undefined {
  const yaml = YAML_NAME.test(file);
  const limit = yaml ? MAX_YAML : MAX_JSON;
  if (text.length > limit) {
    const size = `${text.length} characters, more than the ${limit} that are read`;
    report.error({ file, line: 1, column: 1 }, "file-too-large", `the file has ${size}`);
    return undefined;
  }
  const source = new SourceFile(file, text);
  const { value, findings } = yaml ? parseYaml(text) : parseJson(text);
  for (const finding of findings) {
    report.error({ file, ...source.position(finding.offset) }, finding.code, finding.message);
  }
  if (value === undefined) return undefined;
  const locator = locatorOf(source, yaml);
  return { file, value, locator, place: locator.place, written: locator.written, sound: findings.length === 0 };
}

function locatorOf(source: SourceFile, yaml: boolean): Locator {
  const find = yaml ? yamlLocator(source) : (path: DataPath) => locateJson(source, path);
  return {
    place: (path) => ({ file: source.name, ...source.position(find(path).offset) }),
    written: (path) => find(path).text,
  };
}

/** True for an object that is not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at `path`, or undefined. Only own properties count. */
export function valueAt(value: unknown, path: DataPath): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}
