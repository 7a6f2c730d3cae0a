import { CryptographicException } from "../../exceptions.ts";

/** One ASN.1 value in DER (or BER with definite lengths). */
export interface DerValue {
  /** The identifier octet: `0x30` is a SEQUENCE, `0xa0` the context tag 0. */
  tag: number;
  content: Uint8Array;
  /** Bytes of the whole value, identifier and length included. */
  encoded: Uint8Array;
}

export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const OBJECT_IDENTIFIER = 0x06;
export const SEQUENCE = 0x30;
/** Context-specific, constructed and primitive, number 0. */
export const CONTEXT_0 = 0xa0;
export const PRIMITIVE_0 = 0x80;

function malformed(): CryptographicException {
  return new CryptographicException("ASN1 corrupted data.");
}

/** The value at the start of some bytes. @throws CryptographicException */
export function readDer(bytes: Uint8Array, at = 0): DerValue {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw malformed();
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4 || start + count > bytes.length) throw malformed();
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start++] ?? 0);
  }
  if (start + length > bytes.length) throw malformed();
  return { tag, content: bytes.subarray(start, start + length), encoded: bytes.subarray(at, start + length) };
}

/** The values inside a constructed one. @param tag what the value must be. @throws CryptographicException */
export function readParts(value: DerValue | undefined, tag: number = SEQUENCE): DerValue[] {
  const parts: DerValue[] = [];
  const content = expectTag(value, tag).content;
  for (let at = 0; at < content.length; ) {
    const part = readDer(content, at);
    parts.push(part);
    at += part.encoded.length;
  }
  return parts;
}

/** The value, if it has the tag. @throws CryptographicException */
export function expectTag(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag) throw malformed();
  return value;
}

/** An object identifier in dotted form. */
export function readOid(value: DerValue | undefined): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of expectTag(value, OBJECT_IDENTIFIER).content) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const [first = 0, ...rest] = numbers;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join(".");
}

/** A small non-negative integer. @throws CryptographicException when it has more than six bytes */
export function readInteger(value: DerValue | undefined): number {
  const { content } = expectTag(value, INTEGER);
  if (content.length > 6 || (content[0] ?? 0) > 127) throw malformed();
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}
