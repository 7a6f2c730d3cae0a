import { describe, expect, it } from "vitest";
import { parseXml } from "../../../expression/clr/xml/read.ts";
import { SchemaError } from "../json-schema/schema-error.ts";
import { schemaLocations } from "./read-schema.ts";
import { validateXml } from "./validate-xml.ts";
import { compileXmlSchema } from "./xml-schema.ts";

const schema = (content: string, attributes = "") =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" ${attributes}>${content}</xs:schema>`;

function check(content: string, xml: string, attributes = ""): string[] {
  const root = parseXml(xml).root;
  if (!root) throw new Error("no root");
  return validateXml(
    root,
    compileXmlSchema([schema(content, attributes)], () => undefined),
  ).map((one) => one.message);
}

const simple = (restriction: string) =>
  `<xs:element name="a"><xs:simpleType>${restriction}</xs:simpleType></xs:element>`;
const restricted = (base: string, facets: string) =>
  simple(`<xs:restriction base="xs:${base}">${facets}</xs:restriction>`);

describe("simple types", () => {
  it.each([
    ["boolean", ["true", " 0 "], ["yes", ""]],
    ["int", ["-5", "+2147483647"], ["2147483648", "1.0", "x"]],
    ["unsignedByte", ["255"], ["256", "-1"]],
    ["decimal", ["1.50", ".5", "-0"], ["1e3", "."]],
    ["double", ["1e3", "INF", "NaN"], ["inf", "1e"]],
    ["date", ["2024-02-29", "2024-02-29Z", "2024-01-01+14:00"], ["2023-02-29", "2024-1-1"]],
    ["dateTime", ["2024-01-01T00:00:00", "2024-01-01T24:00:00Z"], ["2024-01-01", "2024-01-01T25:00:00"]],
    ["time", ["23:59:59.5"], ["24:00:01", "1:2:3"]],
    ["duration", ["P1Y", "-PT0.5S"], ["P", "PT", "1Y"]],
    ["hexBinary", ["0aFF"], ["0"]],
    ["base64Binary", ["YQ==", "YW Jj"], ["YQ"]],
    ["NCName", ["a-b", "ü"], ["a:b", "1a", ""]],
    ["language", ["en-GB"], ["e_n"]],
    ["NMTOKENS", ["a b"], [""]],
    ["anyURI", ["http://x/ y"], []],
  ])("xs:%s", (type, good, bad) => {
    const content = `<xs:element name="a" type="xs:${type}" />`;
    for (const text of good) expect(check(content, `<a>${text}</a>`), text).toEqual([]);
    for (const text of bad) expect(check(content, `<a>${text}</a>`), text).toHaveLength(1);
  });

  it.each([
    [restricted("string", '<xs:length value="2" />'), ["ab", "😀b"], ["a", "abc"]],
    [restricted("string", '<xs:enumeration value="a" /><xs:enumeration value="b" />'), ["a", "b"], ["c", "A", " a"]],
    [restricted("token", '<xs:enumeration value="a" />'), [" a "], ["b"]],
    [restricted("decimal", '<xs:enumeration value="1.0" />'), ["1", "01.00"], ["1.01"]],
    [
      restricted("decimal", '<xs:minExclusive value="1" /><xs:maxInclusive value="12345678901234567890" />'),
      ["1.1", "12345678901234567890"],
      ["1", "12345678901234567891"],
    ],
    [
      restricted("decimal", '<xs:totalDigits value="3" /><xs:fractionDigits value="1" />'),
      ["12.3", "012.30"],
      ["1.23", "1234"],
    ],
    [restricted("date", '<xs:minInclusive value="2024-01-01" />'), ["2024-01-01"], ["2023-12-31"]],
    [restricted("string", '<xs:pattern value="[a-z-[aeiou]]+" />'), ["bcd"], ["abc", ""]],
    [restricted("string", '<xs:pattern value="^a$" />'), ["^a$"], ["a"]],
    [restricted("string", '<xs:pattern value="\\i\\c*" /><xs:pattern value="\\d" />'), ["a:1", "5"], ["-a"]],
    [restricted("string", '<xs:pattern value="a|b" />'), ["a", "b"], ["ab", "a\n"]],
    [restricted("string", '<xs:pattern value="(a+)+" />'), ["aa"], [`${"a".repeat(3000)}!`]],
    [restricted("string", '<xs:whiteSpace value="collapse" /><xs:maxLength value="3" />'), ["  a  b  "], ["a b c"]],
    [simple('<xs:list itemType="xs:int" />'), ["1 2  3", ""], ["1 x"]],
    [simple('<xs:union memberTypes="xs:int xs:boolean" />'), ["1", "true"], ["x"]],
  ])("facets: %s", (content, good, bad) => {
    for (const text of good) expect(check(content, `<a>${text}</a>`), text).toEqual([]);
    for (const text of bad) expect(check(content, `<a>${text}</a>`), text).toHaveLength(1);
  });
});

