import type { X509Certificate } from "node:crypto";
import type { ClientCertificate } from "./message.ts";

/** A token could not be had. The message is for authors and records: it names what was asked, and holds no secret. */
export class TokenUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "TokenUnavailableError";
  }
}

/** Access tokens of the gateway's own identity (on Azure: its managed identity). */
export interface IdentityTokens {
  /**
   * A token for a resource (application id or URI), at once while a valid one is at hand.
   * @param clientId one of several identities; undefined: the gateway's own.
   * @throws {TokenUnavailableError} (or rejects with it)
   */
  token(resource: string, clientId?: string): string | Promise<string>;
  /** The same from a token service at another address, which is not shown the gateway's credentials. */
  tokenFrom(serviceUrl: string, resource: string): string | Promise<string>;
}

/** What a connection of a credential provider gives. */
export interface Credential {
  accessToken: string;
  /** Members of the token response, without its tokens. */
  claims: Readonly<Record<string, unknown>>;
}

/** Who may use a connection by a token of its own. */
export interface ConnectionAccess {
  tenantId: string;
  objectId: string;
  /** Applications that may act for it; empty: any. */
  appIds: readonly string[];
}

/** A connection of a credential provider: an account at another service, with its tokens. */
export interface CredentialConnection {
  access: readonly ConnectionAccess[];
  /** @throws {TokenUnavailableError} (or rejects with it) */
  credential(): Credential | Promise<Credential>;
}

/** Connections by the ids of provider and connection; undefined for unknown ones. */
export interface CredentialConnections {
  find(provider: string, connection: string): CredentialConnection | undefined;
}

/** A client's certificate and those that vouch for it, up to an authority or as far as they are known. */
export interface CertificateChain {
  /** The client's own first. */
  certificates: readonly [X509Certificate, ...X509Certificate[]];
  /** The last one is an authority that this gateway trusts, and every one may issue the one before it. */
  trusted: boolean;
}

export type RevocationStatus = "good" | "revoked" | "unknown";

/** Judges the certificates that clients present. */
export interface ClientCertificates {
  /** Undefined for bytes that are no certificate. */
  chain(certificate: ClientCertificate): CertificateChain | undefined;
  /** What the authorities say today about the certificates of a trusted chain. Never rejects. */
  revocation(chain: CertificateChain): RevocationStatus | Promise<RevocationStatus>;
}
