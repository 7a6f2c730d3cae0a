import type { RequestTraceReport } from "../engine/request-trace.ts";
import type { AccessRecord } from "../model/access-record.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Measurement } from "../policy/exchange/metrics.ts";
import type { Credentials } from "./certificate-authority.ts";
import type { LocalAddress } from "./upstreams.ts";

/** How a policy is enforced on a data plane. */
export type Fidelity = "native" | "delegated" | "refused";

/** What a case runs on: a gateway that was given the case's files and is listening. */
export interface RunningGateway {
  http: LocalAddress;
  /** TLS listener that accepts client certificates; only where the case asks for one. */
  https: LocalAddress | undefined;
  /** Puts other files in force; resolves when every request from now on runs on them. */
  change(files: ReadonlyMap<string, string>): Promise<void>;
  /** Access records since the last call. */
  takeRecords(): AccessRecord[];
  /** What policies have measured since the last call; only where the plane's metrics can be told. */
  takeMeasurements?(): Measurement[];
  /** Sets virtual time forward; only where the setup asked for it. */
  advance?(ms: number): void;
  /** Traces since the last call; only where the setup asked for them. */
  takeTraces?(): RequestTraceReport[];
  /** Policy element name to how it is enforced. */
  fidelity: Readonly<Record<string, Fidelity>>;
  stop(): Promise<void>;
}

export interface GatewaySetup {
  files: ReadonlyMap<string, string>;
  /** Names of the kit and where they are served. */
  hosts: Readonly<Record<string, LocalAddress>>;
  /** Credentials of the TLS listener, and the CA that client certificates and TLS upstreams are checked with. */
  tls: (Credentials & { ca: string }) | undefined;
  ca: string | undefined;
  /** Identities of the gateway, as its settings file describes them. */
  identity: unknown;
  /** Time that `wait` sets forward instead of waiting, for planes that can. */
  virtualTime: boolean;
  /** Record which policies ran and what each changed, for planes that can. */
  traced: boolean;
}

/** The files do not compile, or the plane refuses the plan. */
export class RefusedError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(message: string, diagnostics: readonly Diagnostic[]) {
    super(message);
    this.name = "RefusedError";
    this.diagnostics = diagnostics;
  }
}

/** A kind of data plane that cases run on. */
export interface DataPlane {
  name: string;
  /** Features that cases may need. */
  features: ReadonlySet<string>;
  /** @throws {RefusedError} */
  start(setup: GatewaySetup): Promise<RunningGateway>;
}
