import type { X509Certificate } from "node:crypto";
import type { Evaluate } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type ValueSchema } from "../compiler/schema.ts";
import type { PolicyError } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { CertificateChain, RevocationStatus } from "../exchange/identity.ts";
import { denial } from "./access/denial.ts";
import { checkIdentities, IDENTITIES, loadIdentities } from "./certificates/identity.ts";

const check = (doc: string): ValueSchema => ({ type: "bool", expression: false, default: true, doc });

export const validateClientCertificate = definePolicy({
  name: "validate-client-certificate",
  summary: "Lets only requests with a valid client certificate in.",
  category: "access",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    "validate-revocation": check(
      "The authorities that issued it must say that it is not revoked; where they cannot be asked, it is not valid.",
    ),
    "validate-trust": check("It must come from an authority that the gateway trusts."),
    "validate-not-before": check("It must be valid already."),
    "validate-not-after": check("It must not have expired."),
    "ignore-error": {
      type: "bool",
      expression: false,
      default: false,
      doc: "Go on with a request whose certificate is not valid.",
    },
  },
  children: { identities: IDENTITIES },
  check: checkIdentities,
  load(element, loader) {
    const checks: Checks = {
      revocation: loader.bool(element, "validate-revocation", true),
      trust: loader.bool(element, "validate-trust", true),
      notBefore: loader.bool(element, "validate-not-before", true),
      notAfter: loader.bool(element, "validate-not-after", true),
      identity: loadIdentities(element, loader),
    };
    const ignoreError = loader.bool(element, "ignore-error", false);
    const judge = (x: Exchange, failure: PolicyError | undefined) => {
      if (failure && !ignoreError(x)) throw failure;
    };
    return (x) => {
      const failure = validate(x, checks);
      if (failure instanceof Promise) return failure.then((found) => judge(x, found));
      judge(x, failure);
    };
  },
});

interface Checks {
  revocation: Evaluate<boolean>;
  trust: Evaluate<boolean>;
  notBefore: Evaluate<boolean>;
  notAfter: Evaluate<boolean>;
  identity: ReturnType<typeof loadIdentities>;
}

type Outcome = PolicyError | undefined;

/** What is wrong with the client's certificate, if anything. Authorities are asked last, and only about good ones. */
function validate(x: Exchange, checks: Checks): Outcome | Promise<Outcome> {
  const { clientCertificates } = x.services;
  const { certificate } = x.client;
  if (!certificate) return failure("ClientCertificateNotPresent", "there is none");
  const chain = clientCertificates.chain(certificate);
  if (!chain) return failure("ClientCertificateInvalid", "it cannot be read");
  const wrong = validateContent(x, chain, checks);
  if (wrong || !checks.revocation(x)) return wrong;
  // Nobody vouches for a self-signed certificate, so nobody can revoke it.
  if (!chain.trusted && isSelfSigned(chain.certificates)) return undefined;
  const status = clientCertificates.revocation(chain);
  return status instanceof Promise ? status.then(revocationFailure) : revocationFailure(status);
}

function validateContent(x: Exchange, chain: CertificateChain, checks: Checks): Outcome {
  const [own] = chain.certificates;
  const now = x.services.clock.now();
  if (checks.notBefore(x) && now < Date.parse(own.validFrom)) {
    return failure("ClientCertificateNotYetValid", "it is not valid yet");
  }
  if (checks.notAfter(x) && now > Date.parse(own.validTo)) return failure("ClientCertificateExpired", "it has expired");
  if (checks.trust(x) && !chain.trusted) {
    return failure("ClientCertificateNotTrusted", "no trusted authority vouches for it");
  }
  if (checks.identity && !checks.identity(x, chain)) {
    return failure("ClientCertificateNotAllowed", "it is none of the identities that are let in");
  }
  return undefined;
}

function revocationFailure(status: RevocationStatus): Outcome {
  if (status === "good") return undefined;
  return status === "revoked"
    ? failure("ClientCertificateRevoked", "it is revoked")
    : failure("ClientCertificateRevocationUnknown", "whether it is revoked cannot be found out");
}

function isSelfSigned([own, issuer]: readonly [X509Certificate, ...X509Certificate[]]): boolean {
  return issuer === undefined && own.checkIssued(own) && own.verify(own.publicKey);
}

/** Status, text and reason codes are unconfirmed. */
function failure(reason: string, what: string): PolicyError {
  return denial(reason, `Invalid client certificate: ${what}.`, 403, "Invalid client certificate");
}
