import { chargeText, checkTextLength } from "./text-limit.ts";

const encoder = new TextEncoder();
const HEX = Array.from({ length: 256 }, (_, i) => `%${i.toString(16).toUpperCase().padStart(2, "0")}`);

/** Characters that stay as they are; all others become the UTF-8 bytes as `%XX`. Lone surrogates become U+FFFD. */
export function percentEncode(text: string, safe: RegExp): string {
  checkTextLength(text.length * 3);
  let out = "";
  for (const c of text) {
    if (safe.test(c)) out += c;
    else for (const byte of encoder.encode(c)) out += HEX[byte] ?? "";
  }
  return out;
}

/**
 * Replaces each run of `%XX` by its UTF-8 text; bytes that are no UTF-8 stay as they are written.
 * @param keep characters that stay encoded, as a test of one character
 */
export function percentDecode(text: string, keep: (c: string) => boolean = () => false): string {
  chargeText(text.length);
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => decodeRun(run, keep));
}

function decodeRun(run: string, keep: (c: string) => boolean): string {
  const bytes = bytesOfRun(run);
  let out = "";
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    const c = length === 0 ? null : strictDecoder.decode(bytes.subarray(i, i + length));
    const used = Math.max(length, 1);
    out += c === null || keep(c) ? run.slice(i * 3, (i + used) * 3) : c;
    i += used;
  }
  return out;
}

const strictDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

function bytesOfRun(run: string): Uint8Array {
  return Uint8Array.from({ length: run.length / 3 }, (_, i) => Number.parseInt(run.slice(i * 3 + 1, i * 3 + 3), 16));
}

/** Bytes of the well-formed UTF-8 sequence at an index, 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  // Overlong forms, surrogates and code points beyond U+10FFFF.
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return length;
}
