import { Engine, type TracingOptions } from "../engine/engine.ts";
import type { RequestHandler } from "../engine/handler.ts";
import { LoadedPlan } from "../engine/loaded-plan.ts";
import type { AccessRecord } from "../model/access-record.ts";
import type { Plan } from "../plan/plan.ts";
import { DebugTraces } from "./debug-traces.ts";
import type { Material } from "./material.ts";
import { MetricsListener } from "./metrics/listener.ts";
import { prometheusText } from "./metrics/prometheus.ts";
import { Gateway, type GatewayOptions, type Listen } from "./server.ts";
import { SharedServices, type SharedServicesOptions } from "./shared-services.ts";

export interface NodeGatewayOptions extends SharedServicesOptions {
  plan: Plan;
  material: Material;
  listen: readonly Listen[];
  /** Where `GET /metrics` answers in Prometheus form; nowhere unless given. */
  metricsListen?: { host: string; port: number } | undefined;
  /** Receives one record per request. */
  record?: ((record: AccessRecord) => void) | undefined;
  /** Told of failures of the software itself. */
  unexpected?: ((error: unknown) => void) | undefined;
  /** Which requests are traced; default: none. */
  tracing?: TracingOptions | undefined;
  /** Refuse requests over a scheme that the API does not list; default: where a listener has TLS. */
  enforceProtocols?: boolean;
  limits?: GatewayOptions["limits"];
  timeouts?: GatewayOptions["timeouts"];
}

/** The node data plane: listeners, the services that outlive plans, and the engine of the plan in force. */
export class NodeGateway {
  readonly #options: NodeGatewayOptions;
  readonly #services: SharedServices;
  readonly #server: Gateway;
  readonly #metrics: MetricsListener | undefined;
  #loaded: LoadedPlan;

  private constructor(
    options: NodeGatewayOptions,
    services: SharedServices,
    server: Gateway,
    metrics: MetricsListener | undefined,
    loaded: LoadedPlan,
  ) {
    this.#options = options;
    this.#services = services;
    this.#server = server;
    this.#metrics = metrics;
    this.#loaded = loaded;
  }

  /** Resolves when the gateway serves the plan. @throws when a listener cannot listen or the plan cannot be loaded. */
  static async start(options: NodeGatewayOptions): Promise<NodeGateway> {
    const services = new SharedServices(options);
    const loaded = new LoadedPlan(options.plan);
    loaded.warm();
    const handler = engine(options, services, loaded, options.material);
    const server = await Gateway.start({
      listen: options.listen,
      handler,
      dialer: services.dialer,
      ...(options.limits ? { limits: options.limits } : {}),
      ...(options.timeouts ? { timeouts: options.timeouts } : {}),
      ...(options.unexpected ? { unexpected: options.unexpected } : {}),
    });
    const metrics = await metricsListener(options, services).catch(async (error: unknown) => {
      await server.stop({ drainMs: 0 });
      throw error;
    });
    return new NodeGateway(options, services, server, metrics, loaded);
  }

  /** Host and port of each listener, in the order given. */
  get addresses(): { host: string; port: number }[] {
    return this.#server.addresses;
  }

  /** Where metrics are served, if anywhere. */
  get metricsAddress(): { host: string; port: number } | undefined {
    return this.#metrics?.address;
  }

  /** Name of the plan in force. */
  get planName(): string {
    return this.#loaded.plan.name;
  }

  /**
   * Puts another plan in force: requests from now on run on it, those under way end on theirs. Where it cannot be loaded,
   * the plan in force stays. @throws what was wrong with it.
   */
  apply(plan: Plan, material: Material): void {
    const loaded = new LoadedPlan(plan, this.#loaded);
    loaded.warm();
    this.#server.setHandler(engine(this.#options, this.#services, loaded, material));
    this.#loaded = loaded;
  }

  /** Takes no further requests, lets those under way end for `drainMs` at most, then closes everything. */
  async stop(drainMs = 10_000): Promise<void> {
    await this.#server.stop({ drainMs });
    await this.#metrics?.close();
    await this.#services.close();
  }
}

async function metricsListener(
  { metricsListen }: NodeGatewayOptions,
  { metrics }: SharedServices,
): Promise<MetricsListener | undefined> {
  return metricsListen && MetricsListener.start(metricsListen, () => prometheusText(metrics));
}

function engine(
  options: NodeGatewayOptions,
  shared: SharedServices,
  loaded: LoadedPlan,
  material: Material,
): RequestHandler {
  const made = new Engine(loaded, {
    services: shared.forPlan(loaded, material),
    gateway: options.deployment?.gatewayId ?? "managed",
    record: options.record,
    unexpected: options.unexpected,
    tracing: options.tracing,
    enforceProtocols: options.enforceProtocols ?? options.listen.some((listen) => listen.tls !== undefined),
  });
  return options.tracing instanceof DebugTraces ? options.tracing.inFrontOf(made) : made;
}
