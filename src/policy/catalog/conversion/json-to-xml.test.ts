import { describe, expect, it } from "vitest";
import { BodyTooLargeError } from "../../exchange/body.ts";
import { parseJson } from "../../expression/clr/json/read.ts";
import { convertJsonToXml, type JsonToXmlOptions } from "./json-to-xml.ts";

const NIL = 'xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

function convert(json: unknown, options: Partial<JsonToXmlOptions> = {}): string {
  return convertJsonToXml(parseJson(typeof json === "string" ? json : JSON.stringify(json)), {
    separator: "_",
    namespacePrefix: undefined,
    namespaceBlock: undefined,
    attributeBlock: undefined,
    attributePrefix: "@",
    invalidCharacter: undefined,
    trim: false,
    emptyAsNull: false,
    limit: 10_000,
    ...options,
  });
}

describe("JSON as XML", () => {
  it.each([
    ['{"a": 1}', "<a>1</a>"],
    ['{"a": {"b": "x", "c": 1.50}}', "<a><b>x</b><c>1.5</c></a>"],
    ['{"a": 1, "b": 2}', "<Document><a>1</a><b>2</b></Document>"],
    ['{"a": [1, 2]}', "<Document><a>1</a><a>2</a></Document>"],
    ['{"a": {"b": [{"c": 1}, {"c": 2}]}}', "<a><b><c>1</c></b><b><c>2</c></b></a>"],
    ['{"a": {"b": []}}', "<a><b /></a>"],
    ['{"a": {"b": [[1, 2], []]}}', "<a><b><b>1</b><b>2</b></b><b /></a>"],
    ["{}", "<Document />"],
    ['{"a": {}}', "<a />"],
    ['{"a": ""}', "<a />"],
    ['{"a": true}', "<a>True</a>"],
    ['{"a": null}', `<a ${NIL} />`],
    ["[1, {}]", "<Document><item>1</item><item /></Document>"],
    ["[]", "<Document><item /></Document>"],
    ['"text"', "<Document>text</Document>"],
    ['{"a": 12345678901234567890}', "<a>12345678901234567890</a>"],
    ['{"a": "<&>\\"\'"}', "<a>&lt;&amp;&gt;\"'</a>"],
    ['{"a": {"#text": "x", "@b": "1 \\"<&"}}', '<a b="1 &quot;&lt;&amp;">x</a>'],
    ['{"a": {"#cdata-section": "x]]>y"}}', "<a><![CDATA[x]]]]><![CDATA[>y]]></a>"],
    ['{"@a": 1}', '<Document a="1" />'],
  ])("%s", (json, xml) => {
    expect(convert(json)).toBe(xml);
  });

  it("makes names of what is none", () => {
    expect(convert({ "first name": 1, "1st": 2, "": 3, "ä-1.b": 4, "a:b": 5, "x>y": 6 })).toBe(
      "<Document><first_x0020_name>1</first_x0020_name><_x0031_st>2</_x0031_st><_>3</_><ä-1.b>4</ä-1.b>" +
        "<a_x003A_b>5</a_x003A_b><x_x003E_y>6</x_x003E_y></Document>",
    );
    expect(convert({ "a b": 1 }, { invalidCharacter: "-" })).toBe("<a-b>1</a-b>");
    expect(convert({ "a b": 1 }, { invalidCharacter: "><x" })).not.toContain("><x");
  });

  it("replaces characters that XML cannot hold", () => {
    expect(convert('{"a": "\\u0000\\u001b\\t\\n\\ud800"}')).toBe("<a>\ufffd\ufffd\t\n\ufffd</a>");
  });

  it("writes dates that the reader found as ISO 8601", () => {
    expect(convert('{"a": "2026-01-05T09:05:07Z"}')).toBe("<a>2026-01-05T09:05:07Z</a>");
  });

  it("trims values and empties", () => {
    expect(convert({ a: " x " }, { trim: true })).toBe("<a>x</a>");
    expect(convert({ a: " " }, { trim: true, emptyAsNull: true })).toBe(`<a ${NIL} />`);
  });

  it("is the documentation's example", () => {
    const json = {
      "soapenv:Envelope": {
        "xmlns:soapenv": "http://schemas.xmlsoap.org/soap/envelope/",
        "xmlns:v1": "http://localdomain.com/core/v1",
        "soapenv:Header": {},
        "soapenv:Body": { "v1:QueryList": { "#attrs": { queryName: "test" }, "v1:QueryItem": { name: "dummy text" } } },
      },
    };
    expect(convert(json, { separator: ":", namespacePrefix: "xmlns", attributeBlock: "#attrs" })).toBe(
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:v1="http://localdomain.com/core/v1">' +
        '<soapenv:Header /><soapenv:Body><v1:QueryList queryName="test"><v1:QueryItem><name>dummy text</name></v1:QueryItem>' +
        "</v1:QueryList></soapenv:Body></soapenv:Envelope>",
    );
  });

  it("qualifies names by the separator, where the prefix is declared", () => {
    const json = { a_r: { xmlns_a: "urn:a", xmlns: "urn:d", a_x: { "@a_y": 1 }, b_z: 2, a_: 3, _a: 4 } };
    expect(convert(json, { namespacePrefix: "xmlns" })).toBe(
      '<a:r xmlns:a="urn:a" xmlns="urn:d"><a:x a:y="1" /><b_z>2</b_z><a_>3</a_><_a>4</_a></a:r>',
    );
    // The prefix is known inside its element only.
    expect(convert({ r: [{ p: { "@xmlns:a": "urn:a", a_x: 1 } }, { a_x: 2 }] })).toBe(
      '<Document><r><p xmlns:a="urn:a"><a:x>1</a:x></p></r><r><a_x>2</a_x></r></Document>',
    );
  });

  it("takes declarations from a block, but none that XML forbids", () => {
    const json = { r: { $ns: { a: "urn:a", xmlns: "urn:d", xml: "urn:x", "b c": "urn:b", e: "" }, a_x: 1 } };
    expect(convert(json, { namespaceBlock: "$ns" })).toBe('<r xmlns:a="urn:a" xmlns="urn:d"><a:x>1</a:x></r>');
  });

  it("can have another attribute prefix, or none", () => {
    expect(convert({ a: { $b: 1, "@c": 2 } }, { attributePrefix: "$" })).toBe('<a b="1"><_x0040_c>2</_x0040_c></a>');
    expect(convert({ a: { "@c": 2 } }, { attributePrefix: "" })).toBe("<a><_x0040_c>2</_x0040_c></a>");
  });

  it("does not let long names multiply", () => {
    const json = { [`n${"x".repeat(1000)}`]: Array.from({ length: 1000 }, () => 0) };
    expect(() => convert(json)).toThrow(BodyTooLargeError);
  });
});
