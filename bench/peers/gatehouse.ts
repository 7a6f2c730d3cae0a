import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AUDIENCE, type Credentials, ROLE } from "../credentials.ts";
import type { ScenarioName } from "../names.ts";
import { ROUTES, routeName } from "../scenarios.ts";
import type { Peer } from "./peer.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The node gateway: an artifacts folder, served by the command people run. */
export const gatehouse: Peer = {
  name: "gatehouse",
  title: "Gatehouse (node)",
  worker: "one process",
  version() {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    return `${version} (Node.js ${process.versions.node})`;
  },
  absent: {},
  differs: { jwt: "verifies a token's signature once; its time and claims on every request" },
  configure(scenario, { folder, port, backendPort, credentials }) {
    for (const [path, content] of Object.entries(artifacts(scenario, backendPort, credentials))) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    }
    // Not bin/gatehouse, which starts the runtime as its child: what is measured is the gateway itself.
    const main = join(ROOT, "src", "cli", "main.ts");
    return { command: process.execPath, args: [main, "gateway", "--folder", folder, "--port", String(port)] };
  },
};

const GLOBAL_POLICY = `<policies>
  <inbound />
  <backend><forward-request /></backend>
  <outbound />
  <on-error />
</policies>
`;

/** Files of an artifacts folder by path. */
type Files = Record<string, string | object>;

function artifacts(scenario: ScenarioName, backendPort: number, credentials: Credentials): Files {
  const upstream = `http://127.0.0.1:${backendPort}`;
  const forward = { "policy.xml": GLOBAL_POLICY };
  switch (scenario) {
    case "key":
      return {
        ...forward,
        ...api("bench", upstream, keyPolicies(), true),
        ...subscriptions(credentials),
      };
    case "jwt":
      return { ...forward, ...api("bench", upstream, jwtPolicies(credentials)) };
    case "routes-1000":
      return Object.assign(forward, ...Array.from({ length: ROUTES }, (_, n) => api(routeName(n), upstream)));
    default:
      return { ...forward, ...api("bench", upstream) };
  }
}

function api(name: string, upstream: string, policies?: string, subscriptionRequired = false): Files {
  const operation = (operationId: string) => ({ operationId, responses: { "200": { description: "Done" } } });
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  return {
    [`apis/${name}/apiInformation.json`]: {
      properties: {
        displayName: name,
        path: name,
        protocols: ["http"],
        serviceUrl: `${upstream}/${name}`,
        subscriptionRequired,
      },
    },
    [`apis/${name}/specification.json`]: {
      openapi: "3.0.1",
      info: { title: name, version: "1" },
      paths: {
        "/items/{id}": { get: { ...operation("get-item"), parameters: [id] } },
        "/items": { post: operation("add-item") },
        "/body": { get: operation("get-body") },
      },
    },
    ...(policies ? { [`apis/${name}/policy.xml`]: policies } : {}),
  };
}

function keyPolicies(): string {
  return document(
    `<rate-limit calls="1000000" renewal-period="10" />
    <set-header name="x-caller" exists-action="override"><value>@(context.Subscription.Name)</value></set-header>`,
    `<set-header name="x-served-by" exists-action="override"><value>bench</value></set-header>`,
  );
}

function jwtPolicies({ signingKey }: Credentials): string {
  return document(
    `<validate-jwt header-name="Authorization" require-scheme="Bearer">
      <issuer-signing-keys><key id="${signingKey.id}" n="${signingKey.n}" e="${signingKey.e}" /></issuer-signing-keys>
      <audiences><audience>${AUDIENCE}</audience></audiences>
      <required-claims><claim name="role" match="any"><value>${ROLE}</value></claim></required-claims>
    </validate-jwt>`,
    "",
  );
}

function subscriptions({ keys }: Credentials): Files {
  const files: Files = {};
  for (const [caller, primaryKey] of keys) {
    files[`subscriptions/${caller}/subscriptionInformation.json`] = {
      properties: { displayName: caller, scope: "/apis/bench", state: "active", primaryKey },
    };
  }
  return files;
}

function document(inbound: string, outbound: string): string {
  return `<policies>
  <inbound><base />${inbound}</inbound>
  <backend><base /></backend>
  <outbound><base />${outbound}</outbound>
  <on-error><base /></on-error>
</policies>
`;
}
