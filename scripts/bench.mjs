// `npm run bench`: installs the peers that are missing and runs the benchmark.
// A peer that cannot be had is no failure: the benchmark names it with the reason given here.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installDependencies } from "./dependencies.mjs";
import { nodeRuntime, root } from "./node-runtime.mjs";

/** Debian packages by the file that proves them. */
const DEBIAN = [
  { package: "wrk", binary: "wrk" },
  { package: "haproxy", binary: "haproxy" },
  { package: "nginx", binary: "nginx" },
  { package: "libnginx-mod-http-js", file: "/usr/lib/nginx/modules/ngx_http_js_module.so" },
  { package: "caddy", binary: "caddy" },
];

/** Packages of the Fastify peer, pinned so that runs compare; not among the project's dependencies. */
const NPM = {
  fastify: "5.12.8",
  "@fastify/http-proxy": "11.6.3",
  "@fastify/jwt": "10.2.8",
  "@fastify/rate-limit": "11.2.0",
};

const APT = "/usr/bin/apt-get";
const args = process.argv.slice(2);
const node = nodeRuntime();
installDependencies();
const missing = args.includes("--help") || args.includes("-h") ? {} : { ...installDebian(), ...installNpm() };
const child = spawn(node, [join(root, "bench", "main.ts"), ...args], {
  stdio: "inherit",
  env: { ...process.env, GATEHOUSE_BENCH_MISSING: JSON.stringify(missing) },
});
// The benchmark ends what it started and then itself; a second signal is not needed.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));

/** Installs absent Debian packages. Gives the reason for each that stays absent. */
function installDebian() {
  const absent = DEBIAN.filter((entry) => !isPresent(entry));
  if (absent.length === 0) return {};
  const refuse = (reason) => Object.fromEntries(absent.map((entry) => [entry.package, reason]));
  const command = `apt-get install ${absent.map((entry) => entry.package).join(" ")}`;
  if (!existsSync(APT)) return refuse("not installed, and this system has no apt-get");
  if (process.getuid?.() !== 0) return refuse(`not installed; as root: ${command}`);
  console.error(`Installing ${absent.map((entry) => entry.package).join(", ")} …`);
  const failures = {};
  let updated = false;
  // One at a time: a package this release does not have must not keep the others away.
  for (const entry of absent) {
    let result = aptGet("install", entry.package);
    if (result.status !== 0 && !updated) {
      updated = true;
      aptGet("update");
      result = aptGet("install", entry.package);
    }
    if (!isPresent(entry)) failures[entry.package] = `apt-get install failed: ${lastLine(result.stderr)}`;
  }
  return failures;
}

/** Services must not come up by the mere installing, on port 80 of all places: runlevel 1 keeps them down. */
function aptGet(verb, ...packages) {
  const options = ["-y", "-q", "--no-install-recommends"];
  return spawnSync(APT, [verb, ...options, ...packages], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
  });
}

function isPresent({ binary, file }) {
  if (file) return existsSync(file);
  return `${process.env.PATH}:/usr/sbin`.split(delimiter).some((folder) => existsSync(join(folder, binary)));
}

function installNpm() {
  const folder = join(root, ".tools", "bench");
  const manifest = join(folder, "package.json");
  const wanted = `${JSON.stringify({ private: true, dependencies: NPM }, null, 2)}\n`;
  const installed = existsSync(join(folder, "node_modules", "fastify", "package.json"));
  if (installed && existsSync(manifest) && readFileSync(manifest, "utf8") === wanted) return {};
  console.error("Installing @fastify/http-proxy …");
  mkdirSync(folder, { recursive: true });
  writeFileSync(manifest, wanted);
  const flags = ["--prefix", folder, "--no-package-lock", "--ignore-scripts", "--no-fund", "--no-audit"];
  const result = spawnSync("npm", ["install", ...flags, "--loglevel=error"], { cwd: folder, encoding: "utf8" });
  if (result.status === 0) return {};
  // The next run tries again.
  writeFileSync(manifest, "{}\n");
  return { fastify: `npm install failed: ${lastLine(result.stderr)}` };
}

function lastLine(text) {
  return (text ?? "").trim().split("\n").at(-1) || "no message";
}
