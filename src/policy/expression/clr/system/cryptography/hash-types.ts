import { declareType, type MemberFunction, type TypeDeclaration } from "../../declare.ts";
import { ArgumentException, ArgumentNullException, ArgumentOutOfRangeException } from "../../exceptions.ts";
import { createNamed, HASHES, HashAlgorithm, type HashKind, HMACS } from "./hash-algorithm.ts";

type Bytes = Uint8Array | null;

const NAMESPACE = "System.Security.Cryptography";
const ALL = [...HASHES, ...HMACS];

function required(bytes: Bytes, name: string): Uint8Array {
  if (bytes === null) throw new ArgumentNullException(name);
  return bytes;
}

/** A part of a buffer. @throws ArgumentNullException, ArgumentOutOfRangeException, ArgumentException */
function part(bytes: Bytes, offset: number, count: number, name: string): Uint8Array {
  const all = required(bytes, name);
  if (offset < 0) throw new ArgumentOutOfRangeException("inputOffset", "Non-negative number required.");
  if (count < 0 || count > all.length) throw new ArgumentException("Value was invalid.");
  if (offset > all.length - count) {
    throw new ArgumentException(
      "Offset and length were out of bounds for the array or count is greater than the number of elements from index to the end of the source collection.",
    );
  }
  return all.subarray(offset, offset + count);
}

const kindOf = (kinds: readonly HashKind[], name: string) => kinds.find((kind) => kind.name === name) as HashKind;

const hashAlgorithmType = declareType({
  name: `${NAMESPACE}.HashAlgorithm`,
  kind: "class",
  interfaces: ["System.IDisposable"],
  is: (value) => value instanceof HashAlgorithm,
  toString: (hash: HashAlgorithm) => hash.clrName,
  members: {
    "bool CanReuseTransform { get; }": () => true,
    "bool CanTransformMultipleBlocks { get; }": () => true,
    "byte[] Hash { get; }": (hash: HashAlgorithm) => hash.hash,
    "int HashSize { get; }": (hash: HashAlgorithm) => hash.kind.bits,
    "int InputBlockSize { get; }": () => 1,
    "int OutputBlockSize { get; }": () => 1,
    "void Clear()": (hash: HashAlgorithm) => hash.dispose(),
    "void Dispose()": (hash: HashAlgorithm) => hash.dispose(),
    "byte[] ComputeHash(byte[] buffer)": (hash: HashAlgorithm, bytes: Bytes) => hash.compute(required(bytes, "buffer")),
    "byte[] ComputeHash(byte[] buffer, int offset, int count)": (
      hash: HashAlgorithm,
      bytes: Bytes,
      offset: number,
      count: number,
    ) => hash.compute(part(bytes, offset, count, "buffer")),
    "static HashAlgorithm Create()": () => new HashAlgorithm(kindOf(HASHES, "SHA1")),
    "static HashAlgorithm Create(string hashName)": (name: string | null) => createNamed(ALL, name, "hashName"),
    "void Initialize()": (hash: HashAlgorithm) => hash.initialize(),
    "int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)": (
      hash: HashAlgorithm,
      input: Bytes,
      offset: number,
      count: number,
      output: Bytes,
      at: number,
    ) => {
      const bytes = part(input, offset, count, "inputBuffer");
      hash.update(bytes);
      if (output !== null) part(output, at, count, "outputBuffer").set(bytes);
      return count;
    },
    "byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)": (
      hash: HashAlgorithm,
      input: Bytes,
      offset: number,
      count: number,
    ) => {
      const bytes = part(input, offset, count, "inputBuffer");
      hash.update(bytes);
      hash.finish();
      return bytes.slice();
    },
  },
});

const keyedHashAlgorithmType = declareType({
  name: `${NAMESPACE}.KeyedHashAlgorithm`,
  kind: "class",
  base: `${NAMESPACE}.HashAlgorithm`,
  is: (value) => value instanceof HashAlgorithm && value.keyed,
  members: {
    "byte[] Key { get; set; }": {
      get: (hash: HashAlgorithm) => hash.key,
      set: (hash: HashAlgorithm, key: Bytes) => {
        hash.key = key;
      },
    },
    "static KeyedHashAlgorithm Create()": () => new HashAlgorithm(kindOf(HMACS, "HMACSHA1")),
    "static KeyedHashAlgorithm Create(string algName)": (name: string | null) => createNamed(HMACS, name, "algName"),
  },
});

const hmacType = declareType({
  name: `${NAMESPACE}.HMAC`,
  kind: "class",
  base: `${NAMESPACE}.KeyedHashAlgorithm`,
  is: (value) => value instanceof HashAlgorithm && value.keyed,
  members: {
    "string HashName { get; }": (hash: HashAlgorithm) => hash.kind.name.slice("HMAC".length),
    "static HMAC Create()": () => new HashAlgorithm(kindOf(HMACS, "HMACSHA1")),
    "static HMAC Create(string algorithmName)": (name: string | null) => createNamed(HMACS, name, "algorithmName"),
  },
});

const is = (kind: HashKind) => (value: unknown) => value instanceof HashAlgorithm && value.kind.name === kind.name;

/** `SHA256` with its `Create` methods, and `SHA256Managed` with its constructor. */
function hashTypes(kind: HashKind): TypeDeclaration[] {
  const create = () => new HashAlgorithm(kind);
  const members: Record<string, MemberFunction> = {
    [`static ${kind.name} Create()`]: create,
    [`static ${kind.name} Create(string hashName)`]: (name: string | null) => {
      const made = createNamed(HASHES, name, "hashName");
      return made?.kind.name === kind.name ? made : null;
    },
    "static byte[] HashData(byte[] source)": (bytes: Bytes) => create().compute(required(bytes, "source")),
  };
  const base = `${NAMESPACE}.HashAlgorithm`;
  const types = [declareType({ name: `${NAMESPACE}.${kind.name}`, kind: "class", base, is: is(kind), members })];
  if (kind.name !== "MD5") {
    types.push(
      declareType({
        name: `${NAMESPACE}.${kind.name}Managed`,
        kind: "class",
        base: `${NAMESPACE}.${kind.name}`,
        is: is(kind),
        members: { [`new ${kind.name}Managed()`]: create },
      }),
    );
  }
  return types;
}

/** `HMACSHA256` and its like: constructors with and without a key. */
function hmacTypes(kind: HashKind): TypeDeclaration {
  const withKey = (key: Bytes) => new HashAlgorithm(kind, required(key, "key"));
  const members: Record<string, MemberFunction> = {
    [`new ${kind.name}()`]: () => new HashAlgorithm(kind),
    [`new ${kind.name}(byte[] key)`]: withKey,
    "static byte[] HashData(byte[] key, byte[] source)": (key: Bytes, bytes: Bytes) =>
      withKey(key).compute(required(bytes, "source")),
  };
  if (kind.name === "HMACSHA1") members[`new ${kind.name}(byte[] key, bool useManagedSha1)`] = withKey;
  return declareType({
    name: `${NAMESPACE}.${kind.name}`,
    kind: "class",
    base: `${NAMESPACE}.HMAC`,
    is: is(kind),
    members,
  });
}

export const hashAlgorithmTypes: TypeDeclaration[] = [
  hashAlgorithmType,
  keyedHashAlgorithmType,
  hmacType,
  ...HASHES.flatMap(hashTypes),
  ...HMACS.map(hmacTypes),
];
