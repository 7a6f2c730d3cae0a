import { describe, expect, it } from "vitest";
import { parseXml } from "../../expression/clr/xml/read.ts";
import { convertXmlToJson, type XmlToJsonOptions } from "./xml-to-json.ts";

function convert(xml: string, options: Partial<XmlToJsonOptions> = {}): string {
  return convertXmlToJson(parseXml(xml, { preserveWhitespace: options.whitespace ?? false }), {
    kind: "direct",
    alwaysArrays: false,
    whitespace: false,
    trim: false,
    emptyValues: undefined,
    ...options,
  });
}

describe("XML as JSON, direct", () => {
  it.each([
    ["<a>1</a>", '{"a":"1"}'],
    ["<a/>", '{"a":null}'],
    ["<a></a>", '{"a":""}'],
    ["<a><b>x</b><c/></a>", '{"a":{"b":"x","c":null}}'],
    ["<a><b>1</b><c>2</c><b>3</b></a>", '{"a":{"b":["1","3"],"c":"2"}}'],
    ['<a b="1" c="&quot;"/>', '{"a":{"@b":"1","@c":"\\""}}'],
    ['<a b="1">x</a>', '{"a":{"@b":"1","#text":"x"}}'],
    ["<a>x<b/>y</a>", '{"a":{"#text":["x","y"],"b":null}}'],
    ["<a><![CDATA[<x>]]></a>", '{"a":{"#cdata-section":"<x>"}}'],
    ["<a>\n  <b>1</b>\n</a>", '{"a":{"b":"1"}}'],
    ["<a> x </a>", '{"a":" x "}'],
    ["<a><!-- no --><b>1</b></a>", '{"a":{"b":"1"}}'],
    ['<?xml version="1.0" encoding="utf-8"?><a>1</a>', '{"?xml":{"@version":"1.0","@encoding":"utf-8"},"a":"1"}'],
    [
      '<s:a xmlns:s="urn:s" xmlns="urn:d"><b s:c="1"/></s:a>',
      '{"s:a":{"@xmlns:s":"urn:s","@xmlns":"urn:d","b":{"@s:c":"1"}}}',
    ],
    ['<a xml:lang="en">x</a>', '{"a":{"@xml:lang":"en","#text":"x"}}'],
    [
      '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"><p:c/></p:b></p:a>',
      '{"p:a":{"@xmlns:p":"urn:1","p:b":{"@xmlns:p":"urn:2","p:c":null}}}',
    ],
    ["<a>\u2028\t\\é</a>", '{"a":"\\u2028\\t\\\\é"}'],
  ])("%s", (xml, json) => {
    expect(convert(xml)).toBe(json);
    expect(() => JSON.parse(json)).not.toThrow();
  });
});

describe("XML as JSON, JavaScript-friendly", () => {
  it.each([
    ["<a>1</a>", '{"a":"1"}'],
    ['<?xml version="1.0"?><a b="1">x</a>', '{"a":{"b":"1","$text":"x"}}'],
    ['<s:a xmlns:s="urn:s"><s:b/></s:a>', '{"s$a":{"s$b":null}}'],
    ['<a xmlns="urn:d">x</a>', '{"a":"x"}'],
    ['<a b="1"><b>2</b></a>', '{"a":{"b":["1","2"]}}'],
    ["<a><![CDATA[x]]></a>", '{"a":{"$cdata":"x"}}'],
  ])("%s", (xml, json) => {
    expect(convert(xml, { kind: "javascript-friendly" })).toBe(json);
  });
});

describe("options", () => {
  it("make child elements arrays, but not the root", () => {
    expect(convert("<a><b><c>1</c></b><d/></a>", { alwaysArrays: true })).toBe('{"a":{"b":[{"c":["1"]}],"d":[null]}}');
  });

  it("choose what empty is", () => {
    const xml = "<a><b/><c></c></a>";
    expect(convert(xml, { emptyValues: "preserve" })).toBe('{"a":{"b":"","c":""}}');
    expect(convert(xml, { emptyValues: "as-null" })).toBe('{"a":{"b":null,"c":null}}');
  });

  it("trim values", () => {
    expect(convert("<a> x </a>", { trim: true })).toBe('{"a":"x"}');
  });

  it("keep white space", () => {
    expect(convert("<a> <b/></a>", { whitespace: true })).toBe('{"a":{"#text":" ","b":null}}');
  });
});

it("does not let a long prefix multiply", () => {
  const long = "x".repeat(1000);
  const json = convert(`<p:a xmlns:p="u" xmlns:${long}="u"><p:b xmlns:${long}y="u"><p:c/></p:b></p:a>`);
  expect(Object.keys(JSON.parse(json) as object)).toEqual(["p:a"]);
  expect(json).toContain('"p:b":');
  expect(json).toContain('"p:c":');
});

it("takes hostile documents in linear time", () => {
  const declarations = Array.from({ length: 5000 }, (_, i) => `xmlns:p${i}="urn:${i}"`).join(" ");
  const children = Array.from({ length: 5000 }, (_, i) => `<p${i % 7}:b/>`).join("");
  const json = JSON.parse(convert(`<a ${declarations}>${children}</a>`)) as { a: Record<string, unknown[]> };
  expect(json.a["p0:b"]).toHaveLength(715);
});
