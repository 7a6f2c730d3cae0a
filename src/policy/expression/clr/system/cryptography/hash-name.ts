import { declareType } from "../../declare.ts";
import { CryptographicException } from "../../exceptions.ts";
import { stringHashCode } from "../equality.ts";
import type { ClrObject } from "../protocol.ts";

const NAMESPACE = "System.Security.Cryptography";

/** `HashAlgorithmName`: the name of a hash, such as `SHA256`. */
export class HashAlgorithmName implements ClrObject {
  readonly clrName = `${NAMESPACE}.HashAlgorithmName`;
  readonly name: string | null;

  constructor(name: string | null) {
    this.name = name;
  }

  /** Name in node:crypto. @throws CryptographicException for a hash that is not supported */
  get digest(): string {
    const digest = this.name?.toLowerCase() ?? "";
    if (!/^(?:md5|sha1|sha256|sha384|sha512)$/.test(digest)) {
      throw new CryptographicException(`'${this.name}' is not a known hash algorithm.`);
    }
    return digest;
  }

  toClrString(): string {
    return this.name ?? "";
  }

  clrEquals(other: unknown): boolean {
    return other instanceof HashAlgorithmName && other.name === this.name;
  }

  clrHashCode(): number {
    return stringHashCode(this.name ?? "");
  }
}

const equal = (a: HashAlgorithmName, b: HashAlgorithmName) => a.name === b.name;
const known = (name: string) => () => new HashAlgorithmName(name);

export const hashAlgorithmNameType = declareType({
  name: `${NAMESPACE}.HashAlgorithmName`,
  kind: "struct",
  is: (value) => value instanceof HashAlgorithmName,
  toString: (value: HashAlgorithmName) => value.toClrString(),
  equals: equal,
  members: {
    "new HashAlgorithmName()": () => new HashAlgorithmName(null),
    "new HashAlgorithmName(string name)": (name: string | null) => new HashAlgorithmName(name),
    "static HashAlgorithmName MD5 { get; }": known("MD5"),
    "static HashAlgorithmName SHA1 { get; }": known("SHA1"),
    "static HashAlgorithmName SHA256 { get; }": known("SHA256"),
    "static HashAlgorithmName SHA384 { get; }": known("SHA384"),
    "static HashAlgorithmName SHA512 { get; }": known("SHA512"),
    "string Name { get; }": (value: HashAlgorithmName) => value.name,
    "string ToString()": (value: HashAlgorithmName) => value.toClrString(),
    "bool Equals(HashAlgorithmName other)": equal,
    "static bool operator ==(HashAlgorithmName left, HashAlgorithmName right)": equal,
    "static bool operator !=(HashAlgorithmName left, HashAlgorithmName right)": (
      a: HashAlgorithmName,
      b: HashAlgorithmName,
    ) => !equal(a, b),
  },
});
