import { createPublicKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { DebugTraces } from "../../gateway/debug-traces.ts";
import { materialFromEnvironment } from "../../gateway/material.ts";
import { NodeGateway, type NodeGatewayOptions } from "../../gateway/node-gateway.ts";
import type { Plan } from "../../plan/plan.ts";
import { parsePlan } from "../../plan/plan-builder.ts";
import { verifyPlan } from "../../plan/signature.ts";
import { parseUrl } from "../../policy/exchange/url.ts";
import { type IdentityCommandOptions, identityOptions } from "../identity-options.ts";
import { collect, connectTo, portNumber, seconds } from "../options.ts";
import { CommandError } from "../output.ts";
import { runUntilSignal } from "../run-until-signal.ts";
import { serveFolder, short } from "../serve-folder.ts";

interface GatewayCommandOptions extends IdentityCommandOptions {
  folder?: string;
  plan?: string;
  trust?: string;
  secrets?: string;
  watch?: boolean;
  host: string;
  port: number;
  tlsPort?: number;
  tlsCert?: string;
  tlsKey?: string;
  clientCertificates?: boolean;
  connectTo: string[];
  drain: number;
  quotaFile?: string;
  logFolder?: string;
  daprAddress?: string;
  metricsPort?: number;
  debugTokenFile?: string;
  accessLog?: boolean;
}

export function gatewayCommand(): Command {
  return new Command("gateway")
    .description("Run the node gateway on a plan or on an artifacts folder")
    .option("--folder <dir>", "artifacts folder to compile and serve")
    .option("--plan <file>", "plan to serve, as `gatehouse plan --out` wrote it")
    .option(
      "--watch",
      "with --folder: apply changes as they are saved; what does not compile is reported and not applied",
    )
    .option("--trust <key>", "with --plan: Ed25519 public key (PEM); FILE.sig beside the plan must be its signature")
    .option("--secrets <file>", 'with --plan: JSON file of secret named values, { "name": "value" }')
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "HTTP port; 0 for any free one", portNumber, 8080)
    .option("--tls-port <number>", "HTTPS port (HTTP/2 and HTTP/1.1)", portNumber)
    .option("--tls-cert <file>", "certificate chain, PEM")
    .option("--tls-key <file>", "private key, PEM")
    .option("--client-certificates", "ask TLS clients for a certificate, for policies to check")
    .option("--client-ca <file>", "authorities (PEM) whose clients are trusted, besides public ones and the folder's")
    .option("--identity-file <file>", "JSON file with the gateway's identities (default: from the environment)")
    .option("--entra-authority <url>", "base address of Microsoft Entra ID, for other clouds and for tests")
    .option(
      "--connect-to <name=address>",
      "send connections to backend NAME[:port] to HOST:PORT instead; may be repeated",
      collect,
      [],
    )
    .option("--drain <seconds>", "how long running requests may take when stopping", seconds, 10)
    .option("--debug-token-file <file>", "requests with this token in Apim-Debug-Authorization are traced step by step")
    .option("--quota-file <file>", "keep the totals of quotas in this file, so that they survive a restart")
    .option("--log-folder <dir>", "folder of the files that loggers write (default: logs)")
    .option("--dapr-address <url>", "base address of the Dapr sidecar (default: http://localhost:3500)")
    .option("--metrics-port <number>", "serve GET /metrics (Prometheus text) on this port", portNumber)
    .option("--access-log", "print one JSON line per request")
    .addHelpText(
      "after",
      `
Secrets of a plan come from --secrets or from environment variables: the named value "api-key" from GATEHOUSE_SECRET_API_KEY.

Examples:
  gatehouse gateway --folder my-artifacts --watch --access-log
  gatehouse gateway --plan plan.json --trust release-key.pub.pem --host 0.0.0.0 --port 80
  gatehouse gateway --folder my-artifacts --connect-to orders.internal=127.0.0.1:3000`,
    )
    .action(async (options: GatewayCommandOptions) => {
      if ((options.folder === undefined) === (options.plan === undefined)) {
        throw new CommandError("Name either --folder or --plan.");
      }
      const common = listenOptions(options);
      const { gateway, stop } = options.folder
        ? await serveFolder({ ...common, folder: options.folder, watch: options.watch ?? false })
        : await servePlan(options.plan as string, options, common);
      for (const { host, port } of gateway.addresses) console.error(`Listening on ${host}:${port}`);
      const metrics = gateway.metricsAddress;
      if (metrics) console.error(`Metrics on http://${metrics.host}:${metrics.port}/metrics`);
      console.error(`Serving plan ${short(gateway.planName)}. Stop with Ctrl-C.`);
      await runUntilSignal(() => stop(options.drain * 1000));
    });
}

