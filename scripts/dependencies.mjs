// Installs the packages of the lock file when they are missing or another lock file's.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm, root } from "./node-runtime.mjs";

/** Makes node_modules match package-lock.json; does nothing when it already does. */
export function installDependencies() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const marker = join(root, "node_modules", ".gatehouse-lock");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  console.error("Installing the dependencies …");
  // Not `npm ci`: it refuses a lock file made where the registry lacks the optional packages of other platforms.
  npm(["install", "--no-save", "--include=dev", "--no-fund", "--no-audit", "--loglevel=error"]);
  writeFileSync(marker, wanted);
}
