import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Launch } from "./processes.ts";
import { GREETING, LARGE } from "./scenarios.ts";

/**
 * The backend behind every peer. NGINX where it is installed, because it costs least and so leaves the processor to
 * the peers; else a small server of Node.js.
 * With `x-check` in the request, the answer's `x-seen-caller` is the request's `x-caller`.
 */
export function backend(folder: string, port: number, nginx: boolean): { title: string; launch: Launch } {
  if (!nginx) {
    const script = fileURLToPath(new URL("backend-server.ts", import.meta.url));
    return { title: "node:http", launch: { command: process.execPath, args: [script, String(port)] } };
  }
  writeFileSync(join(folder, "body"), "x".repeat(LARGE));
  const file = join(folder, "backend.conf");
  writeFileSync(file, nginxBackend(folder, port));
  return { title: "NGINX", launch: { command: "nginx", args: nginxArguments(folder, file) } };
}

/** Arguments under which NGINX stays in the foreground and writes nowhere but in the folder. */
export function nginxArguments(folder: string, file: string): string[] {
  return ["-p", folder, "-c", file, "-e", join(folder, "nginx-error.log")];
}

/** What every NGINX of the benchmark begins with: one worker that reads the run's folder. */
export function nginxBase(folder: string, name: string): string {
  return `${process.getuid?.() === 0 ? "user root;\n" : ""}worker_processes 1;
daemon off;
pid ${folder}/${name}.pid;
error_log ${folder}/${name}-error.log crit;
`;
}

/** Where NGINX may put temporary files. */
export function nginxTemporary(folder: string, name: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return kinds.map((kind) => `  ${kind}_temp_path ${folder}/${name}-${kind};`).join("\n");
}

function nginxBackend(folder: string, port: number): string {
  return `${nginxBase(folder, "backend")}
events { worker_connections 8192; }
http {
${nginxTemporary(folder, "backend")}
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=10;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  default_type text/plain;
  map $http_x_check $seen { "" ""; default $http_x_caller; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      add_header x-seen-caller $seen;
      return 200 "${GREETING.replace("\n", "\\n")}";
    }
    location = /bench/body { alias ${folder}/body; }
  }
}
`;
}