describe("content", () => {
  const element = (content: string) => `<xs:element name="a"><xs:complexType>${content}</xs:complexType></xs:element>`;
  const part = (name: string, more = "") => `<xs:element name="${name}" ${more} />`;
  const words = (children: string) => `<a>${[...children].map((name) => `<${name}/>`).join("")}</a>`;

  it.each([
    [
      `<xs:sequence>${part("b")}${part("c", 'minOccurs="0"')}${part("d", 'maxOccurs="unbounded"')}</xs:sequence>`,
      ["bd", "bcd", "bddd"],
      ["", "b", "bc", "db", "bccd", "bde"],
    ],
    [`<xs:choice maxOccurs="3">${part("b")}${part("c")}</xs:choice>`, ["b", "cbc"], ["", "bcbc", "d"]],
    [`<xs:choice>${part("b", 'minOccurs="0"')}${part("c")}</xs:choice>`, ["", "b", "c"], ["bc"]],
    [`<xs:all>${part("b")}${part("c", 'minOccurs="0"')}</xs:all>`, ["b", "bc", "cb"], ["c", "bb", ""]],
    [
      `<xs:sequence maxOccurs="2">${part("b")}<xs:choice>${part("c")}${part("d")}</xs:choice></xs:sequence>`,
      ["bc", "bcbd"],
      ["b", "bcb", "bcbdbc"],
    ],
    [`<xs:sequence>${part("b", 'minOccurs="0" maxOccurs="0"')}${part("c")}</xs:sequence>`, ["c"], ["bc"]],
    [`<xs:sequence>${part("b")}<xs:any processContents="skip" minOccurs="0" /></xs:sequence>`, ["b", "bz"], ["bzz"]],
    ["", [""], ["b"]],
  ])("%s", (content, good, bad) => {
    for (const children of good) expect(check(element(content), words(children)), children).toEqual([]);
    for (const children of bad) expect(check(element(content), words(children)).length, children).toBeGreaterThan(0);
  });

  it("says what was expected", () => {
    expect(check(element(`<xs:sequence>${part("b")}${part("c")}</xs:sequence>`), "<a><b/><x/></a>")).toEqual([
      "The element 'x' is not expected here. Expected: 'c'.",
    ]);
  });

  it("takes no text among elements, unless it is mixed", () => {
    expect(check(element("<xs:sequence />"), "<a>text</a>")).toHaveLength(1);
    expect(
      check(
        '<xs:element name="a"><xs:complexType mixed="true"><xs:sequence /></xs:complexType></xs:element>',
        "<a>text</a>",
      ),
    ).toEqual([]);
  });

  it("is recursive where the schema is", () => {
    const tree = `<xs:element name="t" type="T" /><xs:complexType name="T"><xs:sequence><xs:element ref="t" minOccurs="0" maxOccurs="unbounded" /></xs:sequence><xs:attribute name="n" type="xs:int" /></xs:complexType>`;
    expect(check(tree, '<t><t n="1"><t/></t><t/></t>')).toEqual([]);
    expect(check(tree, '<t><t><t n="x"/></t></t>')).toHaveLength(1);
  });

  it("knows attributes: required, fixed, prohibited, of groups and wildcards", () => {
    const content = `<xs:attributeGroup name="g"><xs:attribute name="b" use="required" /></xs:attributeGroup>
      ${element('<xs:attributeGroup ref="g" /><xs:attribute name="c" fixed="1" type="xs:int" /><xs:anyAttribute namespace="##other" processContents="lax" />')}`;
    expect(check(content, '<a b="" c="01" x:y="z" xmlns:x="urn:x"/>')).toEqual([]);
    expect(check(content, '<a c="2" d=""/>')).toEqual([
      "The attribute 'c' must be '1'.",
      "The attribute 'd' is not declared.",
      "The required attribute 'b' is missing.",
    ]);
  });

  it("knows extension, restriction, groups and types that a message names", () => {
    const content = `<xs:complexType name="B"><xs:sequence>${part("b")}</xs:sequence></xs:complexType>
      <xs:complexType name="E"><xs:complexContent><xs:extension base="B"><xs:group ref="g" /></xs:extension></xs:complexContent></xs:complexType>
      <xs:group name="g"><xs:sequence>${part("c")}</xs:sequence></xs:group>
      <xs:complexType name="S"><xs:simpleContent><xs:extension base="xs:int"><xs:attribute name="u" /></xs:extension></xs:simpleContent></xs:complexType>
      <xs:element name="base" type="B" /><xs:element name="ext" type="E" /><xs:element name="s" type="S" />`;
    const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    expect(check(content, "<ext><b/><c/></ext>")).toEqual([]);
    expect(check(content, "<ext><c/></ext>")).toHaveLength(1);
    expect(check(content, `<base ${xsi} xsi:type="E"><b/><c/></base>`)).toEqual([]);
    expect(check(content, `<base ${xsi} xsi:type="S">5</base>`)).toEqual(["The type 'S' is not derived from 'B'."]);
    expect(check(content, '<s u="x">5</s>')).toEqual([]);
    expect(check(content, "<s>x</s>")).toHaveLength(1);
  });

  it("knows nil, defaults and identifiers", () => {
    const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
    expect(check('<xs:element name="a" type="xs:int" nillable="true" />', `<a ${xsi} xsi:nil="true"/>`)).toEqual([]);
    expect(check('<xs:element name="a" type="xs:int" />', `<a ${xsi} xsi:nil="true"/>`)).toHaveLength(1);
    expect(check('<xs:element name="a" type="xs:int" default="1" />', "<a/>")).toEqual([]);
    const ids = element(
      `<xs:sequence><xs:element name="b" maxOccurs="9"><xs:complexType><xs:attribute name="i" type="xs:ID" /><xs:attribute name="r" type="xs:IDREF" /></xs:complexType></xs:element></xs:sequence>`,
    );
    expect(check(ids, '<a><b r="y"/><b i="y"/></a>')).toEqual([]);
    expect(check(ids, '<a><b i="y"/><b i="y" r="z"/></a>')).toHaveLength(2);
  });

  it("has namespaces for elements as the schema's form says", () => {
    const inner = `<xs:element name="a"><xs:complexType><xs:sequence>${part("b")}</xs:sequence></xs:complexType></xs:element>`;
    const target = 'targetNamespace="urn:t" xmlns="urn:t"';
    expect(check(inner, '<t:a xmlns:t="urn:t"><b/></t:a>', target)).toEqual([]);
    expect(check(inner, '<a xmlns="urn:t"><b/></a>', target)).toHaveLength(1);
    expect(check(inner, '<a xmlns="urn:t"><b/></a>', `${target} elementFormDefault="qualified"`)).toEqual([]);
  });
});

