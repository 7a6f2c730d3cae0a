import { describe, expect, test } from "vitest";
import { Box } from "../box.ts";
import { JsonException } from "../exceptions.ts";
import { DateTime } from "../system/date-time.ts";
import { Decimal } from "../system/decimal.ts";
import { JArray } from "./array.ts";
import { tokenFromPlain, tokenToPlain } from "./from-js.ts";
import { parseJson } from "./read.ts";
import { TokenType } from "./token-type.ts";
import { JRaw, JValue } from "./value.ts";
import { primitiveText, quoteJson, writeJson } from "./write.ts";

describe("writeJson", () => {
  test("indents by two spaces and leaves empty containers on one line", () => {
    expect(writeJson(parseJson('{"a":{},"b":[],"c":[1,{"d":null}]}'), true)).toBe(
      '{\n  "a": {},\n  "b": [],\n  "c": [\n    1,\n    {\n      "d": null\n    }\n  ]\n}',
    );
  });

  test.each([
    [1, "1"],
    [5n, "5"],
    [new Box("Double", 1), "1.0"],
    [new Box("Double", 1e20), "1E+20"],
    [new Box("Double", Number.NaN), '"NaN"'],
    [new Box("Single", Math.fround(0.1)), "0.1"],
    [new Box("Char", 97), '"a"'],
    [new Box("Byte", 7), "7"],
    [Decimal.parse("1.10"), "1.10"],
    [Decimal.parse("2"), "2.0"],
    [Uint8Array.of(1, 2, 3), '"AQID"'],
    [DateTime.ofParts(2026, 1, 5, 9, 5, 7, 120), '"2026-01-05T09:05:07.12"'],
    [true, "true"],
    [null, "null"],
  ])("writes %o as %s", (value, text) => {
    expect(primitiveText(value)).toBe(text);
  });

  test("escapes only what must be", () => {
    expect(quoteJson('a"\\/\b\f\n\r\t\u0001\u007f\u0085\u2028é<')).toBe(
      '"a\\"\\\\/\\b\\f\\n\\r\\t\\u0001\u007f\\u0085\\u2028é<"',
    );
  });

  test("writes raw text and undefined as they are", () => {
    const array = JArray.of([new JRaw("{x}"), new JValue(null, TokenType.Undefined)]);
    expect(writeJson(array, false)).toBe("[{x},undefined]");
  });

  test("does not exhaust the stack", () => {
    let array = new JArray();
    for (let i = 0; i < 5000; i++) {
      const outer = new JArray();
      outer.append(array);
      array = outer;
    }
    expect(() => writeJson(array, false)).toThrow(JsonException);
    expect(() => array.deepClone()).toThrow(JsonException);
  });
});

describe("plain JavaScript values", () => {
  test("become tokens and come back", () => {
    const plain = { a: [1, 1.5, "x", null, true], b: { c: 2n ** 60n } };
    expect(writeJson(tokenFromPlain(plain), false)).toBe('{"a":[1,1.5,"x",null,true],"b":{"c":1152921504606846976}}');
    expect(tokenToPlain(parseJson('{"a":[1,2.5,"x",null,"2026-01-05T09:05:07Z"],"__proto__":1}'))).toEqual(
      Object.assign(Object.create(null), { a: [1, 2.5, "x", null, "2026-01-05T09:05:07Z"], ["__proto__"]: 1 }),
    );
  });
});
