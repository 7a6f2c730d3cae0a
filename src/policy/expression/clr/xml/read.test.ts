import { describe, expect, test } from "vitest";
import { XmlException } from "../exceptions.ts";
import { parseXml, parseXmlElement } from "./read.ts";

const printed = (text: string) => parseXml(text).toXml(false);

function failure(text: string): string {
  try {
    parseXml(text);
  } catch (error) {
    if (error instanceof XmlException) return error.message;
    throw error;
  }
  return "no error";
}

describe("parseXml", () => {
  test.each([
    ["<a/>", "<a />"],
    ["<a></a>", "<a></a>"],
    ["<a> <b/>\r\n</a>", "<a><b /></a>"],
    ["<a>x <b/> </a>", "<a>x <b /></a>"],
    ["<a xml:space='preserve'> <b> </b></a>", '<a xml:space="preserve"> <b> </b></a>'],
    ["<a k='x\r\n\ty&#10;&quot;&apos;'/>", `<a k="x  y&#xA;&quot;'" />`],
    ["<a>&lt;&#65;&#x1F600;&amp;&gt;</a>", "<a>&lt;A😀&amp;&gt;</a>"],
    ["<a><![CDATA[<x>]]><!-- c --><?p d ?></a>", "<a><![CDATA[<x>]]><!-- c --><?p d ?></a>"],
    ["<?xml version='1.0' encoding='utf-8'?><!-- x --><a/><?p?>", "<!-- x --><a /><?p?>"],
    ["<x:a xmlns:x='u' x:k='1' k='2'><x:b/></x:a>", '<x:a xmlns:x="u" x:k="1" k="2"><x:b /></x:a>'],
    ["<a xmlns='u'><b xmlns=''/></a>", '<a xmlns="u"><b xmlns="" /></a>'],
    ["<!DOCTYPE a SYSTEM 'x.dtd' [<!ENTITY x \"]>\">]><a/>", '<!DOCTYPE a SYSTEM "x.dtd"[<!ENTITY x "]>">]><a />'],
    ["\ufeff<a/>", "<a />"],
  ])("reads %j", (text, expected) => {
    expect(printed(text)).toBe(expected);
  });

  test("keeps white space when asked", () => {
    expect(parseXmlElement("<a> <b/>\n</a>", { preserveWhitespace: true }).toXml(false)).toBe("<a> <b />\n</a>");
  });

  test("keeps the declaration", () => {
    expect(parseXml("<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>").declaration).toMatchObject({
      version: "1.0",
      encoding: "utf-8",
      standalone: "yes",
    });
  });

  test.each([
    ["", "Root element is missing."],
    ["x", "Data at the root level is invalid. Line 1, position 1."],
    [
      "<a>\n<b>",
      "Unexpected end of file has occurred. The following elements are not closed: b, a. Line 2, position 4.",
    ],
    ["<a><b></a></b>", "The 'b' start tag on line 1 position 5 does not match the end tag of 'a'. Line 1, position 9."],
    ["<a b='1' b='2'/>", "'b' is a duplicate attribute name. Line 1, position 10."],
    ["<a b='<'/>", "'<', hexadecimal value 0x3C, is an invalid attribute character. Line 1, position 7."],
    ["<x:a/>", "'x' is an undeclared prefix. Line 1, position 2."],
    ["<a x:b='1'/>", "'x' is an undeclared prefix. Line 1, position 4."],
    ["<1/>", "Name cannot begin with the '1' character, hexadecimal value 0x31. Line 1, position 2."],
    ["<a b='1'c='2'/>", "'c' is an unexpected token. The expected token is '>'. Line 1, position 9."],
    ["<a b/>", "'/' is an unexpected token. The expected token is '='. Line 1, position 5."],
    ["<a/><b/>", "There are multiple root elements. Line 1, position 5."],
    ["<a>]]></a>", "']]>' is not allowed in character data. Line 1, position 4."],
    ["<a>&x;</a>", "Reference to undeclared entity 'x'. Line 1, position 5."],
    ["<a>& </a>", "An error occurred while parsing EntityName. Line 1, position 5."],
    ["<a>&#0;</a>", "Invalid syntax for a character reference. Line 1, position 5."],
    ["<a>\u0001</a>", "'.', hexadecimal value 0x01, is an invalid character. Line 1, position 4."],
    [
      "<a><!-- a -- b --></a>",
      "An XML comment cannot contain '--', and '-' cannot be the last character. Line 1, position 11.",
    ],
    ["<a", "Unexpected end of file has occurred. Line 1, position 3."],
    ["<a xmlns:p=''/>", "Prefix 'p' cannot be mapped to namespace name ''. Line 1, position 4."],
    ["<a/><!DOCTYPE a>", "Unexpected DTD declaration. Line 1, position 5."],
  ])("refuses %j", (text, message) => {
    expect(failure(text)).toBe(message);
  });

  test("compares attribute names by namespace", () => {
    expect(failure("<a xmlns:p='u' xmlns:q='u' p:k='1' q:k='2'/>")).toContain("'q:k' is a duplicate attribute name.");
    expect(printed("<a xmlns='u' xmlns:p='u' k='1' p:k='2'/>")).toContain('k="1" p:k="2"');
  });

  test("never expands what a document declares", () => {
    const bomb = `<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>`;
    expect(failure(bomb)).toContain("Reference to undeclared entity 'b'.");
    expect(failure(`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`)).toContain("undeclared entity");
  });

  test("bounds the number of nodes", () => {
    expect(() => parseXml("<a><b/><c k='1'/></a>", { maxNodes: 4 })).toThrow("The XML has too many nodes.");
    expect(parseXml("<a><b/><c k='1'/></a>", { maxNodes: 5 }).toXml(false)).toBe('<a><b /><c k="1" /></a>');
  });

  test("bounds the depth", () => {
    expect(failure("<a>".repeat(100_000))).toContain("nested deeper than 256 levels");
  });
});
