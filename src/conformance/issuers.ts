import type { KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";
import type { IssuerOptions, TokenRequest } from "./case.ts";
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
  #server: Server | undefined;

  /** `tokens`: those the case will send; their keys are published unless the issuer lists its keys. */
  constructor(options: Readonly<Record<string, IssuerOptions>>, tokens: readonly TokenRequest[]) {
    this.#options = options;
    for (const [name, issuer] of Object.entries(options)) {
      const keys = new Map<string, string>();
      for (const key of issuer?.keys ?? []) keys.set(key.kid, key.alg);
      if (!issuer?.keys) {
        for (const { alg, issuer: by, kid, secret } of tokens) {
          if (by === name && !secret && alg !== "none") keys.set(kid, alg);
        }
        if (keys.size === 0) keys.set("k1", "RS256");
      }
      this.#published.set(name, keys);
    }
  }

  async start(): Promise<void> {
    if (this.#published.size === 0) return;
    const server = createServer((request, response) => {
      const { name, url } = addressed(request.headers.host ?? "", request.url ?? "/");
      void this.#answer(name, url).then((document) => {
        const text = typeof document === "string";
        response.writeHead(document ? 200 : 404, { "content-type": text ? "text/plain" : "application/json" });
        response.end(text ? document : JSON.stringify(document ?? {}));
      });
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }

  hosts(): Record<string, LocalAddress> {
    if (!this.#server) return {};
    const port = (this.#server.address() as AddressInfo).port;
    return Object.fromEntries(
      [...this.#published.keys()].map((name) => [`${name}.issuer`, { host: "127.0.0.1", port }]),
    );
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** The `iss` of an issuer. */
  issuer(name: string): string {
    return this.#options[name]?.issuer ?? `http://${name}.issuer`;
  }

  /** A signed token in compact form. */
  async sign(token: TokenRequest): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = { iss: this.issuer(token.issuer), iat: now, exp: now + 300 };
    for (const [name, value] of Object.entries(token.claims)) {
      if (value === null) delete claims[name];
      else claims[name] = relativeTime(value, now);
    }
    const header = { typ: "JWT", kid: token.kid, ...token.header, alg: token.alg };
    if (token.alg === "none") return `${base64url(header)}.${base64url(claims)}.`;
    const key = token.secret
      ? Buffer.from(token.secret, "base64")
      : token.forged
        ? (await generateKeyPair(token.alg)).privateKey
        : (await keyPair(token.issuer, token.alg, token.kid)).privateKey;
    return new SignJWT(claims).setProtectedHeader(header).sign(key as CryptoKey);
  }

  /** Metadata, key set, or (`/token?claim=value`) a signed token as text, for trying things by hand. */
  async #answer(name: string, url: string): Promise<unknown> {
    const keys = this.#published.get(name);
    if (!keys) return undefined;
    if (url.startsWith("/token")) {
      const [kid, alg] = [...keys][0] ?? ["k1", "RS256"];
      const claims = Object.fromEntries(new URLSearchParams(url.slice("/token?".length)));
      return this.sign({ issuer: name, alg, kid, claims });
    }
    if (url.startsWith("/.well-known/openid-configuration")) {
      return {
        issuer: this.issuer(name),
        jwks_uri: `http://${name}.issuer/jwks`,
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

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