function listenOptions(options: GatewayCommandOptions): Omit<NodeGatewayOptions, "plan" | "material"> {
  const listen: NodeGatewayOptions["listen"][number][] = [{ host: options.host, port: options.port }];
  if (options.tlsPort !== undefined) {
    if (!options.tlsCert || !options.tlsKey) throw new CommandError("--tls-port needs --tls-cert and --tls-key.");
    const certificates = [{ cert: read(options.tlsCert), key: read(options.tlsKey) }];
    const requestClientCertificate = options.clientCertificates ?? false;
    listen.push({ host: options.host, port: options.tlsPort, tls: { certificates, requestClientCertificate } });
  }
  return {
    listen,
    upstream: { connectTo: connectTo(options.connectTo) },
    ...identityOptions(options, process.env),
    unexpected: (error) => console.error(error),
    ...(options.debugTokenFile === undefined ? {} : { tracing: new DebugTraces(debugToken(options.debugTokenFile)) }),
    ...(options.metricsPort === undefined ? {} : { metricsListen: { host: options.host, port: options.metricsPort } }),
    ...(options.quotaFile === undefined ? {} : { quotaFile: options.quotaFile }),
    ...(options.logFolder === undefined ? {} : { logFolder: options.logFolder }),
    ...(options.daprAddress === undefined ? {} : { daprAddress: httpAddress(options.daprAddress) }),
    ...(options.accessLog ? { record: (record) => console.log(JSON.stringify(record)) } : {}),
  };
}

function httpAddress(text: string): string {
  if (/^https?$/.test(parseUrl(text)?.scheme ?? "")) return text;
  throw new CommandError(`--dapr-address: "${text}" is not an absolute http or https URL.`);
}

async function servePlan(
  file: string,
  options: GatewayCommandOptions,
  common: Omit<NodeGatewayOptions, "plan" | "material">,
): Promise<{ gateway: NodeGateway; stop: (drainMs?: number) => Promise<void> }> {
  const plan = readPlan(file, options.trust);
  const material = materialFromEnvironment(plan.root, options.secrets, process.env);
  for (const missing of material.missing) console.error(`warning: ${missing}; requests that need it will fail`);
  const gateway = await NodeGateway.start({ ...common, plan, material });
  return { gateway, stop: (drainMs) => gateway.stop(drainMs) };
}

function readPlan(file: string, trust: string | undefined): Plan {
  let plan: Plan;
  try {
    plan = parsePlan(read(file));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`"${file}" cannot be served: ${(error as Error).message}`);
  }
  if (trust !== undefined && !verifyPlan(plan, read(`${file}.sig`), createPublicKey(read(trust)))) {
    throw new CommandError(`"${file}.sig" is not the signature of this plan by the key in "${trust}".`);
  }
  return plan;
}

function read(file: string): string {
  if (!existsSync(file)) throw new CommandError(`There is no file "${file}".`);
  return readFileSync(file, "utf8");
}

/** The token in a file. A short one could be guessed, and with it what requests hold. */
function debugToken(file: string): string {
  const token = read(file).trim();
  if (token.length < 16)
    throw new CommandError(`The debug token in "${file}" is too short: take 16 characters or more.`);
  return token;
}
