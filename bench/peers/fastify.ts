import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AUDIENCE, ROLE } from "../credentials.ts";
import { KEY_HEADER, ROUTES, routeName } from "../scenarios.ts";
import type { Peer } from "./peer.ts";

/** Where scripts/bench.mjs installs it; not among the project's dependencies. */
const TOOLS = fileURLToPath(new URL("../../.tools/bench", import.meta.url));

/** What the server of this peer (fastify-server.mjs) reads. */
interface FastifySettings {
  tools: string;
  scenario: string;
  port: number;
  upstream: string;
  keyHeader: string;
  /** Callers by subscription key. */
  callers: Record<string, string>;
  publicKey: string;
  audience: string;
  role: string;
  routes: string[];
}

/** @fastify/http-proxy: what people build a gateway from on Node.js. */
export const fastify: Peer = {
  name: "fastify",
  title: "@fastify/http-proxy",
  worker: "one process",
  version() {
    const version = (name: string) => {
      const file = join(TOOLS, "node_modules", name, "package.json");
      if (!existsSync(file)) throw new Error("not installed: run npm run bench, which installs it");
      return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
    };
    return `${version("@fastify/http-proxy")} (Fastify ${version("fastify")}, Node.js ${process.versions.node})`;
  },
  absent: {},
  differs: { jwt: "verifies the signature on every request (@fastify/jwt as it comes)" },
  configure(scenario, { folder, port, backendPort, credentials }) {
    const file = join(folder, "settings.json");
    const settings: FastifySettings = {
      tools: TOOLS,
      scenario,
      port,
      upstream: `http://127.0.0.1:${backendPort}`,
      keyHeader: KEY_HEADER.toLowerCase(),
      callers: Object.fromEntries([...credentials.keys].map(([caller, key]) => [key, caller])),
      publicKey: credentials.signingKey.pem,
      audience: AUDIENCE,
      role: ROLE,
      routes: Array.from({ length: ROUTES }, (_, index) => `/${routeName(index)}`),
    };
    writeFileSync(file, JSON.stringify(settings));
    const script = fileURLToPath(new URL("fastify-server.mjs", import.meta.url));
    return { command: process.execPath, args: [script, file], env: { NODE_ENV: "production" } };
  },
};
