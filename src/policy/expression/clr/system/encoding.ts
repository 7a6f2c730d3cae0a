import { ArgumentException } from "../exceptions.ts";
import { chargeText } from "./text-limit.ts";

/** A `System.Text.Encoding`: text to bytes and back; what cannot be encoded is replaced, never refused. */
export class TextEncoding {
  readonly clrName = "System.Text.Encoding";
  /** IANA name, as WebName prints it. */
  readonly webName: string;
  readonly displayName: string;
  readonly codePage: number;
  /** Longest encoding of one UTF-16 code unit, in bytes. */
  readonly bytesPerUnit: number;
  /** The byte order mark. */
  readonly preamble: readonly number[];
  readonly #encode: (text: string) => Uint8Array;
  readonly #decode: (bytes: Uint8Array) => string;

  constructor(
    names: { web: string; display: string; codePage: number },
    sizes: { bytesPerUnit: number; preamble?: readonly number[] },
    encode: (text: string) => Uint8Array,
    decode: (bytes: Uint8Array) => string,
  ) {
    this.webName = names.web;
    this.displayName = names.display;
    this.codePage = names.codePage;
    this.bytesPerUnit = sizes.bytesPerUnit;
    this.preamble = sizes.preamble ?? [];
    this.#encode = encode;
    this.#decode = decode;
  }

  encode(text: string): Uint8Array {
    chargeText(text.length);
    return this.#encode(text);
  }

  decode(bytes: Uint8Array): string {
    chargeText(bytes.length);
    return this.#decode(bytes);
  }
}

/** A plain copy: Buffer is a Uint8Array with other methods, which must not reach expressions. */
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer);
const view = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const utf8Decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export const utf8 = new TextEncoding(
  { web: "utf-8", display: "Unicode (UTF-8)", codePage: 65001 },
  { bytesPerUnit: 3, preamble: [0xef, 0xbb, 0xbf] },
  (text) => plain(Buffer.from(text, "utf8")),
  (bytes) => utf8Decoder.decode(bytes),
);

/** One byte for each code unit below a limit, `?` for the others, in both directions. */
function narrow(web: string, display: string, codePage: number, limit: number): TextEncoding {
  return new TextEncoding(
    { web, display, codePage },
    { bytesPerUnit: 1 },
    (text) =>
      Uint8Array.from({ length: text.length }, (_, i) => (text.charCodeAt(i) < limit ? text.charCodeAt(i) : 0x3f)),
    (bytes) => view(limit === 128 ? bytes.map((byte) => (byte < 128 ? byte : 0x3f)) : bytes).toString("latin1"),
  );
}

export const ascii = narrow("us-ascii", "US-ASCII", 20127, 128);
export const latin1 = narrow("iso-8859-1", "Western European (ISO)", 28591, 256);

/** An odd last byte and lone surrogates become U+FFFD. */
function decodeUtf16(bytes: Uint8Array): string {
  const even = bytes.length - (bytes.length % 2);
  const text = view(bytes.subarray(0, even)).toString("utf16le").toWellFormed();
  return even === bytes.length ? text : `${text}\ufffd`;
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  const even = bytes.length - (bytes.length % 2);
  const swapped = new Uint8Array(bytes);
  view(swapped.subarray(0, even)).swap16();
  return swapped;
}

export const utf16 = new TextEncoding(
  { web: "utf-16", display: "Unicode", codePage: 1200 },
  { bytesPerUnit: 2, preamble: [0xff, 0xfe] },
  (text) => plain(Buffer.from(text.toWellFormed(), "utf16le")),
  decodeUtf16,
);

export const utf16BigEndian = new TextEncoding(
  { web: "utf-16BE", display: "Unicode (Big-Endian)", codePage: 1201 },
  { bytesPerUnit: 2, preamble: [0xfe, 0xff] },
  (text) => swapPairs(plain(Buffer.from(text.toWellFormed(), "utf16le"))),
  (bytes) => decodeUtf16(swapPairs(bytes)),
);

function encodeUtf32(text: string): Uint8Array {
  const points = Array.from(text.toWellFormed(), (c) => c.codePointAt(0) ?? 0xfffd);
  const out = new DataView(new ArrayBuffer(points.length * 4));
  for (const [i, point] of points.entries()) out.setUint32(i * 4, point, true);
  return new Uint8Array(out.buffer);
}

