import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AUDIENCE, ROLE } from "../credentials.ts";
import type { ScenarioName } from "../names.ts";
import { KEY_HEADER, ROUTES, routeName } from "../scenarios.ts";
import { type Peer, type PeerContext, versionOf } from "./peer.ts";

/** HAProxy, configured by hand as its documentation shows. */
export const haproxy: Peer = {
  name: "haproxy",
  title: "HAProxy",
  worker: "nbthread 1",
  version: () => versionOf("haproxy", ["-v"], /version (\S+?)(?:-\S+)? /),
  absent: {},
  differs: { jwt: "verifies the signature on every request" },
  configure(scenario, context) {
    const file = join(context.folder, "haproxy.cfg");
    writeFileSync(file, configuration(scenario, context));
    return { command: "haproxy", args: ["-db", "-f", file] };
  },
};

function configuration(scenario: ScenarioName, context: PeerContext): string {
  const { frontend, tables } = rules(scenario, context);
  return `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  option forwardfor
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend bench
  bind 127.0.0.1:${context.port}
${frontend.map((line) => `  ${line}\n`).join("")}${tables}backend upstream
  http-reuse always
  server backend 127.0.0.1:${context.backendPort}
`;
}

function rules(scenario: ScenarioName, context: PeerContext): { frontend: string[]; tables: string } {
  const { folder, credentials } = context;
  switch (scenario) {
    case "key": {
      const map = join(folder, "keys.map");
      writeFileSync(map, [...credentials.keys].map(([caller, key]) => `${key} ${caller}\n`).join(""));
      return {
        frontend: [
          `http-request set-var(txn.caller) req.hdr(${KEY_HEADER}),map_str(${map})`,
          "http-request deny deny_status 401 unless { var(txn.caller) -m found }",
          "http-request track-sc0 var(txn.caller) table calls",
          "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }",
          "http-request set-header x-caller %[var(txn.caller)]",
          "http-response set-header x-served-by bench",
          "default_backend upstream",
        ],
        tables: "backend calls\n  stick-table type string len 32 size 100k expire 10s store http_req_rate(10s)\n",
      };
    }
    case "jwt": {
      const pem = join(folder, "key.pem");
      writeFileSync(pem, credentials.signingKey.pem);
      return {
        frontend: [
          "http-request set-var(txn.token) http_auth_bearer",
          "http-request deny deny_status 401 unless { var(txn.token) -m found }",
          "http-request set-var(txn.alg) var(txn.token),jwt_header_query('$.alg')",
          "http-request deny deny_status 401 unless { var(txn.alg) -m str RS256 }",
          `http-request deny deny_status 401 unless { var(txn.token),jwt_verify(txn.alg,"${pem}") 1 }`,
          "http-request set-var(txn.now) date()",
          "http-request set-var(txn.exp) var(txn.token),jwt_payload_query('$.exp','int')",
          "http-request deny deny_status 401 unless { var(txn.exp),sub(txn.now) -m int gt 0 }",
          `http-request deny deny_status 401 unless { var(txn.token),jwt_payload_query('$.aud') -m str ${AUDIENCE} }`,
          `http-request deny deny_status 401 unless { var(txn.token),jwt_payload_query('$.role') -m str ${ROLE} }`,
          "default_backend upstream",
        ],
        tables: "",
      };
    }
    case "routes-1000": {
      const map = join(folder, "routes.map");
      const routes = Array.from({ length: ROUTES }, (_, index) => `/${routeName(index)}/ upstream\n`);
      writeFileSync(map, routes.join(""));
      return {
        frontend: [
          `http-request set-var(txn.route) path,map_beg(${map})`,
          "http-request return status 404 unless { var(txn.route) -m found }",
          "use_backend %[var(txn.route)]",
        ],
        tables: "",
      };
    }
    default:
      return { frontend: ["default_backend upstream"], tables: "" };
  }
}
