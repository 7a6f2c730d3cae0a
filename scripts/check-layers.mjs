// Proves that imports go down the layers of docs/architecture.md only. Prints each import that goes up; exit code 1 then.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src", import.meta.url));

/** Top to bottom. A file may import from its own layer and from those below it. */
const LAYERS = [
  "cli",
  "control",
  "conformance",
  "sources",
  "dataplanes",
  "gateway",
  "engine",
  "plan",
  "policy/testing",
  "policy/description",
  "policy/catalog",
  "policy/compiler",
  "policy/expression",
  "policy/exchange",
  "policy/document",
  "model",
];

/** Pairs that look downward in the list but have nothing to do with each other. */
const APART = [
  ["sources", "dataplanes"],
  ["sources", "gateway"],
  ["sources", "engine"],
];

const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^;'"]*?["'](\.[^"']+)["']|\bimport\(\s*["'](\.[^"']+)["']\s*\)/g;

const violations = [];
let files = 0;
for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.tsx?$/.test(entry.name)) continue;
  files++;
  const file = join(entry.parentPath, entry.name);
  const from = layerOf(file);
  const test = /\.test\.tsx?$/.test(entry.name);
  if (from === undefined) {
    violations.push(`${relative(source, file)} stands in no layer; layers: ${LAYERS.join(", ")}`);
    continue;
  }
  for (const match of readFileSync(file, "utf8").matchAll(IMPORT)) {
    const target = resolve(dirname(file), match[1] ?? match[2]);
    if (relative(source, target).startsWith("..")) continue;
    const to = layerOf(target);
    if (to === undefined || to === from || (test && to === "policy/testing")) continue;
    if (LAYERS.indexOf(to) < LAYERS.indexOf(from)) {
      violations.push(
        `${relative(source, file)} (${from}) imports ${relative(source, target)} (${to}), which is a higher layer`,
      );
    } else if (to === "policy/testing" || APART.some(([a, b]) => a === from && b === to)) {
      violations.push(
        `${relative(source, file)} (${from}) imports ${relative(source, target)} (${to}), which is not its business`,
      );
    }
  }
}

function layerOf(file) {
  const path = relative(source, file).replaceAll("\\", "/");
  return LAYERS.find((layer) => path.startsWith(`${layer}/`));
}

for (const violation of violations) console.error(violation);
console.log(`${files} files, ${violations.length} imports against the layers`);
process.exit(violations.length === 0 ? 0 : 1);
