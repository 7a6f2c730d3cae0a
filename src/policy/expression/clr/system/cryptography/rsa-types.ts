import type { KeyObject, webcrypto } from "node:crypto";
import { declareType, type TypeDeclaration } from "../../declare.ts";
import { ArgumentNullException, CryptographicException } from "../../exceptions.ts";
import { fromBase64, toBase64 } from "../base64.ts";
import type { HashAlgorithmName } from "./hash-name.ts";
import type { EncryptionPadding, SignaturePadding } from "./padding.ts";
import { Rsa } from "./rsa.ts";

type Bytes = Uint8Array | null;

const NAMESPACE = "System.Security.Cryptography";

function required<T>(value: T | null, name: string): T {
  if (value === null) throw new ArgumentNullException(name);
  return value;
}

/** Fields of `RSAParameters` and what RFC 7517 calls them. */
const FIELDS = { Modulus: "n", Exponent: "e", D: "d", P: "p", Q: "q", DP: "dp", DQ: "dq", InverseQ: "qi" } as const;
type Field = keyof typeof FIELDS;

/** `RSAParameters`: the numbers of a key, big-endian. */
export class RsaParameters {
  readonly clrName = `${NAMESPACE}.RSAParameters`;
  readonly fields: Record<Field, Bytes> = {
    Modulus: null,
    Exponent: null,
    D: null,
    P: null,
    Q: null,
    DP: null,
    DQ: null,
    InverseQ: null,
  };

  static ofKey(key: webcrypto.JsonWebKey): RsaParameters {
    const parameters = new RsaParameters();
    for (const [field, name] of Object.entries(FIELDS)) {
      const value = key[name];
      if (typeof value === "string")
        parameters.fields[field as Field] = new Uint8Array(Buffer.from(value, "base64url"));
    }
    return parameters;
  }

  toKey(): webcrypto.JsonWebKey {
    const key: webcrypto.JsonWebKey = { kty: "RSA" };
    for (const [field, name] of Object.entries(FIELDS)) {
      const value = this.fields[field as Field];
      if (value !== null) key[name] = Buffer.from(value).toString("base64url");
    }
    return key;
  }
}

function fromParameters(parameters: RsaParameters): Rsa {
  const rsa = new Rsa();
  rsa.importKey(parameters.toKey());
  return rsa;
}

/** `<RSAKeyValue>` with base64 numbers. */
function toXml(rsa: Rsa, withPrivate: boolean): string {
  const { fields } = RsaParameters.ofKey(rsa.exportKey(withPrivate));
  const names: readonly Field[] = ["Modulus", "Exponent", "P", "Q", "DP", "DQ", "InverseQ", "D"];
  const parts = names.flatMap((name) => {
    const value = fields[name];
    return value === null ? [] : [`<${name}>${toBase64(value)}</${name}>`];
  });
  return `<RSAKeyValue>${parts.join("")}</RSAKeyValue>`;
}

function fromXml(rsa: Rsa, xml: string | null): void {
  const text = required(xml, "xmlString").slice(0, 20_000);
  const parameters = new RsaParameters();
  for (const name of Object.keys(FIELDS) as Field[]) {
    const open = text.indexOf(`<${name}>`);
    const close = open < 0 ? -1 : text.indexOf(`</${name}>`, open);
    if (close > 0) parameters.fields[name] = fromBase64(text.slice(open + name.length + 2, close));
  }
  if (parameters.fields.Modulus === null || parameters.fields.Exponent === null) {
    throw new CryptographicException(
      "Input string does not contain a valid encoding of the 'RSA' 'Modulus' parameter.",
    );
  }
  rsa.importKey(parameters.toKey());
}

const der = (key: KeyObject, type: "pkcs1"): Uint8Array => new Uint8Array(key.export({ format: "der", type }));

const asymmetricAlgorithmType = declareType({
  name: `${NAMESPACE}.AsymmetricAlgorithm`,
  kind: "class",
  interfaces: ["System.IDisposable"],
  is: (value) => value instanceof Rsa,
  members: {
    "int KeySize { get; set; }": {
      get: (rsa: Rsa) => rsa.keySize,
      set: (rsa: Rsa, bits: number) => {
        rsa.keySize = bits;
      },
    },
    "string KeyExchangeAlgorithm { get; }": () => "RSA",
    "string SignatureAlgorithm { get; }": () => "RSA",
    "void Clear()": (rsa: Rsa) => rsa.dispose(),
    "void Dispose()": (rsa: Rsa) => rsa.dispose(),
    "void FromXmlString(string xmlString)": fromXml,
    "string ToXmlString(bool includePrivateParameters)": toXml,
  },
});

