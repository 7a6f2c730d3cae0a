import type { KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from "jose";
import type { IssuerOptions, TokenRequest } from "./case.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { parseDuration } from "./duration.ts";
import type { LocalAddress } from "./upstreams.ts";

interface KeyPair {
  privateKey: CryptoKey | KeyObject;
  publicKey: CryptoKey;
}

/** Keys are expensive to make: one per issuer, algorithm and id serves every case of a run. */
const keyPairs = new Map<string, Promise<KeyPair>>();

function keyPair(issuer: string, alg: string, kid: string): Promise<KeyPair> {
  const id = `${issuer}\n${alg}\n${kid}`;
  let pair = keyPairs.get(id);
  if (!pair) keyPairs.set(id, (pair = generateKeyPair(alg, { extractable: true })));
  return pair;
}

/**
 * The kit's token issuers: each is reachable as `http://NAME.issuer` with OpenID metadata and a JWK set, and signs the
 * tokens that a case asks for.
 */
export class Issuers {
  readonly #options: Readonly<Record<string, IssuerOptions>>;
  readonly #published = new Map<string, Map<string, string>>();
  readonly #named = new Map<string, Promise<string>>();
  /** Issuers by the other hosts that they stand for. */
  readonly #hosts = new Map<string, string>();
  #server: Server | undefined;
  #tlsServer: Server | undefined;

  /** `tokens`: those the case will send; their keys are published unless the issuer lists its keys. */
  constructor(options: Readonly<Record<string, IssuerOptions>>, tokens: readonly TokenRequest[]) {
    this.#options = options;
    for (const [name, issuer] of Object.entries(options)) {
      const keys = publishedKeys(issuer?.keys ?? []);
      if (!issuer?.keys) {
        for (const { alg, confused, issuer: by, kid, secret } of tokens) {
          if (by === name && !secret && !confused && !isUnsigned(alg)) keys.set(kid, alg);
        }
        if (keys.size === 0) keys.set("k1", "RS256");
      }
      this.#published.set(name, keys);
      for (const host of issuer?.hosts ?? []) this.#hosts.set(host, name);
    }
  }

  /** @param authority needed where an issuer stands for other hosts. */
  async start(authority?: () => Promise<CertificateAuthority>): Promise<void> {
    if (this.#published.size === 0) return;
    this.#server = createServer((request, response) => {
      const { name, url } = addressed(request.headers.host ?? "", request.url ?? "/");
      this.#serve(`http://${name}.issuer`, name, url, response);
    });
    await listening(this.#server);
    const [first, ...others] = this.#hosts.keys();
    if (first === undefined || !authority) return;
    const credentials = await (await authority()).serverCredentials(first, others);
    this.#tlsServer = createTlsServer(credentials, (request: IncomingMessage, response: ServerResponse) => {
      const host = (request.headers.host ?? "").replace(/:\d+$/, "");
      this.#serve(`https://${host}`, this.#hosts.get(host) ?? "", request.url ?? "/", response);
    }) as Server;
    await listening(this.#tlsServer);
  }

  hosts(): Record<string, LocalAddress> {
    return {
      ...addresses(
        this.#server,
        [...this.#published.keys()].map((name) => `${name}.issuer`),
      ),
      ...addresses(this.#tlsServer, [...this.#hosts.keys()]),
    };
  }

  async stop(): Promise<void> {
    for (const server of [this.#server, this.#tlsServer]) {
      if (!server) continue;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #serve(base: string, name: string, url: string, response: ServerResponse): void {
    void this.#answer(base, name, url).then((document) => {
      const text = typeof document === "string";
      response.writeHead(document ? 200 : 404, { "content-type": text ? "text/plain" : "application/json" });
      response.end(text ? document : JSON.stringify(document ?? {}));
    });
  }

  /** The `iss` of an issuer. */
  issuer(name: string): string {
    return this.#options[name]?.issuer ?? `http://${name}.issuer`;
  }

  /** From now on an issuer publishes these keys. */
  publish(name: string, keys: NonNullable<IssuerOptions["keys"]>): void {
    this.#published.set(name, publishedKeys(keys));
  }

  /** Texts that stand for the published public keys in files: `key:ISSUER:KID:n`, `:e` (base64url) and `:pem`. */
  async placeholders(): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    for (const [name, keys] of this.#published) {
      for (const [kid, alg] of keys) {
        const { publicKey } = await keyPair(name, alg, kid);
        const { n, e } = await exportJWK(publicKey);
        if (n !== undefined) texts.set(`key:${name}:${kid}:n`, n);
        if (e !== undefined) texts.set(`key:${name}:${kid}:e`, e);
        texts.set(`key:${name}:${kid}:pem`, await exportSPKI(publicKey));
      }
    }
    return texts;
  }

  /** A token in compact form; one that has a name is made once. */
  sign(token: TokenRequest): Promise<string> {
    if (token.name === undefined) return this.#make(token);
    let made = this.#named.get(token.name);
    if (!made) this.#named.set(token.name, (made = this.#make(token)));
    return made;
  }

  async #make(token: TokenRequest): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = { iss: this.issuer(token.issuer), iat: now, exp: now + 300 };
    for (const [name, value] of Object.entries(token.claims)) {
      if (value === null) delete claims[name];
      else claims[name] = relativeTime(value, now);
    }
    const members = Object.entries({ typ: "JWT", kid: token.kid, ...token.header, alg: token.alg });
    const header = Object.fromEntries(members.filter(([, value]) => value !== null));
    if (isUnsigned(token.alg)) return `${base64url(header)}.${base64url(claims)}.`;
    const jwt = new SignJWT(claims).setProtectedHeader(header as { alg: string });
    return jwt.sign((await this.#signingKey(token)) as CryptoKey);
  }

  async #signingKey({ issuer, kid, alg, secret, confused, forged }: TokenRequest): Promise<unknown> {
    if (secret) return Buffer.from(secret, "base64");
    if (confused) {
      const pem = (await this.placeholders()).get(`key:${issuer}:${kid}:pem`);
      if (pem === undefined) throw new Error(`the issuer "${issuer}" publishes no key "${kid}" to be confused with`);
      return Buffer.from(pem);
    }
    return (await keyPair(forged ? `${issuer}, forged` : issuer, alg, kid)).privateKey;
  }

  /** Metadata, key set, or (`/token?claim=value`) a signed token as text, for trying things by hand. */
  async #answer(base: string, name: string, url: string): Promise<unknown> {
    const keys = this.#published.get(name);
    if (!keys) return undefined;
    if (url.startsWith("/token")) {
      const [kid, alg] = [...keys][0] ?? ["k1", "RS256"];
      const claims = Object.fromEntries(new URLSearchParams(url.slice("/token?".length)));
      return this.sign({ issuer: name, alg, kid, claims });
    }
    const metadata = /^((?:\/[^/?]+)?(?:\/v2\.0)?)\/\.well-known\/openid-configuration/.exec(url);
    if (metadata) {
      return {
        issuer: tenantIssuer(base, metadata[1] ?? "") ?? this.issuer(name),
        jwks_uri: `${base}/jwks`,
        id_token_signing_alg_values_supported: [...new Set(keys.values())],
      };
    }
    if (!url.startsWith("/jwks")) return undefined;
    const published = [...keys].map(async ([kid, alg]) => {
      const { publicKey } = await keyPair(name, alg, kid);
      return { ...(await exportJWK(publicKey)), kid, alg, use: "sig" };
    });
    return { keys: await Promise.all(published) };
  }
}

