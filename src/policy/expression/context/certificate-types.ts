import { createHash, X509Certificate } from "node:crypto";
import type { EnumValue } from "../clr/box.ts";
import { declareType, type TypeDeclaration } from "../clr/declare.ts";
import { ArgumentNullException } from "../clr/exceptions.ts";
import { isPkcs12, readPkcs12 } from "../clr/system/cryptography/pkcs12.ts";
import { DateTime } from "../clr/system/date-time.ts";
import { Certificate } from "./certificate.ts";

const namespace = "System.Security.Cryptography.X509Certificates";

const nameTypes = { SimpleName: 0, EmailName: 1, UpnName: 2, DnsName: 3, DnsFromAlternativeName: 4, UrlName: 5 };

function nameInfo(certificate: Certificate, type: EnumValue, ofIssuer: boolean): string {
  switch (type.value) {
    case nameTypes.EmailName:
      return certificate.nameValue("emailAddress", ofIssuer) || certificate.alternativeName("email");
    case nameTypes.DnsName:
    case nameTypes.DnsFromAlternativeName:
      return (
        certificate.alternativeName("DNS") ||
        (type.value === nameTypes.DnsName ? certificate.nameValue("CN", ofIssuer) : "")
      );
    case nameTypes.UrlName:
      return certificate.alternativeName("URI");
    case nameTypes.UpnName:
      return "";
    default: {
      const names = ["CN", "OU", "O", "emailAddress"];
      return names.map((name) => certificate.nameValue(name, ofIssuer)).find((value) => value !== "") ?? "";
    }
  }
}

/** From DER, PEM or PKCS #12 without a password. */
function fromBytes(bytes: Uint8Array | null): Certificate {
  return fromProtected(bytes, null);
}

function fromProtected(bytes: Uint8Array | null, password: string | null): Certificate {
  if (bytes === null) throw new ArgumentNullException("rawData");
  if (!isPkcs12(bytes)) return Certificate.fromBytes(bytes);
  const { certificate, keyPem } = readPkcs12(bytes, password ?? "");
  return new Certificate(new X509Certificate(certificate), keyPem);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();
const date = (text: string): DateTime => DateTime.fromUnixMilliseconds(Date.parse(text), 1);

const isCertificate = (value: unknown): boolean => value instanceof Certificate;

/** Certificates of clients and of the gateway. */
export const certificateTypes: TypeDeclaration[] = [
  declareType({ name: `${namespace}.X509NameType`, kind: "enum", values: nameTypes }),
  declareType({
    name: `${namespace}.X500DistinguishedName`,
    kind: "class",
    is: () => false,
    // The name's text stands for the name; `Name` is all that is allowed.
    members: { "string Name { get; }": (name: string) => name },
  }),
  declareType({
    name: `${namespace}.X509Certificate`,
    kind: "class",
    is: isCertificate,
    toString: (certificate: Certificate) => certificate.toClrString(),
    members: {
      "new X509Certificate(byte[] data)": fromBytes,
      "new X509Certificate(byte[] rawData, string password)": fromProtected,
      "string Issuer { get; }": (certificate: Certificate) => certificate.issuer,
      "string Subject { get; }": (certificate: Certificate) => certificate.subject,
      "byte[] GetCertHash()": (certificate: Certificate) => certificate.hash,
      "byte[] GetCertHash(HashAlgorithmName hashAlgorithm)": (certificate: Certificate, algorithm: { name: string }) =>
        new Uint8Array(createHash(algorithm.name.toLowerCase()).update(certificate.x509.raw).digest()),
      "string GetCertHashString()": (certificate: Certificate) => certificate.thumbprint,
      "byte[] GetRawCertData()": (certificate: Certificate) => certificate.der,
      "string GetRawCertDataString()": (certificate: Certificate) => hex(certificate.der),
      "string GetSerialNumberString()": (certificate: Certificate) => certificate.serialNumber,
      "byte[] GetSerialNumber()": (certificate: Certificate) =>
        new Uint8Array(Buffer.from(certificate.serialNumber, "hex").reverse()),
      "byte[] GetPublicKey()": (certificate: Certificate) =>
        new Uint8Array(
          certificate.x509.publicKey.export({
            format: "der",
            type: certificate.x509.publicKey.asymmetricKeyType === "rsa" ? "pkcs1" : "spki",
          }),
        ),
      "string GetFormat()": () => "X509",
      "string ToString()": (certificate: Certificate) => certificate.toClrString(),
      "string ToString(bool verbose)": (certificate: Certificate) => certificate.toClrString(),
    },
  }),
  declareType({
    name: `${namespace}.X509Certificate2`,
    kind: "class",
    base: `${namespace}.X509Certificate`,
    is: isCertificate,
    toString: (certificate: Certificate) => certificate.toClrString(),
    members: {
      "new X509Certificate2(byte[] rawData)": fromBytes,
      "new X509Certificate2(byte[] rawData, string password)": fromProtected,
      "new X509Certificate2(byte[] rawData, string password, X509KeyStorageFlags keyStorageFlags)": fromProtected,
      "new X509Certificate2(X509Certificate certificate)": (certificate: Certificate) => certificate,
      "string FriendlyName { get; }": () => "",
      "bool HasPrivateKey { get; }": (certificate: Certificate) => certificate.hasPrivateKey,
      "X500DistinguishedName IssuerName { get; }": (certificate: Certificate) => certificate.issuer,
      "X500DistinguishedName SubjectName { get; }": (certificate: Certificate) => certificate.subject,
      "DateTime NotAfter { get; }": (certificate: Certificate) => date(certificate.x509.validTo),
      "DateTime NotBefore { get; }": (certificate: Certificate) => date(certificate.x509.validFrom),
      "byte[] RawData { get; }": (certificate: Certificate) => certificate.der,
      "string SerialNumber { get; }": (certificate: Certificate) => certificate.serialNumber,
      "string Thumbprint { get; }": (certificate: Certificate) => certificate.thumbprint,
      "int Version { get; }": () => 3,
      "string GetNameInfo(X509NameType nameType, bool forIssuer)": nameInfo,
      "bool Verify()": (certificate: Certificate) => certificate.verify(),
    },
  }),
  declareType({
    name: "Gatehouse.CertificateExtensions",
    kind: "static",
    members: {
      "static bool VerifyNoRevocation(this X509Certificate2 certificate)": (certificate: Certificate | null) => {
        if (certificate === null) throw new ArgumentNullException("certificate");
        return certificate.verify();
      },
    },
  }),
];
