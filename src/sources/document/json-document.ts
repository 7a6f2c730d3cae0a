import type { SourceFile } from "../../model/source-text.ts";
import type { DataPath, Finding } from "./data-document.ts";
import { type JsonError, scanJson } from "./json.ts";

type Container = unknown[] | Record<string, unknown>;

/** Values of a JSON text; a repeated property name is a finding, and its last value counts. */
export function parseJson(text: string): { value: unknown; findings: Finding[] } {
  const findings: Finding[] = [];
  const open: { container: Container; names: Set<string> | undefined; key: string }[] = [];
  let root: unknown;
  const put = (value: unknown) => {
    const parent = open.at(-1);
    if (!parent) root = value;
    else if (Array.isArray(parent.container)) parent.container.push(value);
    else setOwn(parent.container, parent.key, value);
  };
  const error = scanJson(text, {
    open(kind) {
      const container: Container = kind === "array" ? [] : {};
      put(container);
      open.push({ container, names: kind === "object" ? new Set() : undefined, key: "" });
    },
    close: () => void open.pop(),
    key(name, offset) {
      const parent = open.at(-1);
      if (!parent?.names) return;
      if (parent.names.has(name)) {
        findings.push({ code: "duplicate-key", offset, message: `the property "${name}" is given twice` });
      }
      parent.names.add(name);
      parent.key = name;
    },
    scalar: put,
  });
  if (error) findings.push(syntaxFinding(error));
  return { value: error ? undefined : root, findings };
}

function syntaxFinding(error: JsonError): Finding {
  return { code: "invalid-json", offset: error.offset, message: `not valid JSON: ${error.message}` };
}

/** Assigns as JSON means it: a name such as `__proto__` is a property like any other. */
export function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else target[name] = value;
}

/**
 * Where the value at `path` is written: offset of its name (of the value itself in an array), and the end of a scalar.
 * Falls back to the nearest value around it.
 */
export function locateJson(file: SourceFile, path: DataPath): { offset: number; text?: string } {
  let found: { offset: number; text?: string } = { offset: 0 };
  let foundDepth = -1;
  const open: { index: number; key: string; keyOffset: number; array: boolean; matched: boolean }[] = [];

  /** Called at the beginning of each value; true when its place is on the path. */
  const enter = (offset: number): boolean => {
    const parent = open.at(-1);
    const depth = open.length;
    if (!parent) {
      found = { offset };
      foundDepth = 0;
      return true;
    }
    const step = parent.array ? parent.index++ : parent.key;
    if (!parent.matched || depth > path.length || String(path[depth - 1]) !== String(step)) return false;
    if (depth >= foundDepth) {
      found = { offset: parent.array ? offset : parent.keyOffset };
      foundDepth = depth;
    }
    return true;
  };
  scanJson(file.text, {
    open(kind, offset) {
      const matched = enter(offset);
      open.push({ index: 0, key: "", keyOffset: 0, array: kind === "array", matched });
    },
    close: () => void open.pop(),
    key(name, offset) {
      const parent = open.at(-1);
      if (!parent) return;
      parent.key = name;
      parent.keyOffset = offset;
    },
    scalar(_value, offset, end) {
      if (enter(offset) && open.length === path.length) found.text = file.text.slice(offset, end);
    },
  });
  return found;
}
