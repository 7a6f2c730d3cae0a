// `npm start`: installs what is missing and brings up the gateway with a sample API.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { installDependencies } from "./dependencies.mjs";
import { nodeRuntime, root } from "./node-runtime.mjs";

const node = nodeRuntime();
installDependencies();
const child = spawn(node, [join(root, "src", "cli", "main.ts"), "up", ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 0 : 1)));
