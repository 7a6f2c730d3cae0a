// `npm run bench:language`: what expressions and policies cost by themselves.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { installDependencies } from "./dependencies.mjs";
import { nodeRuntime, root } from "./node-runtime.mjs";

const node = nodeRuntime();
installDependencies();
const flags = ["--expose-gc", "--max-semi-space-size=256"];
const { status } = spawnSync(node, [...flags, join(root, "bench", "language", "main.ts")], { stdio: "inherit" });
process.exit(status ?? 1);
