import type { BackendPart, Hash } from "../../plan/plan.ts";
import { PolicyError } from "../../policy/exchange/errors.ts";
import { type IdentityTokens, TokenUnavailableError } from "../../policy/exchange/identity.ts";
import type { BackendChoice, Backends, BackendTls, Clock, OutgoingRequest } from "../../policy/exchange/services.ts";
import type { UrlParts } from "../../policy/exchange/url.ts";
import { Breaker, type Outcome } from "./breaker.ts";
import { addBearer, addCredentials, resolveText, type SecretResolver } from "./credentials.ts";
import { type Rotated, Rotation } from "./rotation.ts";

/** What backends need of their gateway. */
export interface BackendsOptions {
  /** The plan's backends with the hashes of their parts. */
  backends: readonly { hash: Hash; part: BackendPart }[];
  clock: Clock;
  secret: SecretResolver;
  certificate: (idOrThumbprint: string) => { cert: string; key: string | undefined } | undefined;
  identityTokens: IdentityTokens;
  /** The backends of the plan before: those whose part is unchanged keep what they have learnt. */
  previous?: PlanBackends | undefined;
}

type Member = Rotated & { id: string };

/** What a backend has learnt; outlives the plan where the backend does. */
interface Learnt {
  breaker: Breaker | undefined;
  rotation: Rotation<Member> | undefined;
}

/** The backends of a plan: single ones and pools, with circuit breakers (policy reference 10.6). */
export class PlanBackends implements Backends {
  readonly #byId = new Map<string, { part: BackendPart; learnt: Learnt; choice: SingleBackend | undefined }>();
  readonly #learnt = new Map<Hash, Learnt>();
  readonly #clock: Clock;

  constructor(options: BackendsOptions) {
    this.#clock = options.clock;
    for (const { hash, part } of options.backends) {
      const learnt = options.previous?.learntBy(hash) ?? {
        breaker: part.breaker ? new Breaker(part.breaker) : undefined,
        rotation: part.type === "Pool" ? new Rotation<Member>(part.members) : undefined,
      };
      this.#learnt.set(hash, learnt);
      const choice = part.type === "Single" ? new SingleBackend(part, learnt.breaker, options) : undefined;
      this.#byId.set(part.id, { part, learnt, choice });
    }
  }

  choose(id: string): BackendChoice {
    const found = this.#byId.get(id);
    if (!found) throw unknown(id);
    const now = this.#clock.now();
    const { choice, learnt } = found;
    if (choice) {
      if (learnt.breaker && !learnt.breaker.closed(now)) throw unavailable([learnt.breaker], now);
      return choice.ready();
    }
    const member = learnt.rotation?.next((candidate) => {
      const single = this.#byId.get(candidate.id);
      return single?.choice !== undefined && (single.learnt.breaker?.closed(now) ?? true);
    });
    const single = member && this.#byId.get(member.id)?.choice;
    if (single) return single.ready();
    const breakers = found.part.members.map((one) => this.#byId.get(one.id)?.learnt.breaker);
    throw unavailable(breakers, now);
  }

  base(id: string): UrlParts | undefined {
    return this.#byId.get(id)?.part.url ?? undefined;
  }

  type(id: string): "Single" | "Pool" | undefined {
    return this.#byId.get(id)?.part.type;
  }

  /** For the backends of the next plan. */
  learntBy(hash: Hash): Learnt | undefined {
    return this.#learnt.get(hash);
  }
}

/** A backend that can be called. One object for all requests. */
class SingleBackend implements BackendChoice {
  readonly id: string;
  readonly #part: BackendPart;
  readonly #breaker: Breaker | undefined;
  readonly #options: BackendsOptions;
  #made: { base: UrlParts; tls: BackendTls; proxy: OutgoingRequest["proxy"] } | undefined;

  constructor(part: BackendPart, breaker: Breaker | undefined, options: BackendsOptions) {
    this.id = part.id;
    this.#part = part;
    this.#breaker = breaker;
    this.#options = options;
  }

  /** Makes what the first call needs. @throws {PolicyError} where the backend has no URL, or a secret or key is missing. */
  ready(): this {
    this.#made ??= this.#make();
    return this;
  }

  get base(): UrlParts {
    return (this.#made ??= this.#make()).base;
  }

  get tls(): BackendTls | undefined {
    return (this.#made ??= this.#make()).tls;
  }

  get proxy(): OutgoingRequest["proxy"] {
    return (this.#made ??= this.#make()).proxy;
  }

  authorize(request: OutgoingRequest): void | Promise<void> {
    const part = this.#part;
    if (part.headers.length > 0 || part.query.length > 0 || part.authorization) {
      addCredentials(part, request, this.#options.secret);
    }
    if (part.identity) return this.#identify(part.identity, request);
  }

  /** Sends a token of the gateway's identity; it replaces any other Authorization. */
  #identify(identity: NonNullable<BackendPart["identity"]>, request: OutgoingRequest): void | Promise<void> {
    const { identityTokens, secret } = this.#options;
    const clientId = identity.clientId === null ? undefined : resolveText(identity.clientId, secret);
    const failed = (error: unknown) => {
      if (!(error instanceof TokenUnavailableError)) throw error;
      throw misconfigured(`The backend "${this.id}" needs a token of the gateway's identity. ${error.message}`);
    };
    try {
      const token = identityTokens.token(resolveText(identity.resource, secret), clientId);
      if (typeof token === "string") return addBearer(request, token);
      return token.then((arrived) => addBearer(request, arrived), failed);
    } catch (error) {
      failed(error);
    }
  }

  report(outcome: Outcome): void {
    this.#breaker?.report(outcome, this.#options.clock.now());
  }

  #make(): { base: UrlParts; tls: BackendTls; proxy: OutgoingRequest["proxy"] } {
    const { url, proxy } = this.#part;
    if (!url) throw misconfigured(`The backend "${this.id}" has no URL that can be called.`);
    return { base: url, tls: this.#tls(), proxy: proxy ? this.#proxy(proxy) : undefined };
  }

  #tls(): BackendTls {
    const { tls, certificates } = this.#part;
    const [id] = certificates;
    if (id === undefined) return { ...tls };
    const found = this.#options.certificate(id);
    if (!found?.key)
      throw misconfigured(`The client certificate "${id}" of backend "${this.id}" is not on this gateway.`);
    return { ...tls, clientCertificate: { cert: found.cert, key: found.key } };
  }

  #proxy(proxy: NonNullable<BackendPart["proxy"]>): OutgoingRequest["proxy"] {
    const { secret } = this.#options;
    return {
      url: proxy.url,
      ...(proxy.username === undefined ? {} : { username: resolveText(proxy.username, secret) }),
      ...(proxy.password === undefined ? {} : { password: resolveText(proxy.password, secret) }),
    };
  }
}

/** The circuit is open everywhere. Retry-After is told only where a backend has asked for a time. */
function unavailable(breakers: readonly (Breaker | undefined)[], now: number): PolicyError {
  const times = breakers.map((breaker) => breaker?.retryAfterMs(now)).filter((time) => time !== undefined);
  const headers = times.length > 0 ? ["Retry-After", String(Math.ceil(Math.min(...times) / 1000))] : [];
  return new PolicyError("BackendUnavailable", 503, "Service Unavailable", { headers });
}

function unknown(id: string): PolicyError {
  return misconfigured(`There is no backend "${id}".`);
}

/** The author's mistake, not the caller's: the caller learns nothing about it. */
function misconfigured(message: string): PolicyError {
  return new PolicyError("BackendConfiguration", 500, message, { publicMessage: "Internal server error" });
}
