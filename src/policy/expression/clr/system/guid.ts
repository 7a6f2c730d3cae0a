import { randomUUID } from "node:crypto";
import { type Cell, declareType } from "../declare.ts";
import { ArgumentException, ArgumentNullException, FormatException } from "../exceptions.ts";
import { requireText } from "./number-parse.ts";
import type { ClrObject } from "./protocol.ts";
import { tryParse } from "./try-parse.ts";

const FORMS: Readonly<Record<string, RegExp>> = {
  N: /^[0-9a-f]{32}$/i,
  D: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  B: /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i,
  P: /^\([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)$/i,
};
const HEX_FORM =
  /^\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\{0x([0-9a-f]{1,2}),0x([0-9a-f]{1,2}),0x([0-9a-f]{1,2}),0x([0-9a-f]{1,2}),0x([0-9a-f]{1,2}),0x([0-9a-f]{1,2}),0x([0-9a-f]{1,2}),0x([0-9a-f]{1,2})\}\}$/i;

/** `System.Guid`, kept as its 32 lower-case hexadecimal digits. */
export class Guid implements ClrObject {
  readonly clrName = "System.Guid";
  readonly hex: string;

  private constructor(hex: string) {
    this.hex = hex;
  }

  static readonly empty = new Guid("0".repeat(32));

  static newGuid(): Guid {
    return new Guid(randomUUID().replaceAll("-", ""));
  }

  /** Any of the forms N, D, B, P and X, white space around. @throws FormatException */
  static parse(text: string): Guid {
    const trimmed = text.length > 200 ? text : text.trim();
    if (Object.values(FORMS).some((form) => form.test(trimmed))) return new Guid(digitsOf(trimmed));
    return Guid.parseHexForm(trimmed);
  }

  /** Exactly the form of one format letter. @throws FormatException */
  static parseExact(text: string, format: string): Guid {
    const letter = format.toUpperCase();
    if (letter === "X") return Guid.parseHexForm(text.trim());
    const form = FORMS[letter];
    if (!form)
      throw new FormatException('Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".');
    if (!form.test(text.trim())) throw new FormatException("Guid string should be in the form that the format names.");
    return new Guid(digitsOf(text));
  }

  private static parseHexForm(text: string): Guid {
    const match = text.length > 200 ? null : HEX_FORM.exec(text.replace(/\s/g, ""));
    if (!match) {
      throw new FormatException("Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).");
    }
    const widths = [8, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2];
    return new Guid(
      widths
        .map((width, i) => (match[i + 1] ?? "").padStart(width, "0"))
        .join("")
        .toLowerCase(),
    );
  }

  /** 16 bytes, the first three fields little-endian. @throws ArgumentException for another length */
  static fromBytes(bytes: Uint8Array): Guid {
    if (bytes.length !== 16) throw new ArgumentException("Byte array for GUID must be exactly 16 bytes long.", "b");
    return new Guid(hexOf(swapFields(bytes)));
  }

  toBytes(): Uint8Array {
    const bytes = new Uint8Array(16);
    for (let i = 0; i < 16; i++) bytes[i] = Number.parseInt(this.hex.slice(i * 2, i * 2 + 2), 16);
    return swapFields(bytes);
  }

  toClrString(): string {
    return this.clrFormat("D");
  }

