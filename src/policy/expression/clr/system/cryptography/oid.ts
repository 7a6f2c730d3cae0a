import { declareType } from "../../declare.ts";
import { ArgumentNullException } from "../../exceptions.ts";
import type { ClrObject } from "../protocol.ts";

/** Friendly names of object identifiers that certificates and signatures use. */
const NAMES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.1": "RSA",
  "1.2.840.113549.1.1.4": "md5RSA",
  "1.2.840.113549.1.1.5": "sha1RSA",
  "1.2.840.113549.1.1.11": "sha256RSA",
  "1.2.840.113549.1.1.12": "sha384RSA",
  "1.2.840.113549.1.1.13": "sha512RSA",
  "1.2.840.113549.2.5": "md5",
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "1.2.840.10045.2.1": "ECC",
  "1.2.840.10045.4.3.2": "sha256ECDSA",
  "1.2.840.10045.4.3.3": "sha384ECDSA",
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "S",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.29.15": "Key Usage",
  "2.5.29.17": "Subject Alternative Name",
  "2.5.29.19": "Basic Constraints",
  "2.5.29.37": "Enhanced Key Usage",
  "1.3.6.1.5.5.7.3.1": "Server Authentication",
  "1.3.6.1.5.5.7.3.2": "Client Authentication",
};

/** `Oid`: an object identifier and its name. */
export class Oid implements ClrObject {
  readonly clrName = "System.Security.Cryptography.Oid";
  value: string | null;
  friendlyName: string | null;

  constructor(value: string | null, friendlyName: string | null) {
    this.value = value;
    this.friendlyName = friendlyName;
  }

  /** From dotted numbers or a friendly name; what is unknown is taken for a number. */
  static of(text: string | null): Oid {
    if (text !== null && Object.hasOwn(NAMES, text)) return new Oid(text, NAMES[text] ?? null);
    const value = Object.keys(NAMES).find((key) => NAMES[key]?.toLowerCase() === text?.toLowerCase());
    return value === undefined ? new Oid(text, null) : new Oid(value, NAMES[value] ?? null);
  }
}

export const oidType = declareType({
  name: "System.Security.Cryptography.Oid",
  kind: "class",
  is: (value) => value instanceof Oid,
  members: {
    "new Oid()": () => new Oid(null, null),
    "new Oid(string oid)": (text: string | null) => Oid.of(text),
    "new Oid(string value, string friendlyName)": (value: string | null, name: string | null) => new Oid(value, name),
    "new Oid(Oid oid)": (oid: Oid | null) => {
      if (oid === null) throw new ArgumentNullException("oid");
      return new Oid(oid.value, oid.friendlyName);
    },
    "string Value { get; set; }": {
      get: (oid: Oid) => oid.value,
      set: (oid: Oid, value: string | null) => {
        oid.value = value;
      },
    },
    "string FriendlyName { get; set; }": {
      get: (oid: Oid) => oid.friendlyName,
      set: (oid: Oid, name: string | null) => {
        oid.friendlyName = name;
      },
    },
  },
});
