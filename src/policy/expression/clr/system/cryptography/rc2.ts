/**
 * RC2 (RFC 2268), decryption only: old PKCS #12 files encrypt their certificates with it, and OpenSSL 3 has put it
 * away with the legacy algorithms.
 */
const PI_TABLE = [
  "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2",
  "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82",
  "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626",
  "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7",
  "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec",
  "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731",
  "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9",
  "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad",
].join("");
const PI = Uint8Array.from(Buffer.from(PI_TABLE, "hex"));

/** The 64 words of the key schedule; `bits` is the effective key length. */
function expandKey(key: Uint8Array, bits: number): Uint16Array {
  const pi = (index: number) => PI[index & 255] ?? 0;
  const bytes = new Uint8Array(128);
  const at = (index: number) => bytes[index] ?? 0;
  bytes.set(key);
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length));
  const size = Math.ceil(bits / 8);
  bytes[128 - size] = pi(at(128 - size) & (0xff >> (8 * size - bits)));
  for (let i = 127 - size; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + size));
  return Uint16Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8));
}

const SHIFTS = [1, 2, 3, 5];

function decryptBlock(words: Uint16Array, key: Uint16Array): void {
  const r = (index: number) => words[index & 3] ?? 0;
  let j = 63;
  const mix = () => {
    for (let i = 3; i >= 0; i--) {
      const shift = SHIFTS[i] ?? 0;
      const rotated = ((r(i) >>> shift) | (r(i) << (16 - shift))) & 0xffff;
      words[i] = rotated - (key[j--] ?? 0) - (r(i + 3) & r(i + 2)) - (~r(i + 3) & r(i + 1));
    }
  };
  const mash = () => {
    for (let i = 3; i >= 0; i--) words[i] = r(i) - (key[r(i + 3) & 63] ?? 0);
  };
  for (let round = 0; round < 16; round++) {
    mix();
    if (round === 4 || round === 10) mash();
  }
}

/** CBC without removing the padding. The data must be whole blocks of eight bytes. */
export function decryptRc2(key: Uint8Array, bits: number, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const schedule = expandKey(key, bits);
  const out = new Uint8Array(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 8) {
    const block = data.subarray(at, at + 8);
    const words = Uint16Array.from({ length: 4 }, (_, i) => (block[2 * i] ?? 0) | ((block[2 * i + 1] ?? 0) << 8));
    decryptBlock(words, schedule);
    for (let i = 0; i < 8; i++) out[at + i] = (((words[i >> 1] ?? 0) >> (8 * (i & 1))) & 0xff) ^ (previous[i] ?? 0);
    previous = block;
  }
  return out;
}