  /** `N`, `D` (default), `B`, `P`, `X`. @throws FormatException */
  clrFormat(format: string | null): string {
    const h = this.hex;
    const dashed = `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
    switch (format === null || format === "" ? "D" : format.toUpperCase()) {
      case "N":
        return h;
      case "D":
        return dashed;
      case "B":
        return `{${dashed}}`;
      case "P":
        return `(${dashed})`;
      case "X": {
        const bytes = Array.from({ length: 8 }, (_, i) => `0x${h.slice(16 + i * 2, 18 + i * 2)}`);
        return `{0x${h.slice(0, 8)},0x${h.slice(8, 12)},0x${h.slice(12, 16)},{${bytes.join(",")}}}`;
      }
      default:
        throw new FormatException('Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".');
    }
  }

  clrEquals(other: unknown): boolean {
    return other instanceof Guid && other.hex === this.hex;
  }

  /** The fields combined as .NET Framework does, so that a seed taken from a request id spreads. */
  clrHashCode(): number {
    const at = (start: number, length: number) => Number.parseInt(this.hex.slice(start, start + length), 16);
    return at(0, 8) ^ ((at(8, 4) << 16) | at(12, 4)) ^ ((at(20, 2) << 24) | at(30, 2));
  }

  clrCompareTo(other: unknown): number {
    if (!(other instanceof Guid)) throw new ArgumentException("Object must be of type GUID.", "value");
    return this.hex < other.hex ? -1 : this.hex > other.hex ? 1 : 0;
  }
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9a-f]/gi, "").toLowerCase();
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Turns the byte order of the first three fields around; its own inverse. */
function swapFields(bytes: Uint8Array): Uint8Array {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (i) => bytes[i] ?? 0);
}

/** The constructor from fields: big-endian digits of each. */
function fromFields(a: number, b: number, c: number, rest: readonly number[]): Guid {
  const bytes = [a >>> 24, a >>> 16, a >>> 8, a, b >>> 8, b, c >>> 8, c, ...rest].map((value) => value & 0xff);
  return Guid.fromBytes(swapFields(Uint8Array.from(bytes)));
}

const equal = (a: Guid, b: Guid) => a.hex === b.hex;

export const guidType = declareType({
  name: "System.Guid",
  kind: "struct",
  interfaces: ["System.IComparable", "System.IFormattable"],
  is: (value) => value instanceof Guid,
  toString: (value: Guid) => value.toClrString(),
  equals: equal,
  members: {
    "new Guid()": () => Guid.empty,
    "new Guid(byte[] b)": (bytes: Uint8Array | null) => {
      if (bytes === null) throw new ArgumentNullException("b");
      return Guid.fromBytes(bytes);
    },
    "new Guid(string g)": (text: string | null) => Guid.parse(requireText(text, "g")),
    "new Guid(int a, short b, short c, byte[] d)": (a: number, b: number, c: number, d: Uint8Array | null) => {
      if (d === null) throw new ArgumentNullException("d");
      if (d.length !== 8) throw new ArgumentException("Byte array for GUID must be exactly 8 bytes long.", "d");
      return fromFields(a, b, c, [...d]);
    },
    "new Guid(int a, short b, short c, byte d, byte e, byte f, byte g, byte h, byte i, byte j, byte k)": (
      a: number,
      b: number,
      c: number,
      ...rest: number[]
    ) => fromFields(a, b, c, rest),
    "new Guid(uint a, ushort b, ushort c, byte d, byte e, byte f, byte g, byte h, byte i, byte j, byte k)": (
      a: number,
      b: number,
      c: number,
      ...rest: number[]
    ) => fromFields(a, b, c, rest),
    "static Guid Empty { get; }": () => Guid.empty,
    "static Guid NewGuid()": () => Guid.newGuid(),
    "static Guid Parse(string input)": (text: string | null) => Guid.parse(requireText(text, "input")),
    "static Guid ParseExact(string input, string format)": (text: string | null, format: string | null) =>
      Guid.parseExact(requireText(text, "input"), requireText(format, "format")),
    "static bool TryParse(string input, out Guid result)": (text: string | null, result: Cell<Guid>) =>
      tryParse(result, Guid.empty, () => Guid.parse(requireText(text))),
    "static bool TryParseExact(string input, string format, out Guid result)": (
      text: string | null,
      format: string | null,
      result: Cell<Guid>,
    ) => tryParse(result, Guid.empty, () => Guid.parseExact(requireText(text), requireText(format))),
    "int CompareTo(object value)": (g: Guid, other: unknown) => (other === null ? 1 : g.clrCompareTo(other)),
    "int CompareTo(Guid value)": (a: Guid, b: Guid) => a.clrCompareTo(b),
    "bool Equals(Guid g)": equal,
    "bool Equals(object o)": (a: Guid, b: unknown) => a.clrEquals(b),
    "int GetHashCode()": (g: Guid) => g.clrHashCode(),
    "byte[] ToByteArray()": (g: Guid) => g.toBytes(),
    "string ToString()": (g: Guid) => g.toClrString(),
    "string ToString(string format)": (g: Guid, format: string | null) => g.clrFormat(format),
    "string ToString(string format, IFormatProvider provider)": (g: Guid, format: string | null) => g.clrFormat(format),
    "static bool operator ==(Guid a, Guid b)": equal,
    "static bool operator !=(Guid a, Guid b)": (a: Guid, b: Guid) => !equal(a, b),
  },
});
