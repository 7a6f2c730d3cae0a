// Finds a Node.js that runs the sources (TypeScript directly), fetching the pinned one by npm where the system's is older.
// Runs on the system's own Node 20, so it is plain JavaScript without dependencies.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Oldest major version that runs the sources, and the version that is fetched. */
const OLDEST = 24;
const PINNED = "26.10.0";

/** Path of a suitable node binary. Ends the process with a message when none can be had. */
export function nodeRuntime() {
  if (Number(process.versions.node.split(".")[0]) >= OLDEST) return process.execPath;
  const folder = join(root, ".tools", "node");
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const binary = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(binary) && versionOf(binary) === `v${PINNED}`) return binary;
  console.error(
    `Fetching Node.js ${PINNED} (this system has ${process.version}; the sources need ${OLDEST} or newer) …`,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const flags = ["--prefix", folder, "--no-save", "--no-package-lock", "--no-fund", "--no-audit", "--loglevel=error"];
  npm(["install", ...flags, `${name}@${PINNED}`]);
  if (!existsSync(binary)) {
    console.error(
      `npm has no Node.js package for this platform (${name}). Install Node.js ${OLDEST} or newer and run again.`,
    );
    process.exit(1);
  }
  return binary;
}

/** Runs npm in the checkout, output shown only when it fails. */
export function npm(args) {
  const command = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (result.status === 0) return;
  console.error(`npm ${args.join(" ")} failed:\n${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}`);
  process.exit(1);
}

function versionOf(binary) {
  return spawnSync(binary, ["--version"], { encoding: "utf8" }).stdout?.trim();
}
