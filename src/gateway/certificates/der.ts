/** Thrown where DER is not of the expected form. */
export class DerSyntaxError extends Error {}

/** Tags of the ASN.1 types that certificates, revocation lists and OCSP use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  identifier: 0x06,
  enumerated: 0x0a,
  sequence: 0x30,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** The tag of a context-specific value, `[n]`. */
export function contextTag(number: number, constructed = true): number {
  return (constructed ? 0xa0 : 0x80) | number;
}

/**
 * Reads DER values one after another, without making objects of them: revocation lists have tens of thousands. Linear
 * in the bytes, and never beyond them. Every method throws {@link DerSyntaxError} where the bytes are not as asked.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
  }

  get more(): boolean {
    return this.#at < this.#end;
  }

  /** Tag of the next value; undefined at the end. */
  get tag(): number | undefined {
    return this.more ? this.#bytes[this.#at] : undefined;
  }

  /** Content of the next value. */
  content(tag: number): Uint8Array {
    const { start, end } = this.#take(tag);
    return this.#bytes.subarray(start, end);
  }

  /** The next value whole, with its tag and length. */
  whole(tag?: number): Uint8Array {
    const from = this.#at;
    const { end } = this.#take(tag);
    return this.#bytes.subarray(from, end);
  }

  /** A reader of what is in the next value. */
  enter(tag: number = TAG.sequence): DerReader {
    const { start, end } = this.#take(tag);
    return new DerReader(this.#bytes, start, end);
  }

  /** As {@link enter}; undefined where the next value has another tag. */
  enterOptional(tag: number): DerReader | undefined {
    return this.tag === tag ? this.enter(tag) : undefined;
  }

  skip(): void {
    this.#take(undefined);
  }

  /** Dotted form of an OBJECT IDENTIFIER. */
  identifier(): string {
    const numbers: number[] = [];
    let value = 0;
    for (const byte of this.content(TAG.identifier)) {
      value = value * 128 + (byte & 0x7f);
      if (value > Number.MAX_SAFE_INTEGER) throw new DerSyntaxError("an identifier is too large");
      if (byte & 0x80) continue;
      if (numbers.length === 0) {
        const first = Math.min(2, Math.floor(value / 40));
        numbers.push(first, value - 40 * first);
      } else numbers.push(value);
      value = 0;
    }
    return numbers.join(".");
  }

  /** UTCTime or GeneralizedTime, in epoch milliseconds (RFC 5280 section 4.1.2.5). */
  time(): number {
    const tag = this.tag;
    if (tag !== TAG.utcTime && tag !== TAG.generalizedTime) throw new DerSyntaxError("a time was expected");
    const text = Buffer.from(this.content(tag)).toString("latin1");
    const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?Z$/.exec(text);
    const [year, month, day, hour, minute, second] = match?.slice(1).map(Number) ?? [];
    if (year === undefined || (match?.[1]?.length === 4) !== (tag === TAG.generalizedTime)) {
      throw new DerSyntaxError("a time is malformed");
    }
    const full = tag === TAG.generalizedTime ? year : year < 50 ? 2000 + year : 1900 + year;
    return Date.UTC(full, (month as number) - 1, day, hour, minute, second);
  }

  #take(tag: number | undefined): { start: number; end: number } {
    const bytes = this.#bytes;
    const first = bytes[this.#at];
    if (first === undefined || this.#at >= this.#end) throw new DerSyntaxError("a value is missing");
    if (tag !== undefined && first !== tag) throw new DerSyntaxError("a value of another type was expected");
    if ((first & 0x1f) === 0x1f) throw new DerSyntaxError("a tag is too large");
    let start = this.#at + 2;
    let length = bytes[this.#at + 1] ?? 0x80;
    if (length === 0x80 || length > 0x84) throw new DerSyntaxError("a length is malformed");
    if (length > 0x80) {
      const octets = length & 0x7f;
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + (bytes[start++] ?? 0);
    }
    const end = start + length;
    if (end > this.#end) throw new DerSyntaxError("a value is cut off");
    this.#at = end;
    return { start, end };
  }
}

/** Encodes a value from its parts. */
export function derValue(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const octets: number[] = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) octets.unshift(left & 0xff);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | octets.length, ...octets];
  return Buffer.concat([Uint8Array.from(header), ...parts]);
}

/** Bits of a BIT STRING's content, which are whole octets here. */
export function bitOctets(content: Uint8Array): Uint8Array {
  if (content[0] !== 0) throw new DerSyntaxError("a bit string does not hold whole octets");
  return content.subarray(1);
}
