import ipaddr from "ipaddr.js";
import { type EnumValue, enumValue } from "../box.ts";
import { type Cell, declareType } from "../declare.ts";
import { ArgumentNullException, FormatException } from "../exceptions.ts";
import { stringHashCode } from "./equality.ts";
import type { ClrObject } from "./protocol.ts";

const FAMILIES: Readonly<Record<string, number>> = { InterNetwork: 2, InterNetworkV6: 23 };

/** What `AddressFamily` returns. */
export const addressFamilyType = declareType({
  name: "System.Net.Sockets.AddressFamily",
  kind: "enum",
  values: { Unknown: -1, Unspecified: 0, ...FAMILIES },
});

/** `System.Net.IPAddress`: 4 or 16 bytes. */
export class IPAddress implements ClrObject {
  readonly clrName = "System.Net.IPAddress";
  readonly bytes: Uint8Array;
  readonly #text: string;

  private constructor(address: ipaddr.IPv4 | ipaddr.IPv6) {
    this.bytes = Uint8Array.from(address.toByteArray());
    this.#text = address.kind() === "ipv4" ? address.toString() : printV6(address as ipaddr.IPv6);
  }

  /** Null when the text is no address. Zone ids and brackets are accepted as .NET accepts them. */
  static read(text: string): IPAddress | null {
    if (text.length > 100) return null;
    const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
    if (bare !== bare.trim() || (bare !== text && !bare.includes(":"))) return null;
    return ipaddr.isValid(bare) ? new IPAddress(ipaddr.parse(bare)) : null;
  }

  /** @throws FormatException */
  static parse(text: string | null): IPAddress {
    if (text === null) throw new ArgumentNullException("ipString");
    const address = IPAddress.read(text);
    if (address === null) throw new FormatException("An invalid IP address was specified.");
    return address;
  }

  get isV6(): boolean {
    return this.bytes.length === 16;
  }

  get family(): EnumValue {
    return enumValue("System.Net.Sockets.AddressFamily", FAMILIES, this.isV6 ? 23 : 2);
  }

  isLoopback(): boolean {
    if (!this.isV6) return this.bytes[0] === 127;
    return this.#text === "::1" || this.#text === "::ffff:127.0.0.1";
  }

  toClrString(): string {
    return this.#text;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof IPAddress && other.#text === this.#text;
  }

  clrHashCode(): number {
    return stringHashCode(this.#text);
  }
}

/** The shortest form, with the last four bytes of an IPv4-mapped address in dotted form. */
function printV6(address: ipaddr.IPv6): string {
  return address.isIPv4MappedAddress() ? `::ffff:${address.toIPv4Address().toString()}` : address.toRFC5952String();
}

export const ipAddressType = declareType({
  name: "System.Net.IPAddress",
  kind: "class",
  is: (value) => value instanceof IPAddress,
  toString: (value: IPAddress) => value.toClrString(),
  members: {
    "System.Net.Sockets.AddressFamily AddressFamily { get; }": (address: IPAddress) => address.family,
    "bool Equals(object comparand)": (a: IPAddress, b: unknown) => a.clrEquals(b),
    "byte[] GetAddressBytes()": (address: IPAddress) => address.bytes.slice(),
    "static bool IsLoopback(IPAddress address)": (address: IPAddress | null) => {
      if (address === null) throw new ArgumentNullException("address");
      return address.isLoopback();
    },
    "static IPAddress Parse(string ipString)": (text: string | null) => IPAddress.parse(text),
    "static bool TryParse(string ipString, out IPAddress address)": (
      text: string | null,
      result: Cell<IPAddress | null>,
    ) => {
      result.value = text === null ? null : IPAddress.read(text);
      return result.value !== null;
    },
    "string ToString()": (address: IPAddress) => address.toClrString(),
  },
});
