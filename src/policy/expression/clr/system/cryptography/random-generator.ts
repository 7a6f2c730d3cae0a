import { randomFillSync } from "node:crypto";
import { spend } from "../../budget.ts";
import { declareType } from "../../declare.ts";
import { ArgumentNullException } from "../../exceptions.ts";

/** `RNGCryptoServiceProvider`: random numbers of cryptographic quality. It has no state of its own. */
class CryptographicRandom {
  readonly clrName = "System.Security.Cryptography.RNGCryptoServiceProvider";

  fill(bytes: Uint8Array): void {
    spend(bytes.length >> 10);
    randomFillSync(bytes);
  }

  dispose(): void {
    // The generator is the platform's.
  }
}

function required(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) throw new ArgumentNullException("data");
  return bytes;
}

const NAMESPACE = "System.Security.Cryptography";
const is = (value: unknown) => value instanceof CryptographicRandom;

export const randomGeneratorTypes = [
  declareType({
    name: `${NAMESPACE}.RandomNumberGenerator`,
    kind: "class",
    interfaces: ["System.IDisposable"],
    is,
    members: {
      "static RandomNumberGenerator Create()": () => new CryptographicRandom(),
      "void GetBytes(byte[] data)": (random: CryptographicRandom, bytes: Uint8Array | null) =>
        random.fill(required(bytes)),
      "void GetNonZeroBytes(byte[] data)": (random: CryptographicRandom, bytes: Uint8Array | null) => {
        const target = required(bytes);
        random.fill(target);
        const one = new Uint8Array(1);
        for (let i = 0; i < target.length; i++) {
          while (target[i] === 0) {
            random.fill(one);
            target[i] = one[0] ?? 0;
          }
        }
      },
      "void Dispose()": (random: CryptographicRandom) => random.dispose(),
    },
  }),
  declareType({
    name: `${NAMESPACE}.RNGCryptoServiceProvider`,
    kind: "class",
    base: `${NAMESPACE}.RandomNumberGenerator`,
    is,
    members: { "new RNGCryptoServiceProvider()": () => new CryptographicRandom() },
  }),
];
