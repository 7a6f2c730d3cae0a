import { createHash, timingSafeEqual } from "node:crypto";

/**
 * EMSA-PSS (RFC 8017, 9.1) for hashes that were computed elsewhere; node:crypto signs whole messages only.
 */
function digestOf(hash: string, ...parts: Uint8Array[]): Buffer {
  const running = createHash(hash);
  for (const part of parts) running.update(part);
  return running.digest();
}

/** MGF1: a hash stretched to a length. */
function mask(seed: Uint8Array, length: number, hash: string): Buffer {
  const blocks: Buffer[] = [];
  for (let size = 0, counter = 0; size < length; counter++) {
    const block = digestOf(hash, seed, Buffer.from([counter >>> 24, counter >>> 16, counter >>> 8, counter]));
    blocks.push(block);
    size += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const EIGHT_ZEROS = new Uint8Array(8);

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));
}

/** @param bits size of the modulus. @returns as many bytes as the modulus has */
export function encodePss(digest: Uint8Array, hash: string, bits: number, salt: Uint8Array): Buffer {
  const length = Math.ceil((bits - 1) / 8);
  const inner = digestOf(hash, EIGHT_ZEROS, digest, salt);
  const data = Buffer.alloc(length - inner.length - 1);
  data[data.length - salt.length - 1] = 1;
  data.set(salt, data.length - salt.length);
  const masked = xor(data, mask(inner, data.length, hash));
  masked[0] = (masked[0] ?? 0) & (0xff >> (8 * length - (bits - 1)));
  const encoded = Buffer.concat([masked, inner, Buffer.from([0xbc])]);
  return Buffer.concat([Buffer.alloc(Math.ceil(bits / 8) - length), encoded]);
}

/** True when the encoded message is that of the hash with a salt of the hash's length. */
export function verifyPss(padded: Uint8Array, digest: Uint8Array, hash: string, bits: number): boolean {
  const length = Math.ceil((bits - 1) / 8);
  const encoded = Buffer.from(padded).subarray(padded.length - length);
  const size = digest.length;
  if (length < 2 * size + 2 || encoded.at(-1) !== 0xbc) return false;
  const inner = encoded.subarray(length - size - 1, length - 1);
  const data = xor(encoded.subarray(0, length - size - 1), mask(inner, length - size - 1, hash));
  data[0] = (data[0] ?? 0) & (0xff >> (8 * length - (bits - 1)));
  const saltAt = data.length - size;
  if (data.subarray(0, saltAt - 1).some((byte) => byte !== 0) || data[saltAt - 1] !== 1) return false;
  return timingSafeEqual(digestOf(hash, EIGHT_ZEROS, digest, data.subarray(saltAt)), inner);
}
