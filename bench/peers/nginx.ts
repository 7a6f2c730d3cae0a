import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nginxArguments, nginxBase, nginxTemporary } from "../backend.ts";
import { AUDIENCE, ROLE } from "../credentials.ts";
import type { ScenarioName } from "../names.ts";
import { KEY_HEADER, ROUTES, routeName } from "../scenarios.ts";
import { type Peer, type PeerContext, versionOf } from "./peer.ts";

const NJS = "/usr/lib/nginx/modules/ngx_http_js_module.so";

/** NGINX, configured by hand as its documentation shows. */
export const nginx: Peer = {
  name: "nginx",
  title: "NGINX",
  worker: "worker_processes 1",
  version: () => versionOf("nginx", ["-v"], /nginx\/(\S+)/),
  absent: existsSync(NJS)
    ? {}
    : { jwt: "NGINX has no JWT but in NGINX Plus, and its njs module (libnginx-mod-http-js) is not installed" },
  differs: { jwt: "verifies the signature on every request, in JavaScript (njs with WebCrypto, auth_request)" },
  configure(scenario, context) {
    const file = join(context.folder, "nginx.conf");
    writeFileSync(file, configuration(scenario, context));
    return { command: "nginx", args: nginxArguments(context.folder, file) };
  },
};

function configuration(scenario: ScenarioName, context: PeerContext): string {
  const { folder, port, backendPort } = context;
  const { http, server } = rules(scenario, context);
  return `${scenario === "jwt" ? `load_module ${NJS};\n` : ""}${nginxBase(folder, "nginx")}
events { worker_connections 4096; }
http {
${nginxTemporary(folder, "nginx")}
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  upstream backend {
    server 127.0.0.1:${backendPort};
    keepalive 512;
    keepalive_requests 1000000000;
  }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_buffers 32 8k;
  proxy_request_buffering off;
${http}
  server {
    listen 127.0.0.1:${port} backlog=4096;
${server}
  }
}
`;
}

function rules(scenario: ScenarioName, { folder, credentials }: PeerContext): { http: string; server: string } {
  switch (scenario) {
    case "key": {
      const keys = [...credentials.keys].map(([caller, key]) => `    "${key}" ${caller};`).join("\n");
      return {
        http: `  map $http_${KEY_HEADER.toLowerCase().replaceAll("-", "_")} $caller {
    default "";
${keys}
  }
  limit_req_zone $caller zone=calls:10m rate=100000r/s;`,
        server: `    location / {
      if ($caller = "") { return 401; }
      limit_req zone=calls burst=100000 nodelay;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header x-caller $caller;
      add_header x-served-by bench;
      proxy_pass http://backend;
    }`,
      };
    }
    case "jwt":
      writeFileSync(join(folder, "jwt.js"), njsScript(credentials.signingKey.pem));
      return {
        http: `  js_path ${folder}/;\n  js_import jwt from jwt.js;`,
        server: `    location / {
      auth_request /_jwt;
      proxy_pass http://backend;
    }
    location = /_jwt {
      internal;
      js_content jwt.check;
    }`,
      };
    case "routes-1000": {
      const locations = Array.from(
        { length: ROUTES },
        (_, index) => `    location /${routeName(index)}/ { proxy_pass http://backend; }`,
      );
      return { http: "", server: `${locations.join("\n")}\n    location / { return 404; }` };
    }
    default:
      return { http: "", server: "    location / { proxy_pass http://backend; }" };
  }
}

/** njs starts every request with a fresh copy of the script's state, so the key is imported each time. */
function njsScript(pem: string): string {
  const der = pem.replace(/-----[^-]+-----|\s/g, "");
  return `const KEY = Buffer.from("${der}", "base64");
const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

async function check(r) {
  const good = await valid(r.headersIn.Authorization);
  r.return(good ? 204 : 401);
}

async function valid(authorization) {
  try {
    if (!authorization || !authorization.startsWith("Bearer ")) return false;
    const parts = authorization.slice(7).split(".");
    if (parts.length !== 3) return false;
    if (JSON.parse(Buffer.from(parts[0], "base64url")).alg !== "RS256") return false;
    const key = await crypto.subtle.importKey("spki", KEY, ALGORITHM, false, ["verify"]);
    const signature = Buffer.from(parts[2], "base64url");
    const verified = await crypto.subtle.verify(ALGORITHM, key, signature, parts[0] + "." + parts[1]);
    if (!verified) return false;
    const claims = JSON.parse(Buffer.from(parts[1], "base64url"));
    return claims.exp > Date.now() / 1000 && claims.aud === "${AUDIENCE}" && claims.role === "${ROLE}";
  } catch (e) {
    return false;
  }
}

export default { check };
`;
}
