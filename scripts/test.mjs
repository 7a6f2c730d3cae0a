// `npm test`: type check, lint, layers, unused code, unit and end-to-end tests, conformance. Installs what is missing.
// The last line counts everything: `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { installDependencies } from "./dependencies.mjs";
import { nodeRuntime, root } from "./node-runtime.mjs";

const node = nodeRuntime();
installDependencies();
const scratch = mkdtempSync(join(tmpdir(), "gatehouse-test-"));
const environment = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}`, FORCE_COLOR: "0" };
const total = { passed: 0, failed: 0, skipped: 0 };
const notes = [];

const tool = (...path) => join(root, "node_modules", ...path);
const checks = [
  ["type check", [tool("typescript", "bin", "tsc"), "--noEmit"]],
  ["lint and format", [tool("@biomejs", "biome", "bin", "biome"), "ci", "--error-on-warnings", "."]],
  ["layers", [join(root, "scripts", "check-layers.mjs")]],
  ["unused code and dependencies", [tool("knip", "bin", "knip.js"), "--no-progress"]],
];

await inTurn(
  checks.map(
    ([name, args]) =>
      () =>
        check(name, args),
  ),
);
await inTurn([() => unitTests(), () => conformance("node")]);
rmSync(scratch, { recursive: true, force: true });
for (const note of notes) console.log(note);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);

/** A check that passes or fails as a whole; its output is shown when it fails. */
async function check(name, args) {
  const { code, output, seconds } = await run(args);
  total[code === 0 ? "passed" : "failed"]++;
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
  if (code !== 0) console.log(output);
}

async function unitTests() {
  const report = join(scratch, "vitest.json");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const { code, output, seconds } = await run([tool("vitest", "vitest.mjs"), "run", ...reporters]);
  const result = readJson(report);
  const failed = result?.numFailedTests ?? 0;
  // A file that does not load fails without a failed test in it.
  const broken = (result?.testResults ?? []).filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failures = code === 0 ? failed : Math.max(failed + broken.length, 1);
  const skipped = (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
  count("unit and end-to-end tests", result?.numPassedTests ?? 0, failures, skipped, seconds);
  if (failures > 0) console.log(output);
  for (const file of result?.testResults ?? []) {
    for (const test of file.assertionResults) {
      if (["pending", "skipped", "todo"].includes(test.status)) notes.push(`skipped: ${test.fullName}`);
    }
  }
}

async function conformance(plane) {
  const { output, errors, seconds } = await run([
    join(root, "src", "cli", "main.ts"),
    "conformance",
    "--dataplane",
    plane,
    "--json",
    "--check-docs",
  ]);
  const result = parseJson(output);
  if (!result) {
    count(`conformance on ${plane}`, 0, 1, 0, seconds);
    console.log(output + errors);
    return;
  }
  count(`conformance on ${plane}`, result.passed, result.failed, result.skipped, seconds);
  for (const one of result.cases) {
    if (one.status === "failed") console.log(`FAIL ${one.file}: ${one.name}\n${one.reason}`);
    if (one.status === "skipped") notes.push(`skipped: ${one.file}: ${one.name}: ${one.reason}`);
  }
}

function count(name, passed, failed, skipped, seconds) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  console.log(
    `${failed === 0 ? "ok  " : "FAIL"} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`,
  );
}

/** Two at a time: the checks are independent, and small machines have two cores. */
async function inTurn(jobs) {
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await job();
  };
  await Promise.all([worker(), worker()]);
}

function run(args) {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(node, args, { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.on("close", (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      resolve({ code, output: args.includes("--json") ? output : output + errors, errors, seconds });
    });
  });
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
