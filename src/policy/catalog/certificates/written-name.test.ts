import { describe, expect, it } from "vitest";
import { parseWrittenName, sameName } from "./written-name.ts";

const pairs = (text: string) => parseWrittenName(text)?.map(({ type, value }) => [type, value]);

describe("a distinguished name", () => {
  it.each([
    ["CN=client", [["CN", "client"]]],
    [
      " cn = a b ,O=c,  C=NL ",
      [
        ["CN", "a b"],
        ["O", "c"],
        ["C", "NL"],
      ],
    ],
    [
      'O="Acme, Inc.", C=US',
      [
        ["O", "Acme, Inc."],
        ["C", "US"],
      ],
    ],
    [
      'O="say ""hi""" , C=US',
      [
        ["O", 'say "hi"'],
        ["C", "US"],
      ],
    ],
    ['O="back\\\\slash"', [["O", "back\\slash"]]],
    [
      "O=Acme\\, Inc.\\ ; C=US",
      [
        ["O", "Acme, Inc. "],
        ["C", "US"],
      ],
    ],
    ["O=a\\2Cb", [["O", "a,b"]]],
    [
      "CN=a+OU=b",
      [
        ["CN", "a"],
        ["OU", "b"],
      ],
    ],
    [
      "ST=Ohio, emailAddress=a@b.test, 1.2.3=x",
      [
        ["S", "Ohio"],
        ["E", "a@b.test"],
        ["1.2.3", "x"],
      ],
    ],
    ["CN=", [["CN", ""]]],
    ["CN=a=b", [["CN", "a=b"]]],
    ["CN=a,", [["CN", "a"]]],
  ])("%s", (text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });

  it.each(["", "client", "CN=a, b", '"CN"=a', 'CN="a', 'CN="a"b', "=a", "C N=a"])("is not %j", (text) => {
    expect(parseWrittenName(text)).toBeUndefined();
  });

  it("is read in time that grows with its length alone", () => {
    expect(parseWrittenName(`CN=${"\\a ".repeat(200_000)}`)).toHaveLength(1);
    expect(parseWrittenName("CN=a,".repeat(50_000))).toHaveLength(50_000);
  });
});

it("compares types without case and everything else as it is", () => {
  const same = (a: string, b: string) => sameName(parseWrittenName(a) ?? [], parseWrittenName(b) ?? []);
  expect(same("CN=a, o=b", "cn=a,O=b")).toBe(true);
  expect(same("CN=a, O=b", "O=b, CN=a")).toBe(false);
  expect(same("CN=a", "CN=A")).toBe(false);
  expect(same("CN=a", "CN=a, O=b")).toBe(false);
  expect(same("ST=a", "S=a")).toBe(true);
});
