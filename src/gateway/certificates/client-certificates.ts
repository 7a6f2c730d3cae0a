import type { PlanCertificate } from "../../plan/plan.ts";
import type { CertificateChain, ClientCertificates, RevocationStatus } from "../../policy/exchange/identity.ts";
import type { ClientCertificate } from "../../policy/exchange/message.ts";
import type { Clock, HttpClient } from "../../policy/exchange/services.ts";
import { RevocationChecks } from "./revocation.ts";
import { type Authorities, CertificateTrust } from "./trust.ts";

/** Judges clients' certificates over all plans of a gateway: what authorities said about them is kept here. */
export class ClientCertificateStore {
  readonly #clock: Clock;
  readonly #authorities: readonly string[];
  readonly #revocation: RevocationChecks;
  #trust: { of: string; trust: CertificateTrust } | undefined;

  /** @param authorities PEM of authorities that the gateway trusts besides those of its plans. */
  constructor(http: HttpClient, clock: Clock, authorities: readonly string[]) {
    this.#clock = clock;
    this.#authorities = authorities;
    this.#revocation = new RevocationChecks(http, clock);
  }

  /** @throws where the certificate of an authority cannot be read. */
  forPlan(certificates: readonly PlanCertificate[]): ClientCertificates {
    const trust = this.#trustIn({
      roots: [...this.#authorities, ...stored(certificates, "Root")],
      intermediates: stored(certificates, "CertificateAuthority"),
    });
    const revocation = this.#revocation;
    return {
      chain: (certificate: ClientCertificate) => trust.chain(certificate),
      revocation: (chain: CertificateChain): RevocationStatus | Promise<RevocationStatus> => revocation.status(chain),
    };
  }

  /** The same object while the authorities are the same: it remembers chains. */
  #trustIn(authorities: Authorities): CertificateTrust {
    const of = JSON.stringify(authorities);
    if (this.#trust?.of !== of) this.#trust = { of, trust: new CertificateTrust(authorities, this.#clock) };
    return this.#trust.trust;
  }
}

/** The PEM of each certificate alone, without those that vouch for it. */
function stored(certificates: readonly PlanCertificate[], storeName: PlanCertificate["storeName"]): string[] {
  return certificates.filter((one) => one.storeName === storeName).map(({ certificate }) => certificate);
}
