import type { X509Certificate } from "node:crypto";
import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ChildSchema, Report } from "../../compiler/schema.ts";
import { attribute, type Element, elementChildren } from "../../document/tree.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { CertificateChain } from "../../exchange/identity.ts";
import { alternativeNames } from "../../expression/context/alternative-names.ts";
import { certificateOfPem } from "../../expression/context/certificate.ts";
import { type NameAttribute, parseWrittenName, sameName } from "./written-name.ts";

const text = (doc: string) => ({ type: "string", expression: false, doc }) as const;

const name = (doc: string) =>
  ({
    ...text(doc),
    pattern: /^\s*[A-Za-z0-9.-]+\s*=/,
    patternDoc: "a distinguished name (CN=client, O=Contoso)",
    // No certificate has such a name, so it lets nobody in.
    patternWarns: true,
  }) as const;

const MOST_IDENTITIES = 10;

/** The element `identities`. */
export const IDENTITIES: ChildSchema = {
  doc: "Certificates that are let in, described by what must be in them.",
  max: 1,
  children: {
    identity: {
      doc: "A certificate of which all that is written here is true.",
      min: 1,
      max: MOST_IDENTITIES,
      attributes: {
        thumbprint: text("Thumbprint (SHA-1, hexadecimal)."),
        "serial-number": text("Serial number (hexadecimal)."),
        "common-name": text("Common name of the subject."),
        subject: name("Subject: a distinguished name, as in CN=client, O=Contoso, C=US."),
        "dns-name": text("One of the DNS names among its alternative names."),
        "issuer-subject": name("Subject of the issuer."),
        "issuer-thumbprint": text("Thumbprint of the issuer's certificate."),
        "issuer-certificate-id": text("Id of an uploaded certificate that is the issuer's."),
      },
    },
  },
};

/** Rules of identities that the schema cannot say. */
export function checkIdentities(policy: Element, report: Report): void {
  for (const list of elementChildren(policy)) {
    for (const identity of elementChildren(list)) {
      const byId = attribute(identity, "issuer-certificate-id");
      if (byId && (attribute(identity, "issuer-subject") || attribute(identity, "issuer-thumbprint"))) {
        const message = 'takes either "issuer-certificate-id" or "issuer-subject" and "issuer-thumbprint"';
        report(identity, `<identity> ${message}`);
      }
    }
  }
}

/** Is the client's certificate as an identity says? */
type Condition = (x: Exchange, chain: CertificateChain) => boolean;

/** True where one of the identities describes the certificate; undefined where the policy has none. */
export function loadIdentities(policy: PlanElement, loader: Loader): Condition | undefined {
  const list = loader.child(policy, "identities");
  if (!list) return undefined;
  const identities = loader.children(list, "identity").map((identity) => conditionsOf(identity, loader));
  return (x, chain) => identities.some((conditions) => conditions.every((condition) => condition(x, chain)));
}

function conditionsOf(identity: PlanElement, loader: Loader): Condition[] {
  return Object.keys(identity.attributes ?? {}).flatMap((name): Condition[] => {
    const matches = MATCHES[name];
    const written = loader.text(identity, name);
    return matches ? [(x, chain) => matches(written, x, chain)] : [];
  });
}

const MATCHES: Readonly<Record<string, (written: Evaluate<string>, x: Exchange, chain: CertificateChain) => boolean>> =
  {
    thumbprint: (written, x, { certificates: [own] }) => hex(own.fingerprint) === hex(written(x)),
    "serial-number": (written, x, { certificates: [own] }) => number(own.serialNumber) === number(written(x)),
    "common-name": (written, x, { certificates: [own] }) => {
      // The most specific one, where there are several.
      const found = nameOf(own.subject)?.find(({ type }) => type === "CN");
      return found?.value === written(x).trim();
    },
    subject: (written, x, { certificates: [own] }) => isNamed(own.subject, written(x)),
    "dns-name": (written, x, { certificates: [own] }) => {
      const wanted = written(x).trim().toLowerCase();
      return alternativeNames(own.subjectAltName, "DNS").some((name) => name.toLowerCase() === wanted);
    },
    "issuer-subject": (written, x, { certificates: [own] }) => isNamed(own.issuer, written(x)),
    "issuer-thumbprint": (written, x, { certificates }) => {
      const issuer = issuerOf(certificates);
      return issuer !== undefined && hex(issuer.fingerprint) === hex(written(x));
    },
    "issuer-certificate-id": (written, x, { certificates: [own] }) => {
      const found = x.services.certificate(written(x).trim());
      return found !== undefined && isSignedBy(own, certificateOfPem(found.cert, undefined).x509);
    },
  };

/** The certificate that signed the client's; of a self-signed one itself. Undefined where it is not known. */
function issuerOf([own, issuer]: CertificateChain["certificates"]): X509Certificate | undefined {
  return issuer ?? (isSignedBy(own, own) ? own : undefined);
}

/** Checking a signature takes its time, and the certificates of a connection stay the same objects. */
const signed = new WeakMap<X509Certificate, WeakMap<X509Certificate, boolean>>();

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  let known = signed.get(certificate);
  if (!known) signed.set(certificate, (known = new WeakMap()));
  let result = known.get(issuer);
  if (result === undefined) {
    result = certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    known.set(issuer, result);
  }
  return result;
}

function isNamed(name: string, written: string): boolean {
  const wanted = parseWrittenName(written);
  const actual = nameOf(name);
  if (!wanted || !actual) return false;
  // Some tools write the most specific part first, others last, and certificates are made in both orders (unconfirmed).
  return sameName(wanted, actual) || sameName(wanted, actual.reverse());
}

/** The parts of a name as node:crypto prints it, in the order in which .NET does: the most specific one first. */
function nameOf(printed: string): NameAttribute[] | undefined {
  const lines = printed.split("\n").filter((line) => line !== "");
  const parts = lines.reverse().map(parseWrittenName);
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** Hexadecimal digits alone: people write thumbprints with colons and spaces, and copy invisible marks with them. */
function hex(text: string): string {
  return text.replace(/[^0-9A-Fa-f]/g, "").toUpperCase();
}

/** A serial number without leading zeros. */
function number(text: string): string {
  return hex(text).replace(/^0+(?=.)/, "");
}
