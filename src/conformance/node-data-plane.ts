import type { RequestTraceReport } from "../engine/request-trace.ts";
import { readIdentitySettings } from "../gateway/identity/identity-settings.ts";
import type { IdentitySettings } from "../gateway/identity/identity-tokens.ts";
import { materialOf } from "../gateway/material.ts";
import { NodeGateway } from "../gateway/node-gateway.ts";
import type { AccessRecord } from "../model/access-record.ts";
import { formatDiagnostic } from "../model/diagnostic.ts";
import { compilePlan } from "../plan/compile.ts";
import { walkElements } from "../plan/compile-policies.ts";
import type { Plan } from "../plan/plan.ts";
import { parsePlan, serializePlan } from "../plan/plan-builder.ts";
import { policies } from "../policy/catalog/index.ts";
import type { Measurement } from "../policy/exchange/metrics.ts";
import { readArtifacts } from "../sources/artifacts/read.ts";
import type { DataPlane, Fidelity, GatewaySetup } from "./data-plane.ts";
import { RefusedError } from "./data-plane.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Azure machines answer for their identity here; with an upstream in its place the gateway has one. */
const AZURE_METADATA = "169.254.169.254";

/** The node gateway in this process. Plans go through their serialized form, as they travel to a real gateway. */
export const nodeDataPlane: DataPlane = {
  name: "node",
  features: new Set(["tls", "http2", "websocket", "live-change"]),
  async start(setup) {
    let records: AccessRecord[] = [];
    let traces: RequestTraceReport[] = [];
    let measurements: Measurement[] = [];
    const clock = setup.virtualTime ? new VirtualClock() : undefined;
    const first = compile(setup.files);
    const tls = setup.tls && {
      certificates: [{ cert: setup.tls.cert, key: setup.tls.key }],
      requestClientCertificate: true,
    };
    const gateway = await NodeGateway.start({
      ...first,
      listen: [{ host: "127.0.0.1", port: 0 }, ...(tls ? [{ host: "127.0.0.1", port: 0, tls }] : [])],
      enforceProtocols: false,
      upstream: {
        connectTo: (host) => setup.hosts[host],
        ...(setup.ca ? { ca: [setup.ca] } : {}),
      },
      record: (record) => records.push(record),
      measured: (measurement) => measurements.push(measurement),
      ...(clock ? { clock } : {}),
      ...(setup.tls ? { clientAuthorities: [setup.tls.ca] } : {}),
      ...identityOf(setup),
      ...(setup.traced
        ? {
            tracing: {
              traces: () => ({ showCredentials: true, requested: false }),
              done: (report) => traces.push(report),
            },
          }
        : {}),
    });
    const [http, https] = gateway.addresses;
    if (!http) throw new Error("The gateway has no listener.");
    return {
      http: { host: "127.0.0.1", port: http.port },
      https: https && { host: "127.0.0.1", port: https.port },
      async change(files) {
        const next = compile(files);
        gateway.apply(next.plan, next.material);
      },
      takeRecords() {
        const taken = records;
        records = [];
        return taken;
      },
      takeMeasurements() {
        const taken = measurements;
        measurements = [];
        return taken;
      },
      ...(clock ? { advance: (ms: number) => clock.advance(ms) } : {}),
      takeTraces() {
        const taken = traces;
        traces = [];
        return taken;
      },
      fidelity: policiesOf(first.plan),
      stop: () => gateway.stop(0),
    };
  },
};

function identityOf({ identity, hosts }: GatewaySetup): { identity?: IdentitySettings } {
  if (identity !== undefined) return { identity: readIdentitySettings(identity) };
  return hosts[AZURE_METADATA] ? { identity: { default: { source: "imds" } } } : {};
}

function compile(files: ReadonlyMap<string, string>): { plan: Plan; material: ReturnType<typeof materialOf> } {
  const read = readArtifacts({ root: "", files });
  const compiled = compilePlan(read.catalog);
  const errors = [...read.diagnostics, ...compiled.diagnostics].filter((d) => d.severity === "error");
  if (errors.length > 0 || !compiled.plan) {
    throw new RefusedError(`the files do not compile:\n${errors.map(formatDiagnostic).join("\n")}`, errors);
  }
  return { plan: parsePlan(serializePlan(compiled.plan)), material: materialOf(read.catalog) };
}

/** Every policy that the plan uses; the node plane carries all of them out itself. */
function policiesOf(plan: Plan): Record<string, Fidelity> {
  const used: Record<string, Fidelity> = {};
  for (const part of Object.values(plan.parts)) {
    if (part.kind !== "policy") continue;
    for (const element of walkElements(part)) if (policies.has(element.name)) used[element.name] = "native";
  }
  return used;
}
