import { describe, expect, it } from "vitest";
import { TestCertificate } from "../../policy/testing/pki.ts";
import { certificateFields } from "./certificate-fields.ts";
import { DerReader, DerSyntaxError, derValue, TAG } from "./der.ts";

const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

describe("values", () => {
  it("are read in order", () => {
    const reader = new DerReader(hex("30 09 02 01 05 06 02 2a 03 05 00 02 81 01 07"));
    const inside = reader.enter();
    expect([...inside.content(TAG.integer)]).toEqual([5]);
    expect(inside.identifier()).toBe("1.2.3");
    expect(inside.enterOptional(TAG.sequence)).toBeUndefined();
    inside.skip();
    expect(inside.more).toBe(false);
    expect([...reader.whole()]).toEqual([2, 0x81, 1, 7]);
  });

  it.each([
    ["06 03 55 1d 0f", "2.5.29.15"],
    ["06 0b 2b 06 01 04 01 82 37 15 89 83 7f", "1.3.6.1.4.1.311.21.147967"],
    ["06 01 27", "0.39"],
    ["06 02 88 37", "2.999"],
  ])("identifiers: %s", (bytes, expected) => {
    expect(new DerReader(hex(bytes)).identifier()).toBe(expected);
  });

  it.each([
    ["170d3236303130353039303530375a", Date.UTC(2026, 0, 5, 9, 5, 7)],
    ["170d3530303130353039303530375a", Date.UTC(1950, 0, 5, 9, 5, 7)],
    ["180f32303530303130353039303530375a", Date.UTC(2050, 0, 5, 9, 5, 7)],
  ])("times: %s", (bytes, expected) => {
    expect(new DerReader(hex(bytes)).time()).toBe(expected);
  });

  it("are written as they are read", () => {
    for (const length of [0, 1, 127, 128, 255, 256, 70_000]) {
      const content = new Uint8Array(length).fill(7);
      const reader = new DerReader(derValue(TAG.octetString, content));
      expect(Buffer.from(reader.content(TAG.octetString)).equals(content)).toBe(true);
      expect(reader.more).toBe(false);
    }
  });

  it.each(["", "30", "30 80 00 00", "30 05 00", "30 85 00 00 00 00 00", "1f 81 00 00", "30 84 ff ff ff ff"])(
    "that are malformed: %j",
    (bytes) => {
      expect(() => new DerReader(hex(bytes)).enter()).toThrow(DerSyntaxError);
    },
  );

  it.each(["170b323630313035303930355a", "180d3236303130353039303530375a", "1702 3030", "0201 05"])(
    "that are no time: %j",
    (bytes) => {
      expect(() => new DerReader(hex(bytes)).time()).toThrow(DerSyntaxError);
    },
  );
});

it("a damaged certificate is told, not believed, and stops nothing", async () => {
  const { certificate } = await TestCertificate.root("CN=a", { crl: "http://a.test/x", ocsp: "http://b.test/y" });
  const fields = certificateFields(certificate);
  expect(fields).toMatchObject({
    crlUrls: ["http://a.test/x"],
    ocspUrls: ["http://b.test/y"],
    critical: ["2.5.29.19"],
  });
  for (let at = 0; at < certificate.raw.length; at++) {
    const raw = Buffer.from(certificate.raw);
    raw[at] = (raw[at] ?? 0) ^ 0x55;
    try {
      certificateFields({ raw } as unknown as typeof certificate);
    } catch (error) {
      expect(error).toBeInstanceOf(DerSyntaxError);
    }
  }
});
