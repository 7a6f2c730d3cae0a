import { type IdentityTokens, TokenUnavailableError } from "../../policy/exchange/identity.ts";
import type { Clock, HttpClient } from "../../policy/exchange/services.ts";
import { type IdentitySource, identityRequest, managedIdentityRequest, servesAnyClient } from "./identity-source.ts";
import { TokenCache } from "./token-cache.ts";
import { askEndpoint, type EndpointRequest } from "./token-endpoint.ts";
import type { ObtainedToken } from "./token-response.ts";

/** Which identities a gateway has. */
export interface IdentitySettings {
  /** The gateway's own; also those that policies name, where it can act for them. */
  default?: IdentitySource;
  /** Others by client id; `*` stands for every one that is not named. */
  clients?: Readonly<Record<string, IdentitySource>>;
}

/** Tokens of the gateway's identities, kept until they expire. */
export class GatewayIdentities implements IdentityTokens {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #settings: IdentitySettings;
  readonly #entra: string;
  readonly #cache: TokenCache;

  /** @param entra base address of Microsoft Entra ID. */
  constructor(http: HttpClient, clock: Clock, settings: IdentitySettings, entra: string) {
    this.#http = http;
    this.#clock = clock;
    this.#settings = settings;
    this.#entra = entra;
    this.#cache = new TokenCache(clock);
  }

  token(resource: string, clientId?: string): string | Promise<string> {
    const source = this.#source(clientId);
    return this.#get(JSON.stringify([resource, clientId]), () =>
      identityRequest(source, resource, clientId, this.#entra),
    );
  }

  tokenFrom(serviceUrl: string, resource: string): string | Promise<string> {
    return this.#get(JSON.stringify([resource, null, serviceUrl]), () => managedIdentityRequest(serviceUrl, resource));
  }

  #get(key: string, request: () => EndpointRequest): string | Promise<string> {
    const obtain = async (): Promise<ObtainedToken> => askEndpoint(this.#http, this.#clock, request());
    const token = this.#cache.get(key, obtain);
    return token instanceof Promise ? token.then(({ accessToken }) => accessToken) : token.accessToken;
  }

  #source(clientId: string | undefined): IdentitySource {
    const { default: own, clients = {} } = this.#settings;
    if (clientId === undefined) {
      if (own) return own;
      throw new TokenUnavailableError("This gateway was given no identity of its own (docs/guide/identity.md).");
    }
    const wanted = clientId.toLowerCase();
    const named = Object.entries(clients).find(([id]) => id.toLowerCase() === wanted)?.[1] ?? clients["*"];
    if (named) return named;
    if (own && (servesAnyClient(own) || ("clientId" in own && own.clientId?.toLowerCase() === wanted))) return own;
    throw new TokenUnavailableError(`This gateway has no identity with the client id "${clientId}".`);
  }
}