function decodeUtf32(bytes: Uint8Array): string {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const point = data.getUint32(i, true);
    parts.push(point > 0x10_ffff || (point >= 0xd800 && point <= 0xdfff) ? "\ufffd" : String.fromCodePoint(point));
  }
  if (bytes.length % 4 !== 0) parts.push("\ufffd");
  return parts.join("");
}

export const utf32 = new TextEncoding(
  { web: "utf-32", display: "Unicode (UTF-32)", codePage: 12000 },
  { bytesPerUnit: 4, preamble: [0xff, 0xfe, 0, 0] },
  encodeUtf32,
  decodeUtf32,
);

/** A Windows or ISO code page of one byte a character, read from the platform's decoder. */
function singleByte(web: string, codePage: number): TextEncoding {
  const characters = new TextDecoder(web).decode(Uint8Array.from({ length: 256 }, (_, i) => i));
  const bytes = new Map(Array.from(characters, (c, i) => [c.charCodeAt(0), i]));
  return new TextEncoding(
    { web, display: web, codePage },
    { bytesPerUnit: 1 },
    (text) => Uint8Array.from({ length: text.length }, (_, i) => bytes.get(text.charCodeAt(i)) ?? 0x3f),
    (input) => Array.from(input, (byte) => characters[byte] ?? "?").join(""),
  );
}

const SINGLE_BYTE: Readonly<Record<string, number>> = {
  "iso-8859-2": 28592,
  "iso-8859-3": 28593,
  "iso-8859-4": 28594,
  "iso-8859-5": 28595,
  "iso-8859-6": 28596,
  "iso-8859-7": 28597,
  "iso-8859-8": 28598,
  "iso-8859-13": 28603,
  "iso-8859-15": 28605,
  "windows-874": 874,
  "windows-1250": 1250,
  "windows-1251": 1251,
  "windows-1252": 1252,
  "windows-1253": 1253,
  "windows-1254": 1254,
  "windows-1255": 1255,
  "windows-1256": 1256,
  "windows-1257": 1257,
  "windows-1258": 1258,
  "koi8-r": 20866,
  "koi8-u": 21866,
  ibm866: 866,
  macintosh: 10000,
};

const BY_NAME: Readonly<Record<string, TextEncoding>> = {
  "utf-8": utf8,
  utf8,
  "unicode-1-1-utf-8": utf8,
  "unicode-2-0-utf-8": utf8,
  "x-unicode-2-0-utf-8": utf8,
  "us-ascii": ascii,
  ascii,
  "ansi_x3.4-1968": ascii,
  "iso646-us": ascii,
  "iso-ir-6": ascii,
  us: ascii,
  "utf-16": utf16,
  "utf-16le": utf16,
  unicode: utf16,
  "ucs-2": utf16,
  "iso-10646-ucs-2": utf16,
  "utf-16be": utf16BigEndian,
  unicodefffe: utf16BigEndian,
  "utf-32": utf32,
  "utf-32le": utf32,
  "iso-8859-1": latin1,
  iso_8859_1: latin1,
  "iso_8859-1": latin1,
  latin1,
  l1: latin1,
  "iso-ir-100": latin1,
  cp819: latin1,
};

const BY_CODE_PAGE = new Map([utf8, ascii, utf16, utf16BigEndian, utf32, latin1].map((e) => [e.codePage, e]));
const made = new Map<string, TextEncoding>();

/** `Encoding.GetEncoding(name)`. @throws ArgumentException for a name that is not known */
export function encodingNamed(name: string): TextEncoding {
  const key = name.toLowerCase();
  const known = Object.hasOwn(BY_NAME, key) ? BY_NAME[key] : made.get(key);
  if (known) return known;
  const codePage = Object.hasOwn(SINGLE_BYTE, key) ? SINGLE_BYTE[key] : undefined;
  if (codePage === undefined) {
    throw new ArgumentException(
      `'${name}' is not a supported encoding name. For information on defining a custom encoding, see the documentation for the Encoding.RegisterProvider method.`,
      "name",
    );
  }
  const encoding = singleByte(key, codePage);
  made.set(key, encoding);
  return encoding;
}

/** `Encoding.GetEncoding(codepage)`; 0 is the default. @throws ArgumentException */
export function encodingOfCodePage(codePage: number): TextEncoding {
  if (codePage === 0) return utf8;
  const known = BY_CODE_PAGE.get(codePage);
  if (known) return known;
  const name = Object.keys(SINGLE_BYTE).find((key) => SINGLE_BYTE[key] === codePage);
  if (name === undefined) throw new ArgumentException(`No data is available for encoding ${codePage}.`, "codepage");
  return encodingNamed(name);
}
