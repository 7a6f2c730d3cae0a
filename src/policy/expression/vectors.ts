import { SourceText } from "../../model/source-text.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { type Enumerable, enumerate, isEnumerable } from "./clr/collections/protocol.ts";
import { ClrException } from "./clr/exceptions.ts";
import { simpleName } from "./clr/system/clr-names.ts";
import { compileExpression, loadExpression } from "./compile.ts";
import { toText, typeName } from "./convert.ts";
import type { Dialect } from "./dialect.ts";

/** One line of a vectors file: an expression and what a .NET runtime gave for it. */
export interface Vector {
  expression: string;
  /** Simple type name, `null`, `sequence`, or `throws X`. */
  type: string;
  /** The value as text, or the exception's message (which differs between runtimes and is not compared). */
  value: string;
}

export interface VectorResult extends Vector {
  actualType: string;
  actualValue: string;
  passed: boolean;
}

/** Reads one line, `expression TAB type TAB value`; undefined for comments and blank lines. */
export function readVector(line: string): Vector | undefined {
  if (line.trim() === "" || line.startsWith("#")) return undefined;
  const [expression = "", type = "", value = ""] = line.replace(/\r$/, "").split("\t");
  return { expression, type, value: unescapeText(value) };
}

function unescapeText(text: string): string {
  return text.replace(/\\([nrt\\])/g, (_, c: string) =>
    c === "n" ? "\n" : c === "r" ? "\r" : c === "t" ? "\t" : "\\",
  );
}

/** Evaluates a C# expression (`@( )` or `@{ }` may stand around it) as the vectors do: its type's simple name and its value as text. */
export function evaluateText(expression: string, x: Exchange, dialect?: Dialect): { type: string; value: string } {
  const wrapped = /^@[({]/.test(expression) ? expression : `@(${expression})`;
  const { compiled, diagnostics } = compileExpression(SourceText.of(wrapped), dialect);
  if (!compiled) return { type: "does not compile", value: diagnostics.map((d) => d.message).join("; ") };
  try {
    const result = loadExpression(compiled.js, dialect)(x);
    if (result === null) return { type: "null", value: "null" };
    return { type: simpleName(typeName(result)), value: show(result) };
  } catch (error) {
    if (error instanceof ClrException) return { type: `throws ${simpleName(error.clrName)}`, value: error.message };
    return { type: `throws ${error instanceof Error ? error.name : "unknown"}`, value: String(error) };
  }
}

function show(value: unknown): string {
  if (typeof value === "string" || !isSequence(value)) return toText(value) ?? "null";
  return `[${Array.from(enumerate(value), (item) => toText(item) ?? "null").join("|")}]`;
}

function isSequence(value: unknown): value is Enumerable {
  return isEnumerable(value) && typeof value !== "string";
}

/** Evaluates one line of a vectors file; undefined for comments and blank lines. */
export function evaluateVector(line: string, x: Exchange, dialect?: Dialect): VectorResult | undefined {
  const vector = readVector(line);
  if (!vector) return undefined;
  const { type, value } = evaluateText(vector.expression, x, dialect);
  const sameType = vector.type === "sequence" ? value.startsWith("[") : vector.type === type;
  const passed = sameType && (vector.type.startsWith("throws ") || vector.value === value);
  return { ...vector, actualType: type, actualValue: value, passed };
}
