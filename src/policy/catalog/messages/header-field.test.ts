import { describe, expect, it } from "vitest";
import { PolicyError } from "../../exchange/errors.ts";
import { fieldValue, headerField, unfolded } from "./header-field.ts";

describe("headerField", () => {
  it("knows what may not be changed, removed or joined", () => {
    expect(headerField(" X-Id ")).toEqual({ name: "X-Id", locked: false, permanent: false, separate: false });
    expect(headerField("TRANSFER-Encoding").locked).toBe(true);
    expect(headerField("server").permanent).toBe(true);
    expect(headerField("Set-Cookie").separate).toBe(true);
  });

  it.each(["", "a b", "a:b", ":path", "a\r\nb", "é", "x{y}"])("refuses %j", (name) => {
    expect(() => headerField(name)).toThrow(PolicyError);
  });
});

describe("fieldValue", () => {
  it("takes outer white space away and leaves the rest", () => {
    expect(fieldValue(" \r\n a\tb \n", "x")).toBe("a\tb");
    expect(fieldValue("", "x")).toBe("");
    expect(fieldValue("é", "x")).toBe("é");
  });

  it.each(["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b", "a\x7fb", "a\x1bb"])("refuses %j", (value) => {
    expect(() => fieldValue(value, "x")).toThrow(/^Expression evaluation failed\. The value for the header x holds/);
  });

  it("sends what Latin-1 does not hold as UTF-8, so that no character is cut down to a line break", () => {
    expect(fieldValue("\u010A", "x")).toBe("\u00c4\u008a");
    expect(Buffer.from(fieldValue("日本", "x"), "latin1").toString("utf8")).toBe("日本");
  });
});

describe("unfolded", () => {
  it("makes one line of a literal", () => {
    expect(unfolded("\n  default-src 'self';\r\n  img-src *\n")).toBe("default-src 'self'; img-src *");
    expect(unfolded(" a ")).toBe(" a ");
    expect(unfolded(`a\n${" ".repeat(300_000)}b`)).toBe("a b");
  });
});