/** Tenants that stand for whichever a token is of, as Microsoft Entra ID has them. */
const MANY_TENANTS = ["common", "organizations"];

/** The `iss` of a tenant, in the form of Microsoft Entra ID's two versions; undefined for an issuer without tenants. */
function tenantIssuer(base: string, path: string): string | undefined {
  const [, tenant, version] = path.split("/");
  if (tenant === undefined) return undefined;
  const name = MANY_TENANTS.includes(tenant) ? "{tenantid}" : tenant;
  return version === undefined ? `${base}/${name}/` : `${base}/${name}/${version}`;
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function addresses(server: Server | undefined, names: readonly string[]): Record<string, LocalAddress> {
  if (!server) return {};
  const address = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  return Object.fromEntries(names.map((name) => [name, address]));
}

/** Which issuer a request means: `http://NAME.issuer/…`, or `http://127.0.0.1:port/NAME/…` for those without the name. */
function addressed(host: string, url: string): { name: string; url: string } {
  const named = /^(.+)\.issuer(?::\d+)?$/.exec(host);
  if (named) return { name: named[1] as string, url };
  const [, name = "", rest = ""] = /^\/([^/?]*)(.*)$/.exec(url) ?? [];
  return { name, url: rest };
}

/** `+60s`, `-1h`: seconds since the epoch, relative to now. */
function relativeTime(value: unknown, now: number): unknown {
  const match = typeof value === "string" ? /^([+-])(.+)$/.exec(value) : null;
  const ms = match ? parseDuration(match[2]) : undefined;
  return match && ms !== undefined ? now + Math.round((match[1] === "-" ? -ms : ms) / 1000) : value;
}

function publishedKeys(keys: NonNullable<IssuerOptions["keys"]>): Map<string, string> {
  return new Map(keys.map(({ kid, alg }) => [kid, alg]));
}

/** `none` in whatever case: some verifiers can be fooled by `None`. */
function isUnsigned(alg: string): boolean {
  return alg.toLowerCase() === "none";
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
