import { describe, expect, test } from "vitest";
import { Box } from "../box.ts";
import { JsonReaderException } from "../exceptions.ts";
import { DateTime } from "../system/date-time.ts";
import { BigInteger } from "./big-integer.ts";
import { isBlankJson, parseJson, parseJsonArray, parseJsonObject } from "./read.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import type { JValue } from "./value.ts";
import { writeJson } from "./write.ts";

const compact = (text: string) => writeJson(parseJson(text), false);
const readValue = (text: string) => (parseJson(text) as JValue).value;

function failure(read: () => JToken): string {
  try {
    read();
  } catch (error) {
    if (error instanceof JsonReaderException) return error.message;
    throw error;
  }
  return "no error";
}

describe("parseJson", () => {
  test.each([
    ["{'a':'b\\'c'}", `{"a":"b'c"}`],
    ["{a_$1é:1}", '{"a_$1é":1}'],
    ["{a:1,}", '{"a":1}'],
    ["[1,,2,]", "[1,undefined,2]"],
    ['// c\n{"a":/* * / */1}//x', '{"a":1}'],
    ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ["[0x1F,017,1.,.5,-0]", "[31,15,1.0,0.5,0]"],
    ['"\\ud83d\\ude00 \\ud83d \\ude00 \\u00e9\\/"', '"😀 � � é/"'],
    ['{"a":new Date(1, [2])}', '{"a":new Date(1,[2])}'],
    ["[NaN,Infinity,-Infinity,undefined]", '["NaN","Infinity","-Infinity",undefined]'],
    ["\u00a0[\u20031\u3000]\r\n", "[1]"],
  ])("accepts %s", (text, expected) => {
    expect(compact(text)).toBe(expected);
  });

  test("reads numbers as long, BigInteger and double", () => {
    expect(readValue("9223372036854775807")).toBe(9223372036854775807n);
    expect(readValue("9223372036854775808")).toEqual(new BigInteger(9223372036854775808n));
    expect(readValue("1.5e3")).toEqual(new Box("Double", 1500));
    expect(compact("[1.0,100000000000000000000.0,1e-5,0.1]")).toBe("[1.0,1E+20,1E-05,0.1]");
  });

  test("reads ISO dates and times as dates, unless told not to", () => {
    expect(readValue('"2026-01-05T09:05:07Z"')).toEqual(DateTime.ofParts(2026, 1, 5, 9, 5, 7, 0, 1));
    expect((parseJson('"2026-01-05T09:05:07Z"', { dates: false }) as JValue).type).toBe(TokenType.String);
    expect(
      compact(
        '["2026-01-05T10:05:07.1200+01:00","2026-01-05T24:00:00","2026-01-05","/Date(0)/","2026-13-05T00:00:00"]',
      ),
    ).toBe(
      '["2026-01-05T09:05:07.12+00:00","2026-01-06T00:00:00","2026-01-05","1970-01-01T00:00:00Z","2026-13-05T00:00:00"]',
    );
  });

  test.each([
    ["", "Error reading JToken from JsonReader. Path '', line 0, position 0."],
    ["  ", "Error reading JToken from JsonReader. Path '', line 1, position 2."],
    ["<a>", "Unexpected character encountered while parsing value: <. Path '', line 0, position 0."],
    ['{"a":', "Unexpected end of content while loading JObject. Path 'a', line 1, position 5."],
    ["[1,[2", "Unexpected end of content while loading JArray. Path '[1][0]', line 1, position 5."],
    ['{"a" 1}', "Invalid character after parsing property name. Expected ':' but got: 1. Path '', line 1, position 5."],
    [
      '{"a":1 "b":2}',
      "After parsing a value an unexpected character was encountered: \". Path 'a', line 1, position 7.",
    ],
    ['{"a":[1,x]}', "Unexpected character encountered while parsing value: x. Path 'a[0]', line 1, position 8."],
    ['{"a":truex}', "Error parsing boolean value. Path 'a', line 1, position 9."],
    ['{"a":nul', "Unexpected end when reading JSON. Path 'a', line 1, position 8."],
    ['{"x y":"b', "Unterminated string. Expected delimiter: \". Path '['x y']', line 1, position 9."],
    ['{"a":"\\q"}', "Bad JSON escape sequence: \\q. Path 'a', line 1, position 8."],
    ['{"a":-}', "Input string '-' is not a valid number. Path 'a', line 1, position 6."],
    ['{"a":1u}', "Unexpected character encountered while parsing number: u. Path 'a', line 1, position 6."],
    ['{"a":1]', "JsonToken EndArray is not valid for closing JsonType Object. Path '', line 1, position 7."],
    ["{,}", "Invalid property identifier character: ,. Path '', line 1, position 1."],
    ["{}\n x", "Additional text encountered after finished reading JSON content: x. Path '', line 2, position 1."],
    ["[1 /", "Unexpected end while parsing comment. Path '[0]', line 1, position 4."],
  ])("refuses %j", (text, message) => {
    expect(failure(() => parseJson(text))).toBe(message);
  });

  test("says what it found instead of the object or array", () => {
    const head = "Error reading JObject from JsonReader. Current JsonReader item is not an object: ";
    expect(failure(() => parseJsonObject("[1]"))).toBe(`${head}StartArray. Path '', line 1, position 1.`);
    expect(failure(() => parseJsonObject(" 5"))).toBe(`${head}Integer. Path '', line 1, position 2.`);
    expect(failure(() => parseJsonArray("{}"))).toContain("is not an array: StartObject.");
  });

  test("bounds the depth", () => {
    expect(failure(() => parseJson("[[[1]]]", { maxDepth: 2 }))).toBe(
      "The reader's MaxDepth of 2 has been exceeded. Path '[0][0]', line 1, position 3.",
    );
    expect(failure(() => parseJson("[".repeat(1_000_000)))).toContain("MaxDepth of 256");
  });

  test("bounds the number of values", () => {
    expect(failure(() => parseJson("[1,[],{}]", { maxTokens: 3 }))).toContain("The JSON has too many values.");
    expect(compact("[1,[],{}]")).toBe("[1,[],{}]");
  });

  test("refuses integers that would take more than linear time", () => {
    expect(failure(() => parseJson("9".repeat(100_000)))).toContain("is too large to parse.");
  });

  test("keeps many properties apart", () => {
    const text = `{${Array.from({ length: 3000 }, (_, i) => `"p${i % 2000}":${i}`).join(",")}}`;
    const object = parseJsonObject(text);
    expect(object.count).toBe(2000);
    expect(object.get("p5")?.toClrString()).toBe("2005");
  });
});

test("isBlankJson sees only white space and comments", () => {
  expect(isBlankJson(" /* */ \n")).toBe(true);
  expect(isBlankJson(" null")).toBe(false);
});