describe("schemas", () => {
  it("include others by their ids", () => {
    const main = schema('<xs:include schemaLocation="/schemas/types" /><xs:element name="a" type="T" />');
    const types = schema('<xs:simpleType name="T"><xs:restriction base="xs:int" /></xs:simpleType>');
    expect(schemaLocations(main)).toEqual(["types"]);
    const model = compileXmlSchema([main], (id) => (id === "types" ? types : undefined));
    expect(validateXml(parseXml("<a>x</a>").root as never, model)).toHaveLength(1);
    expect(() => compileXmlSchema([main], () => undefined)).toThrow('refers to "/schemas/types"');
  });

  it.each([
    ['<xs:redefine schemaLocation="x" />', "<xs:redefine> is not supported"],
    ['<xs:notation name="n" public="x" />', "<xs:notation> is not supported"],
    ['<xs:element name="a" type="xs:int"><xs:key name="k" /></xs:element>', "<xs:key> is not supported"],
    ['<xs:element name="a" abstract="true" />', 'abstract="true"'],
    ['<xs:element name="a" substitutionGroup="b" />', "substitutionGroup"],
    ['<xs:element name="a" type="xs:Nothing" />', '"xs:Nothing" is not defined'],
    ['<xs:element name="a" type="z:T" />', "undeclared prefix"],
    [
      '<xs:element name="a"><xs:complexType><xs:assert test="1" /></xs:complexType></xs:element>',
      "<xs:assert> is not supported",
    ],
    [
      '<xs:complexType name="T"><xs:complexContent><xs:extension base="T" /></xs:complexContent></xs:complexType>',
      "is its own base",
    ],
    ['<xs:simpleType name="T"><xs:restriction base="T" /></xs:simpleType>', "is its own base"],
    [restricted("string", '<xs:pattern value="(" />'), "is not valid"],
    [restricted("string", '<xs:minInclusive value="1" />'), "is not supported for xs:string"],
  ])("that cannot be enforced are refused: %s", (content, message) => {
    expect(() => compileXmlSchema([schema(content)], () => undefined)).toThrow(SchemaError);
    expect(() => compileXmlSchema([schema(content)], () => undefined)).toThrow(message);
  });

  it.each(["", "<a/>", "<a", "text"])("are none: %j", (text) => {
    expect(() => compileXmlSchema([text], () => undefined)).toThrow(SchemaError);
  });
});
