import type { KeyObject, X509Certificate } from "node:crypto";
import { createHash } from "node:crypto";
import { type EnumValue, enumValue } from "../../box.ts";
import { declareType, type TypeDeclaration } from "../../declare.ts";
import { ArgumentNullException } from "../../exceptions.ts";
import { DateTime } from "../date-time.ts";
import type { ClrObject } from "../protocol.ts";
import type { HashAlgorithmName } from "./hash-name.ts";
import { Oid } from "./oid.ts";
import { isPkcs12 } from "./pkcs12.ts";
import { Rsa } from "./rsa.ts";

const NAMESPACE = "System.Security.Cryptography.X509Certificates";
const CONTENT_TYPES = { Unknown: 0, Cert: 1, SerializedCert: 2, Pfx: 3, SerializedStore: 4, Pkcs7: 5, Authenticode: 6 };

/** What these members need of a certificate; its class belongs to the context, a layer above. */
interface CertificateLike {
  readonly x509: X509Certificate;
  readonly privateKey: KeyObject | null;
}

const KEY_ALGORITHMS: Readonly<Record<string, string>> = {
  rsa: "1.2.840.113549.1.1.1",
  "rsa-pss": "1.2.840.113549.1.1.10",
  ec: "1.2.840.10045.2.1",
  dsa: "1.2.840.10040.4.1",
  ed25519: "1.3.101.112",
};

function keyAlgorithm({ x509 }: CertificateLike): string {
  return KEY_ALGORITHMS[x509.publicKey.asymmetricKeyType ?? ""] ?? "";
}

/** `PublicKey` of a certificate. */
class CertificatePublicKey implements ClrObject {
  readonly clrName = `${NAMESPACE}.PublicKey`;
  readonly certificate: CertificateLike;

  constructor(certificate: CertificateLike) {
    this.certificate = certificate;
  }
}

const upperHex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex").toUpperCase();
const dateText = (text: string) => DateTime.fromUnixMilliseconds(Date.parse(text), 0).toClrString();

function publicKeyBytes({ x509 }: CertificateLike): Uint8Array {
  const type = x509.publicKey.asymmetricKeyType === "rsa" ? "pkcs1" : "spki";
  return x509.publicKey.export({ format: "der", type });
}

function contentType(bytes: Uint8Array | null): EnumValue {
  if (bytes === null) throw new ArgumentNullException("rawData");
  return enumValue(
    `${NAMESPACE}.X509ContentType`,
    CONTENT_TYPES,
    isPkcs12(bytes) ? CONTENT_TYPES.Pfx : CONTENT_TYPES.Cert,
  );
}

/**
 * Members of certificates that need the other types of this folder. The registry joins them with the declarations
 * of the context, where the certificate's class is.
 */
export const certificateMemberTypes: TypeDeclaration[] = [
  declareType({
    name: `${NAMESPACE}.X509KeyStorageFlags`,
    kind: "enum",
    values: {
      DefaultKeySet: 0,
      UserKeySet: 1,
      MachineKeySet: 2,
      Exportable: 4,
      UserProtected: 8,
      PersistKeySet: 16,
      EphemeralKeySet: 32,
    },
  }),
  declareType({ name: `${NAMESPACE}.X509ContentType`, kind: "enum", values: CONTENT_TYPES }),
  declareType({
    name: `${NAMESPACE}.PublicKey`,
    kind: "class",
    is: (value) => value instanceof CertificatePublicKey,
    members: {
      "Oid Oid { get; }": (key: CertificatePublicKey) => Oid.of(keyAlgorithm(key.certificate)),
      "AsymmetricAlgorithm Key { get; }": ({ certificate }: CertificatePublicKey) =>
        new Rsa({ public: certificate.x509.publicKey }),
    },
  }),
  declareType({
    name: `${NAMESPACE}.X509Certificate`,
    kind: "class",
    members: {
      "string GetCertHashString(HashAlgorithmName hashAlgorithm)": (
        { x509 }: CertificateLike,
        hash: HashAlgorithmName,
      ) => upperHex(createHash(hash.digest).update(x509.raw).digest()),
      "string GetEffectiveDateString()": ({ x509 }: CertificateLike) => dateText(x509.validFrom),
      "string GetExpirationDateString()": ({ x509 }: CertificateLike) => dateText(x509.validTo),
      "string GetKeyAlgorithm()": keyAlgorithm,
      "string GetPublicKeyString()": (certificate: CertificateLike) => upperHex(publicKeyBytes(certificate)),
    },
  }),
  declareType({
    name: `${NAMESPACE}.X509Certificate2`,
    kind: "class",
    members: {
      "PublicKey PublicKey { get; }": (certificate: CertificateLike) => new CertificatePublicKey(certificate),
      "AsymmetricAlgorithm PrivateKey { get; }": ({ privateKey }: CertificateLike) =>
        privateKey?.asymmetricKeyType === "rsa" ? new Rsa({ private: privateKey }) : null,
      "Oid SignatureAlgorithm { get; }": ({ x509 }: CertificateLike) => Oid.of(x509.signatureAlgorithmOid ?? null),
      "static X509ContentType GetCertContentType(byte[] rawData)": contentType,
    },
  }),
];
