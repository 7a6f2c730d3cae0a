import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { testExchange } from "../../../../testing/exchange.ts";
import { evaluateText } from "../../../vectors.ts";
import { HashAlgorithmName } from "./hash-name.ts";
import { EncryptionPadding, SignaturePadding } from "./padding.ts";
import { Rsa } from "./rsa.ts";

const exchange = testExchange();

function evaluate(expression: string): string {
  const { type, value } = evaluateText(expression, exchange);
  if (type.startsWith("throws ")) return type;
  return type === "does not compile" ? `${type} ${value}` : value;
}

const HEX = (bytes: string) => `BitConverter.ToString(${bytes}).Replace("-", "").ToLower()`;
const ABC = 'Encoding.UTF8.GetBytes("abc")';
const KEY = 'Encoding.UTF8.GetBytes("key")';

describe("hashes", () => {
  // Digests of "abc" from FIPS 180-4 and RFC 1321; HMACs computed with OpenSSL.
  it.each([
    ["MD5.Create()", "900150983cd24fb0d6963f7d28e17f72"],
    ["SHA1.Create()", "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["new SHA1Managed()", "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["SHA256.Create()", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ['HashAlgorithm.Create("SHA-256")', "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "SHA384.Create()",
      "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    ],
    [
      "SHA512.Create()",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ],
    [`new HMACSHA256(${KEY})`, "9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab"],
    [`new HMACMD5(${KEY})`, "d2fe98063f876b03193afb49b4979591"],
  ])("%s", (algorithm, digest) => expect(evaluate(HEX(`${algorithm}.ComputeHash(${ABC})`))).toBe(digest));

  it.each([
    [
      `@{ var h = SHA256.Create(); h.TransformBlock(${ABC}, 0, 1, null, 0); h.TransformFinalBlock(${ABC}, 1, 2); return ${HEX("h.Hash")}.Substring(0, 8); }`,
      "ba7816bf",
    ],
    [`${HEX(`SHA256.Create().ComputeHash(${ABC}, 0, 0)`)}.Substring(0, 8)`, "e3b0c442"],
    [
      `@{ using (var h = new HMACSHA1()) { h.Key = ${KEY}; return ${HEX(`h.ComputeHash(${ABC})`)}; } }`,
      "4fd0b215276ef12f2b3e4c8ecac2811498b656fc",
    ],
    ["SHA256.Create().HashSize", "256"],
    ["new HMACSHA512().Key.Length", "128"],
    ["SHA256.Create().Hash", "throws CryptographicException"],
    ["SHA256.Create().ComputeHash((byte[])null)", "throws ArgumentNullException"],
    ["new HMACSHA256((byte[])null)", "throws ArgumentNullException"],
    ['HMAC.Create("HMACSHA256") is HMACSHA256', "True"],
    ['HashAlgorithm.Create("nope") == null', "True"],
    ['HashAlgorithmName.SHA256 == new HashAlgorithmName("SHA256")', "True"],
    ['new Oid("1.2.840.113549.1.1.1").FriendlyName + new Oid("sha256").Value', "RSA2.16.840.1.101.3.4.2.1"],
    ["@{ var b = new byte[32]; new RNGCryptoServiceProvider().GetBytes(b); return b.Distinct().Count() > 4; }", "True"],
  ])("%s", (expression, text) => expect(evaluate(expression)).toBe(text));
});

/** AES-128-CBC of "abc" with PKCS #7 padding under a zero key and vector, computed with `openssl enc`. */
const AES_OF_ABC = "976a995f94cf4c1e24b6e2fb067e7a69";

describe("ciphers", () => {
  const A = 'var a = SymmetricAlgorithm.Create("Aes"); a.Key = new byte[16]; a.IV = new byte[16];';
  const encrypted = (setup: string) =>
    `@{ ${A} ${setup} return ${HEX(`a.CreateEncryptor().TransformFinalBlock(${ABC}, 0, 3)`)}; }`;
  const roundTrip = (setup: string, text: string) => `@{ ${A} ${setup}
    var data = Encoding.UTF8.GetBytes("${text}");
    var secret = a.CreateEncryptor().TransformFinalBlock(data, 0, data.Length);
    var plain = a.CreateDecryptor(a.Key, a.IV).TransformFinalBlock(secret, 0, secret.Length);
    return secret.Length + " " + Encoding.UTF8.GetString(plain); }`;

  it.each([
    [encrypted(""), AES_OF_ABC],
    [roundTrip("", "sixteen byte text"), "32 sixteen byte text"],
    [roundTrip("a.Mode = CipherMode.ECB; a.Padding = PaddingMode.ANSIX923;", "abc"), "16 abc"],
    [roundTrip("a.Padding = PaddingMode.ISO10126;", "abc"), "16 abc"],
    [roundTrip("a.Padding = PaddingMode.None;", "0123456789abcdef"), "16 0123456789abcdef"],
    [roundTrip("a.Mode = CipherMode.CFB; a.Padding = PaddingMode.None;", "abc"), "3 abc"],
    [roundTrip("a.Padding = PaddingMode.None;", "abc"), "throws CryptographicException"],
    [
      `@{ ${A} return a.CreateDecryptor().TransformFinalBlock(new byte[16], 0, 16).Length; }`,
      "throws CryptographicException",
    ],
    [`@{ ${A} a.Key = new byte[5]; return 1; }`, "throws CryptographicException"],
    [`@{ ${A} a.Mode = CipherMode.CTS; return 1; }`, "throws CryptographicException"],
    ['SymmetricAlgorithm.Create("Aes").KeySize', "256"],
    ['SymmetricAlgorithm.Create("nope") == null', "True"],
    [
      `Encoding.UTF8.GetString(${ABC}.Encrypt("Aes", new byte[32], new byte[16]).Decrypt("Aes", new byte[32], new byte[16]))`,
      "abc",
    ],
  ])("%s", (expression, text) => expect(evaluate(expression)).toBe(text));
});

describe("RSA", () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const rsa = new Rsa({ private: pair.privateKey });
  const data = new TextEncoder().encode("abc");
  const sha256 = new HashAlgorithmName("SHA256");
  const digest = Uint8Array.from(
    Buffer.from("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "hex"),
  );

  it.each(["Pkcs1", "Pss"] as const)("signs and verifies data and hashes alike with %s", (mode) => {
    const padding = new SignaturePadding(mode);
    expect(rsa.verifyHash(digest, rsa.sign(data, sha256, padding), sha256, padding)).toBe(true);
    expect(rsa.verify(data, rsa.signHash(digest, sha256, padding), sha256, padding)).toBe(true);
    expect(rsa.verify(data.slice(1), rsa.sign(data, sha256, padding), sha256, padding)).toBe(false);
    expect(rsa.verifyHash(digest, new Uint8Array(128), sha256, padding)).toBe(false);
    expect(rsa.verifyHash(digest, rsa.sign(data.slice(1), sha256, padding), sha256, padding)).toBe(false);
  });

  it("gives the signature that others give", () => {
    const expected = createSign("sha256").update(data).sign(pair.privateKey);
    expect(Buffer.from(rsa.sign(data, sha256, new SignaturePadding("Pkcs1")))).toEqual(expected);
  });

  it("encrypts what it decrypts", () => {
    for (const padding of [new EncryptionPadding(null), new EncryptionPadding(sha256)]) {
      expect(rsa.decrypt(rsa.encrypt(data, padding), padding)).toEqual(data);
    }
    expect(() => rsa.decrypt(new Uint8Array(5), new EncryptionPadding(sha256))).toThrow("The parameter is incorrect.");
  });

  it("has no private key where only a public one was given", () => {
    const open = new Rsa({ public: pair.publicKey });
    expect(() => open.sign(data, sha256, new SignaturePadding("Pkcs1"))).toThrow("Key does not exist.");
  });

  it("travels as XML and as parameters", () => {
    const text = `@{ var rsa = RSA.Create(1024); var copy = RSA.Create(); copy.FromXmlString(rsa.ToXmlString(true));
      var signature = copy.SignData(${ABC}, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
      var other = RSA.Create(new RSAParameters { Modulus = rsa.ExportParameters(false).Modulus, Exponent = rsa.ExportParameters(false).Exponent });
      return other.VerifyData(${ABC}, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) + " " + other.KeySize; }`;
    expect(evaluate(text)).toBe("True 1024");
  });
});
