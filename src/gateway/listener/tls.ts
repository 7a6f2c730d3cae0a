import { createSecureContext, type SecureContext, type TlsOptions } from "node:tls";

/** TLS of one listener. */
export interface ListenTls {
  /** The first one serves clients that name no host, or one that no certificate names. */
  certificates: readonly ListenCertificate[];
  /** Ask clients for a certificate. It is taken unverified: policies judge it. */
  requestClientCertificate?: boolean;
  /** PEM; names of these authorities are shown to clients so that they choose a fitting certificate. */
  clientAuthorities?: readonly string[];
  minVersion?: "TLSv1.2" | "TLSv1.3";
  /** Offer HTTP/2 by ALPN. Default: true. */
  http2?: boolean;
}

export interface ListenCertificate {
  /** PEM, with intermediates. */
  cert: string;
  /** PEM. */
  key: string;
  /** Host names that it serves; `*.example.com` stands for one label. */
  names?: readonly string[];
}

/** The certificates of a listener, found by the name that a client asks for; replaceable while it runs. */
export class ListenerCertificates {
  readonly #tls: ListenTls;
  #byName = new Map<string, SecureContext>();

  constructor(tls: ListenTls) {
    this.#tls = tls;
    this.replace(tls.certificates);
  }

  /**
   * Takes other certificates for connections to come.
   * @returns what the server itself must be given, for clients that name no host.
   * @throws where a certificate or key is not valid; the old ones stay then.
   */
  replace(certificates: readonly ListenCertificate[]): TlsOptions {
    const [first] = certificates;
    if (!first) throw new Error("A TLS listener needs a certificate.");
    const byName = new Map<string, SecureContext>();
    for (const certificate of certificates) {
      const context = createSecureContext(this.#settings(certificate));
      for (const name of certificate.names ?? []) byName.set(name.toLowerCase(), context);
    }
    this.#byName = byName;
    return this.#settings(first);
  }

  /** Options for node's TLS server. */
  options(): TlsOptions {
    const tls = this.#tls;
    return {
      ...this.#settings(tls.certificates[0] as ListenCertificate),
      ALPNProtocols: tls.http2 === false ? ["http/1.1"] : ["h2", "http/1.1"],
      requestCert: tls.requestClientCertificate ?? false,
      rejectUnauthorized: false,
      SNICallback: (name, done) => done(null, this.#find(name.toLowerCase())),
    };
  }

  #settings({ cert, key }: ListenCertificate): TlsOptions {
    const { clientAuthorities, minVersion } = this.#tls;
    return {
      cert,
      key,
      ...(clientAuthorities ? { ca: [...clientAuthorities] } : {}),
      minVersion: minVersion ?? "TLSv1.2",
    };
  }

  /** Undefined: the server's own certificate. */
  #find(name: string): SecureContext | undefined {
    const dot = name.indexOf(".");
    return this.#byName.get(name) ?? (dot > 0 ? this.#byName.get(`*${name.slice(dot)}`) : undefined);
  }
}
