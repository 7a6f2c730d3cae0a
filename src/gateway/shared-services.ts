import type { LoadedPlan } from "../engine/loaded-plan.ts";
import type { CredentialProviderPart, Hash, LoggerPart, Plan } from "../plan/plan.ts";
import type { Measurement } from "../policy/exchange/metrics.ts";
import type { Clock, DeploymentInfo, Services } from "../policy/exchange/services.ts";
import { MemoryCache } from "./cache/memory.ts";
import { ClientCertificateStore } from "./certificates/client-certificates.ts";
import { systemClock } from "./clock.ts";
import { MemoryCounters } from "./counters/memory.ts";
import { QuotaFile } from "./counters/quota-file.ts";
import { ConnectionStore } from "./identity/credential-connections.ts";
import { GatewayIdentities, type IdentitySettings } from "./identity/identity-tokens.ts";
import { LoggerStore } from "./loggers/logger-store.ts";
import type { Material } from "./material.ts";
import { MemoryMetrics } from "./metrics/memory.ts";
import { OpenIdKeyStore } from "./openid-keys.ts";
import { PlanBackends } from "./upstream/backends.ts";
import { UpstreamClient, type UpstreamOptions } from "./upstream/client.ts";
import type { Dialer } from "./upstream/dial.ts";

export interface SharedServicesOptions {
  clock?: Clock;
  upstream?: UpstreamOptions;
  deployment?: Partial<DeploymentInfo>;
  /** Bytes of a body that policies may bring into memory. */
  bodyBytes?: number;
  /** Told of every measurement that a policy makes, besides its being added up. */
  measured?: ((measurement: Measurement) => void) | undefined;
  /** File that keeps the totals of quotas over restarts; without one they begin anew. */
  quotaFile?: string;
  /** Identities of the gateway's own, for the tokens that policies and backends ask for. */
  identity?: IdentitySettings;
  /** Base address of Microsoft Entra ID; default that of the public cloud. */
  entraAuthority?: string;
  /** Base address of the Dapr sidecar; default `http://localhost:3500`. */
  daprAddress?: string;
  /** Folder of the files that loggers write; default `logs`. */
  logFolder?: string;
  /** Authorities (PEM) whose clients' certificates are trusted, besides the public ones and those of the plan. */
  clientAuthorities?: readonly string[];
}

const PUBLIC_ENTRA = "https://login.microsoftonline.com";
const LOCAL_DAPR = "http://localhost:3500";
const DEFAULT_BODY_BYTES = 8 << 20;

/** What outlives plans: connections, counters, caches, issuers' keys. */
export class SharedServices {
  readonly #clock: Clock;
  readonly #http: UpstreamClient;
  readonly #counters: MemoryCounters;
  readonly #quotas: QuotaFile | undefined;
  readonly #cache: MemoryCache;
  readonly #openIdKeys: OpenIdKeyStore;
  readonly #entraAuthority: string;
  readonly #daprAddress: string;
  readonly #identities: GatewayIdentities;
  readonly #connections: ConnectionStore;
  readonly #clientCertificates: ClientCertificateStore;
  readonly #loggers: LoggerStore;
  /** What policies have measured. */
  readonly metrics: MemoryMetrics;
  readonly #concurrency = new Map<string, number>();
  readonly #deployment: DeploymentInfo;
  readonly #bodyBytes: number;
  /** Those of the newest plan: unchanged backends hand on what they have learnt. */
  #backends: PlanBackends | undefined;

  constructor(options: SharedServicesOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#http = new UpstreamClient(options.upstream);
    this.#counters = new MemoryCounters(this.#clock);
    this.#quotas = options.quotaFile === undefined ? undefined : new QuotaFile(options.quotaFile, this.#counters);
    this.#cache = new MemoryCache(this.#clock);
    this.#openIdKeys = new OpenIdKeyStore(this.#http, this.#clock);
    this.#entraAuthority = (options.entraAuthority ?? PUBLIC_ENTRA).replace(/\/+$/, "");
    this.#daprAddress = options.daprAddress ?? LOCAL_DAPR;
    const { identity = {}, clientAuthorities = [] } = options;
    this.#identities = new GatewayIdentities(this.#http, this.#clock, identity, this.#entraAuthority);
    this.#connections = new ConnectionStore(this.#http, this.#clock);
    this.#clientCertificates = new ClientCertificateStore(this.#http, this.#clock, clientAuthorities);
    this.metrics = new MemoryMetrics(this.#clock, { measured: options.measured });
    this.#loggers = new LoggerStore({
      http: this.#http,
      clock: this.#clock,
      metrics: this.metrics,
      identityTokens: this.#identities,
      folder: options.logFolder ?? "logs",
    });
    this.#bodyBytes = options.bodyBytes ?? DEFAULT_BODY_BYTES;
    this.#deployment = {
      region: "local",
      serviceId: "gatehouse",
      serviceName: "gatehouse",
      gatewayId: "managed",
      instanceId: "managed",
      managed: true,
      ...options.deployment,
    };
  }

  get dialer(): Dialer {
    return this.#http.dialer;
  }

  /** The services of one plan: the shared ones, and what the plan and this machine's material bring. */
  forPlan(loaded: LoadedPlan, material: Material): Services {
    const { root } = loaded.plan;
    const certificates = new Map<string, { cert: string; key: string | undefined }>();
    for (const { id, thumbprint, certificate } of root.certificates) {
      const found = { cert: certificate, key: material.keys.get(id) };
      certificates.set(id.toLowerCase(), found);
      certificates.set(thumbprint.toLowerCase(), found);
    }
    const secret = (name: string) => {
      const value = material.secrets.get(name);
      if (value === undefined) throw new Error(`This gateway was not given the secret named value "${name}".`);
      return value;
    };
    const certificate = (idOrThumbprint: string) => certificates.get(idOrThumbprint.toLowerCase());
    this.#backends = new PlanBackends({
      backends: loaded.backends,
      clock: this.#clock,
      secret,
      certificate,
      identityTokens: this.#identities,
      previous: this.#backends,
    });
    return {
      clock: this.#clock,
      http: this.#http,
      backends: this.#backends,
      counters: this.#counters,
      cache: this.#cache,
      externalCache: undefined,
      openIdKeys: this.#openIdKeys,
      entraAuthority: this.#entraAuthority,
      daprAddress: this.#daprAddress,
      identityTokens: this.#identities,
      credentialConnections: this.#connections.forPlan(credentialProviders(loaded.plan), secret),
      clientCertificates: this.#clientCertificates.forPlan(root.certificates),
      metrics: this.metrics,
      loggers: this.#loggers.forPlan(loggersOf(loaded.plan), secret),
      concurrency: this.#concurrency,
      random: Math.random,
      secret,
      certificate,
      certificateIds: () => root.certificates.map(({ id }) => id),
      limits: { bodyBytes: this.#bodyBytes },
      deployment: { ...this.#deployment, serviceName: root.service },
    };
  }

  async close(): Promise<void> {
    this.#quotas?.close();
    await this.#loggers.close();
    await this.#http.destroy();
  }
}

function loggersOf({ root, parts }: Plan): { hash: Hash; part: LoggerPart }[] {
  return (root.loggers ?? []).flatMap((hash) => {
    const part = parts[hash];
    return part?.kind === "logger" ? [{ hash, part }] : [];
  });
}

function credentialProviders({ root, parts }: Plan): { hash: Hash; part: CredentialProviderPart }[] {
  return (root.credentialProviders ?? []).flatMap((hash) => {
    const part = parts[hash];
    return part?.kind === "credential-provider" ? [{ hash, part }] : [];
  });
}