const rsaType = declareType({
  name: `${NAMESPACE}.RSA`,
  kind: "class",
  base: `${NAMESPACE}.AsymmetricAlgorithm`,
  is: (value) => value instanceof Rsa,
  members: {
    "static RSA Create()": () => new Rsa(),
    "static RSA Create(string algName)": (name: string | null) =>
      /^(?:System\.Security\.Cryptography\.)?RSA(?:Cng|CryptoServiceProvider)?$/.test(required(name, "algName"))
        ? new Rsa()
        : null,
    "static RSA Create(int keySizeInBits)": (bits: number) => Rsa.ofSize(bits),
    "static RSA Create(RSAParameters parameters)": fromParameters,
    "byte[] Encrypt(byte[] data, RSAEncryptionPadding padding)": (
      rsa: Rsa,
      data: Bytes,
      padding: EncryptionPadding | null,
    ) => rsa.encrypt(required(data, "data"), required(padding, "padding")),
    "byte[] Decrypt(byte[] data, RSAEncryptionPadding padding)": (
      rsa: Rsa,
      data: Bytes,
      padding: EncryptionPadding | null,
    ) => rsa.decrypt(required(data, "data"), required(padding, "padding")),
    "RSAParameters ExportParameters(bool includePrivateParameters)": (rsa: Rsa, withPrivate: boolean) =>
      RsaParameters.ofKey(rsa.exportKey(withPrivate)),
    "void ImportParameters(RSAParameters parameters)": (rsa: Rsa, parameters: RsaParameters) =>
      rsa.importKey(parameters.toKey()),
    "byte[] ExportRSAPrivateKey()": (rsa: Rsa) => der(rsa.privateKey, "pkcs1"),
    "byte[] ExportRSAPublicKey()": (rsa: Rsa) => der(rsa.publicKey, "pkcs1"),
    "byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)": (
      rsa: Rsa,
      data: Bytes,
      hash: HashAlgorithmName,
      padding: SignaturePadding | null,
    ) => rsa.sign(required(data, "data"), hash, required(padding, "padding")),
    "byte[] SignData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)":
      (
        rsa: Rsa,
        data: Bytes,
        offset: number,
        count: number,
        hash: HashAlgorithmName,
        padding: SignaturePadding | null,
      ) => rsa.sign(required(data, "data").subarray(offset, offset + count), hash, required(padding, "padding")),
    "byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)": (
      rsa: Rsa,
      digest: Bytes,
      hash: HashAlgorithmName,
      padding: SignaturePadding | null,
    ) => rsa.signHash(required(digest, "hash"), hash, required(padding, "padding")),
    "bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)": (
      rsa: Rsa,
      data: Bytes,
      signature: Bytes,
      hash: HashAlgorithmName,
      padding: SignaturePadding | null,
    ) => rsa.verify(required(data, "data"), required(signature, "signature"), hash, required(padding, "padding")),
    "bool VerifyData(byte[] data, int offset, int count, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)":
      (
        rsa: Rsa,
        data: Bytes,
        offset: number,
        count: number,
        signature: Bytes,
        hash: HashAlgorithmName,
        padding: SignaturePadding | null,
      ) =>
        rsa.verify(
          required(data, "data").subarray(offset, offset + count),
          required(signature, "signature"),
          hash,
          required(padding, "padding"),
        ),
    "bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)": (
      rsa: Rsa,
      digest: Bytes,
      signature: Bytes,
      hash: HashAlgorithmName,
      padding: SignaturePadding | null,
    ) => rsa.verifyHash(required(digest, "hash"), required(signature, "signature"), hash, required(padding, "padding")),
  },
});

/** Published policies cast to these; both are the one implementation there is. */
const rsaAliases = ["RSACng", "RSACryptoServiceProvider"].map((name) =>
  declareType({
    name: `${NAMESPACE}.${name}`,
    kind: "class",
    base: `${NAMESPACE}.RSA`,
    is: (value) => value instanceof Rsa,
    members: { [`new ${name}()`]: () => new Rsa(), [`new ${name}(int keySize)`]: (bits: number) => Rsa.ofSize(bits) },
  }),
);

const rsaParametersType = declareType({
  name: `${NAMESPACE}.RSAParameters`,
  kind: "struct",
  is: (value) => value instanceof RsaParameters,
  toString: () => `${NAMESPACE}.RSAParameters`,
  members: {
    "new RSAParameters()": () => new RsaParameters(),
    ...Object.fromEntries(
      (Object.keys(FIELDS) as Field[]).map((field) => [
        `byte[] ${field} { get; set; }`,
        {
          get: (parameters: RsaParameters) => parameters.fields[field],
          set: (parameters: RsaParameters, value: Bytes) => {
            parameters.fields[field] = value;
          },
        },
      ]),
    ),
  },
});

/** What the key members need of a certificate; the certificate's class belongs to a higher layer. */
interface KeyHolder {
  readonly x509: { readonly publicKey: KeyObject };
  readonly privateKey: KeyObject | null;
}

function publicKeyOf(certificate: KeyHolder | null): Rsa | null {
  const key = required(certificate, "certificate").x509.publicKey;
  return key.asymmetricKeyType === "rsa" ? new Rsa({ public: key }) : null;
}

function privateKeyOf(certificate: KeyHolder | null): Rsa | null {
  const key = required(certificate, "certificate").privateKey;
  return key?.asymmetricKeyType === "rsa" ? new Rsa({ private: key }) : null;
}

const certificateExtensionsType = declareType({
  name: `${NAMESPACE}.X509Certificates.RSACertificateExtensions`,
  kind: "static",
  members: {
    "static RSA GetRSAPublicKey(this System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)":
      publicKeyOf,
    "static RSA GetRSAPrivateKey(this System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)":
      privateKeyOf,
  },
});

export const rsaTypes: TypeDeclaration[] = [
  asymmetricAlgorithmType,
  rsaType,
  ...rsaAliases,
  rsaParametersType,
  certificateExtensionsType,
];
