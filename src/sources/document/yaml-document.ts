import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Document as YamlTree,
} from "yaml";
import type { SourceFile } from "../../model/source-text.ts";
import type { DataPath, Finding } from "./data-document.ts";
import { MAX_DEPTH } from "./json.ts";

/**
 * How many aliases there may be, and how many values each may stand for: a few lines must not unfold into gigabytes,
 * and the library looks through the document for each alias.
 */
const MAX_ALIASES = 1000;

function parse(text: string): YamlTree {
  // The library's own check for repeated names takes quadratic time; repeatedNames() does it instead.
  return parseDocument(text, { uniqueKeys: false, merge: true, prettyErrors: false, logLevel: "error" });
}

/** Values of a YAML text (one document); repeated names in a mapping are findings, and the last value counts. */
export function parseYaml(text: string): { value: unknown; findings: Finding[] } {
  const invalid = (offset: number, message: string): { value: unknown; findings: Finding[] } => ({
    value: undefined,
    findings: [{ code: "invalid-yaml", offset, message: `not valid YAML: ${message}` }],
  });
  try {
    const tree = parse(text);
    // The reader goes on after an error and then finds more that is none: the first counts.
    const error = tree.errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0];
    if (error) return invalid(error.pos[0], errorText(error));
    const names = repeatedNames(tree.contents);
    if (names.refused) return invalid(names.refused.offset, names.refused.message);
    return { value: tree.toJS({ maxAliasCount: MAX_ALIASES }), findings: names.findings };
  } catch (error) {
    if (error instanceof ReferenceError) return invalid(0, "its aliases stand for too much or for nothing");
    return invalid(0, error instanceof Error ? errorText(error) : String(error));
  }
}

function errorText(error: Error & { code?: string }): string {
  if (error.code === "MULTIPLE_DOCS") return "a file holds one document";
  if (error.message.includes("call stack") || error.message.includes("Stack overflow")) return "nested too deeply";
  return error.message.split("\n", 1)[0] as string;
}

/** Repeated names, and what makes the document unfit for walking it. */
function repeatedNames(root: unknown): { findings: Finding[]; refused?: { offset: number; message: string } } {
  const findings: Finding[] = [];
  let aliases = 0;
  const waiting: { node: unknown; depth: number }[] = [{ node: root, depth: 1 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, depth } = next;
    if (isAlias(node) && ++aliases > MAX_ALIASES) {
      return { findings, refused: { offset: start(node), message: `more than ${MAX_ALIASES} aliases` } };
    }
    if (!isCollection(node)) continue;
    if (depth > MAX_DEPTH) return { findings, refused: { offset: start(node), message: "nested too deeply" } };
    if (isSeq(node)) {
      for (const item of node.items) waiting.push({ node: item, depth: depth + 1 });
    } else if (isMap(node)) {
      const names = new Set<string>();
      for (const pair of node.items) {
        const name = keyText(pair.key);
        if (names.has(name) && name !== "<<") {
          const message = `the property "${name}" is given twice`;
          findings.push({ code: "duplicate-key", offset: start(pair.key), message });
        }
        names.add(name);
        waiting.push({ node: pair.value, depth: depth + 1 });
      }
    }
  }
  findings.sort((a, b) => a.offset - b.offset);
  return { findings };
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function start(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** Finds places in one YAML text; the text is read again on the first question, because most texts are never asked. */
export function yamlLocator(file: SourceFile): (path: DataPath) => { offset: number; text?: string } {
  let tree: YamlTree | undefined;
  return (path) => {
    tree ??= parse(file.text);
    let node: unknown = tree.contents;
    let offset = start(node);
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(tree);
      if (isMap(node)) {
        const pair = node.items.findLast((item) => keyText(item.key) === String(step));
        if (!pair) return { offset };
        offset = start(pair.key);
        node = pair.value;
      } else if (isSeq(node) && typeof step === "number" && node.items[step] !== undefined) {
        node = node.items[step];
        offset = start(node);
      } else return { offset };
    }
    if (isAlias(node)) node = node.resolve(tree);
    return isScalar(node) && node.source !== undefined ? { offset, text: node.source } : { offset };
  };
}
