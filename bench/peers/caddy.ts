import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ScenarioName } from "../names.ts";
import { KEY_HEADER, ROUTES, routeName } from "../scenarios.ts";
import { type Peer, type PeerContext, versionOf } from "./peer.ts";

/** Caddy, as Debian builds it: without the modules people add by building it themselves. */
export const caddy: Peer = {
  name: "caddy",
  title: "Caddy",
  worker: "GOMAXPROCS=1",
  version: () => versionOf("caddy", ["version"], /v?(\d+\.\d+\.\d+)/),
  absent: { jwt: "Caddy's standard build has no JWT" },
  differs: { key: "no rate limit: Caddy's standard build has none" },
  configure(scenario, context) {
    const { folder } = context;
    const file = join(folder, "Caddyfile");
    writeFileSync(file, configuration(scenario, context));
    return {
      command: "caddy",
      args: ["run", "--config", file, "--adapter", "caddyfile"],
      env: { GOMAXPROCS: "1", HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    };
  },
};

function configuration(scenario: ScenarioName, context: PeerContext): string {
  return `{
  admin off
  auto_https off
  log {
    output discard
  }
}
:${context.port} {
  bind 127.0.0.1
${rules(scenario, context)}
}
`;
}

function rules(scenario: ScenarioName, { credentials, backendPort }: PeerContext): string {
  const proxy = (headers = "") =>
    `reverse_proxy 127.0.0.1:${backendPort} {${headers}
    transport http {
      keepalive_idle_conns_per_host 512
    }
  }`;
  switch (scenario) {
    case "key": {
      const keys = [...credentials.keys].map(([caller, key]) => `    ${key} ${caller}`).join("\n");
      return `  map {header.${KEY_HEADER}} {caller} {
${keys}
    default none
  }
  @unknown vars {caller} none
  respond @unknown 401
  header x-served-by bench
  ${proxy("\n    header_up x-caller {caller}")}`;
    }
    case "routes-1000": {
      const routes = Array.from(
        { length: ROUTES },
        (_, index) => `  handle /${routeName(index)}/* {\n  ${proxy()}\n  }`,
      );
      return `${routes.join("\n")}\n  handle {\n    respond 404\n  }`;
    }
    default:
      return `  ${proxy()}`;
  }
}
