import type { CredentialProviderPart, Hash, PlanConnection } from "../../plan/plan.ts";
import {
  type Credential,
  type CredentialConnection,
  type CredentialConnections,
  TokenUnavailableError,
} from "../../policy/exchange/identity.ts";
import type { Clock, HttpClient } from "../../policy/exchange/services.ts";
import { resolveText, type SecretResolver } from "../upstream/credentials.ts";
import { TokenCache } from "./token-cache.ts";
import { askEndpoint, type EndpointRequest } from "./token-endpoint.ts";
import type { ObtainedToken } from "./token-response.ts";

type Grant = PlanConnection["grant"];
type OAuthGrant = Exclude<Grant, { kind: "token" }>;

/** What a connection has learnt; outlives the plan where its provider is unchanged. */
interface Learnt {
  cache: TokenCache;
  /** The refresh token that replaced the configured one, where the endpoint changes it each time. */
  refreshToken: string | undefined;
  /** The configured secrets: with others the connection begins anew. */
  secrets: string;
}

/** Connections of credential providers over all plans of a gateway: tokens are kept and renewed here. */
export class ConnectionStore {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  #learnt = new Map<string, Learnt>();

  constructor(http: HttpClient, clock: Clock) {
    this.#http = http;
    this.#clock = clock;
  }

  /** The connections of a plan. Those that are no longer in it are forgotten with their tokens. */
  forPlan(
    providers: readonly { hash: Hash; part: CredentialProviderPart }[],
    secret: SecretResolver,
  ): CredentialConnections {
    const learnt = new Map<string, Learnt>();
    const connections = new Map<string, CredentialConnection>();
    for (const { hash, part } of providers) {
      for (const connection of part.connections) {
        const { grant, access } = connection;
        const memory = `${hash} ${connection.id}`;
        const secrets = secretsOf(grant, secret);
        const known = this.#learnt.get(memory);
        const state =
          known?.secrets === secrets ? known : { cache: new TokenCache(this.#clock), refreshToken: undefined, secrets };
        learnt.set(memory, state);
        connections.set(keyOf(part.id, connection.id), {
          access,
          credential: () =>
            grant.kind === "token" ? staticCredential(grant, secret) : this.#fetch(grant, state, secret),
        });
      }
    }
    this.#learnt = learnt;
    return { find: (provider, connection) => connections.get(keyOf(provider, connection)) };
  }

  #fetch(grant: OAuthGrant, state: Learnt, secret: SecretResolver): Credential | Promise<Credential> {
    const obtain = async (): Promise<ObtainedToken> => {
      const token = await askEndpoint(this.#http, this.#clock, tokenRequest(grant, state.refreshToken, secret));
      state.refreshToken = token.refreshToken ?? state.refreshToken;
      return token;
    };
    return state.cache.get("", obtain);
  }
}

function staticCredential(grant: Extract<Grant, { kind: "token" }>, secret: SecretResolver): Credential {
  return { accessToken: resolved(grant.accessToken, secret), claims: grant.claims };
}

/** RFC 6749 sections 4.4 and 6. */
function tokenRequest(grant: OAuthGrant, refreshToken: string | undefined, secret: SecretResolver): EndpointRequest {
  const text = (value: Parameters<typeof resolveText>[0]) => resolved(value, secret);
  const form = new URLSearchParams();
  if (grant.kind === "refresh-token") {
    form.set("grant_type", "refresh_token");
    form.set("refresh_token", refreshToken ?? text(grant.refreshToken));
  } else form.set("grant_type", "client_credentials");
  if (grant.scope !== null) form.set("scope", text(grant.scope));
  for (const [name, value] of grant.parameters) form.set(name, text(value));
  const id = text(grant.clientId);
  const password = grant.clientSecret === null ? undefined : text(grant.clientSecret);
  const url = text(grant.tokenUrl);
  if (grant.authentication === "Basic") {
    const pair = `${encodeURIComponent(id)}:${encodeURIComponent(password ?? "")}`;
    return { url, form, headers: ["Authorization", `Basic ${Buffer.from(pair).toString("base64")}`] };
  }
  form.set("client_id", id);
  if (password !== undefined) form.set("client_secret", password);
  return { url, form };
}

function resolved(value: Parameters<typeof resolveText>[0], secret: SecretResolver): string {
  try {
    return resolveText(value, secret);
  } catch (error) {
    throw new TokenUnavailableError("This gateway was not given the secrets of the connection.", error);
  }
}

/** A text that differs when a secret of the connection does, as far as this gateway has them. */
function secretsOf(grant: Grant, secret: SecretResolver): string {
  const values =
    grant.kind === "token"
      ? [grant.accessToken]
      : [grant.clientSecret, "refreshToken" in grant ? grant.refreshToken : null];
  return JSON.stringify(
    values.map((value) => {
      try {
        return value === null ? null : resolveText(value, secret);
      } catch {
        return null;
      }
    }),
  );
}

/** Ids of resources compare without case. */
function keyOf(provider: string, connection: string): string {
  return `${provider.toLowerCase()}/${connection.toLowerCase()}`;
}
