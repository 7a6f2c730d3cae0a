import { type EnumValue, enumValue } from "../../box.ts";
import { declareType, type TypeDeclaration } from "../../declare.ts";
import { ArgumentNullException, ArgumentOutOfRangeException, CryptographicException } from "../../exceptions.ts";
import {
  CipherTransform,
  createSymmetric,
  SYMMETRIC_KINDS,
  SymmetricAlgorithm,
  type SymmetricKind,
} from "./symmetric.ts";

type Bytes = Uint8Array | null;

const NAMESPACE = "System.Security.Cryptography";
const CIPHER_MODES = { CBC: 1, ECB: 2, OFB: 3, CFB: 4, CTS: 5 };
const PADDING_MODES = { None: 1, PKCS7: 2, Zeros: 3, ANSIX923: 4, ISO10126: 5 };

function required(bytes: Bytes, name: string): Uint8Array {
  if (bytes === null) throw new ArgumentNullException(name);
  return bytes;
}

function part(bytes: Bytes, offset: number, count: number): Uint8Array {
  const all = required(bytes, "inputBuffer");
  if (offset < 0 || count < 0 || offset > all.length - count) throw new ArgumentOutOfRangeException("inputOffset");
  return all.subarray(offset, offset + count);
}

const symmetricAlgorithmType = declareType({
  name: `${NAMESPACE}.SymmetricAlgorithm`,
  kind: "class",
  interfaces: ["System.IDisposable"],
  is: (value) => value instanceof SymmetricAlgorithm,
  toString: (algorithm: SymmetricAlgorithm) => algorithm.clrName,
  members: {
    "int BlockSize { get; set; }": {
      get: (algorithm: SymmetricAlgorithm) => algorithm.kind.blockSize,
      set: (algorithm: SymmetricAlgorithm, bits: number) => {
        if (bits !== algorithm.kind.blockSize) {
          throw new CryptographicException("Specified block size is not valid for this algorithm.");
        }
      },
    },
    "int FeedbackSize { get; set; }": {
      get: (algorithm: SymmetricAlgorithm) => algorithm.feedbackSize,
      set: (algorithm: SymmetricAlgorithm, bits: number) => {
        algorithm.feedbackSize = bits;
      },
    },
    "byte[] IV { get; set; }": {
      get: (algorithm: SymmetricAlgorithm) => algorithm.iv,
      set: (algorithm: SymmetricAlgorithm, iv: Bytes) => {
        algorithm.iv = iv;
      },
    },
    "byte[] Key { get; set; }": {
      get: (algorithm: SymmetricAlgorithm) => algorithm.key,
      set: (algorithm: SymmetricAlgorithm, key: Bytes) => {
        algorithm.key = key;
      },
    },
    "int KeySize { get; set; }": {
      get: (algorithm: SymmetricAlgorithm) => algorithm.keySize,
      set: (algorithm: SymmetricAlgorithm, bits: number) => {
        algorithm.keySize = bits;
      },
    },
    "CipherMode Mode { get; set; }": {
      get: (algorithm: SymmetricAlgorithm) => enumValue(`${NAMESPACE}.CipherMode`, CIPHER_MODES, algorithm.mode),
      set: (algorithm: SymmetricAlgorithm, mode: EnumValue) => {
        if (![1, 2, 4].includes(mode.value)) {
          throw new CryptographicException("Specified cipher mode is not valid for this algorithm.");
        }
        algorithm.mode = mode.value;
      },
    },
    "PaddingMode Padding { get; set; }": {
      get: (algorithm: SymmetricAlgorithm) => enumValue(`${NAMESPACE}.PaddingMode`, PADDING_MODES, algorithm.padding),
      set: (algorithm: SymmetricAlgorithm, padding: EnumValue) => {
        if (padding.value < 1 || padding.value > 5) {
          throw new CryptographicException("Specified padding mode is not valid for this algorithm.");
        }
        algorithm.padding = padding.value;
      },
    },
    "void Clear()": (algorithm: SymmetricAlgorithm) => algorithm.dispose(),
    "void Dispose()": (algorithm: SymmetricAlgorithm) => algorithm.dispose(),
    "static SymmetricAlgorithm Create(string algName)": createSymmetric,
    "ICryptoTransform CreateDecryptor()": (algorithm: SymmetricAlgorithm) => algorithm.transform(false),
    "ICryptoTransform CreateDecryptor(byte[] rgbKey, byte[] rgbIV)": (
      algorithm: SymmetricAlgorithm,
      key: Bytes,
      iv: Bytes,
    ) => algorithm.transform(false, required(key, "rgbKey"), iv),
    "ICryptoTransform CreateEncryptor()": (algorithm: SymmetricAlgorithm) => algorithm.transform(true),
    "ICryptoTransform CreateEncryptor(byte[] rgbKey, byte[] rgbIV)": (
      algorithm: SymmetricAlgorithm,
      key: Bytes,
      iv: Bytes,
    ) => algorithm.transform(true, required(key, "rgbKey"), iv),
    "void GenerateIV()": (algorithm: SymmetricAlgorithm) => algorithm.generateIv(),
    "void GenerateKey()": (algorithm: SymmetricAlgorithm) => algorithm.generateKey(),
    "bool ValidKeySize(int bitLength)": (algorithm: SymmetricAlgorithm, bits: number) =>
      algorithm.kind.keySizes.includes(bits),
  },
});

const transformType = declareType({
  name: `${NAMESPACE}.ICryptoTransform`,
  kind: "interface",
  interfaces: ["System.IDisposable"],
  is: (value) => value instanceof CipherTransform,
  members: {
    "bool CanReuseTransform { get; }": () => true,
    "bool CanTransformMultipleBlocks { get; }": () => true,
    "int InputBlockSize { get; }": (transform: CipherTransform) => transform.blockSize,
    "int OutputBlockSize { get; }": (transform: CipherTransform) => transform.blockSize,
    "void Dispose()": (transform: CipherTransform) => transform.dispose(),
    "int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)": (
      transform: CipherTransform,
      input: Bytes,
      offset: number,
      count: number,
      output: Bytes,
      at: number,
    ) => {
      const written = transform.update(part(input, offset, count));
      part(output, at, written.length).set(written);
      return written.length;
    },
    "byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)": (
      transform: CipherTransform,
      input: Bytes,
      offset: number,
      count: number,
    ) => transform.finish(part(input, offset, count)),
  },
});

/** `Aes` and its like are not on the allow-list, but `SymmetricAlgorithm.Create` returns them. */
function concreteType(kind: SymmetricKind): TypeDeclaration {
  return declareType({
    name: `${NAMESPACE}.${kind.name}`,
    kind: "class",
    base: `${NAMESPACE}.SymmetricAlgorithm`,
    is: (value) => value instanceof SymmetricAlgorithm && value.kind === kind,
    members: { [`static ${kind.name} Create()`]: () => new SymmetricAlgorithm(kind) },
  });
}

export const symmetricTypes: TypeDeclaration[] = [
  declareType({ name: `${NAMESPACE}.CipherMode`, kind: "enum", values: CIPHER_MODES }),
  declareType({ name: `${NAMESPACE}.PaddingMode`, kind: "enum", values: PADDING_MODES }),
  symmetricAlgorithmType,
  transformType,
  ...SYMMETRIC_KINDS.map(concreteType),
];
