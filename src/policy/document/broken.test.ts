import { describe, expect, it } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { parseDocument } from "./parse.ts";
import { print } from "./print.ts";
import { LIMITS } from "./reading.ts";

/** `line:column code`, as the table below states it. */
function findings(text: string): string[] {
  const document = parseDocument(new SourceFile("policy.xml", text));
  expect(print(document)).toBe(text);
  return document.diagnostics.map((d) => `${d.line}:${d.column} ${d.code}`);
}

/** A policy on lines 3 and following of a sound document, indented by four. */
function inDocument(policy: string): string {
  return `<policies>\n  <inbound>\n    ${policy}\n    <base />\n  </inbound>\n  <outbound />\n</policies>\n`;
}

describe("a broken document", () => {
  const policies: [string, string, string[]][] = [
    ["a misspelt end tag", "<a-b>\n      <c/>\n    </a-bb>", ["5:5 mismatched-end-tag"]],
    ["another end tag in its place", "<when>\n      <c/>\n    </choose>", ["5:5 mismatched-end-tag"]],
    ["an end tag of another case", "<when></When>", ["3:11 mismatched-end-tag"]],
    ["a missing end tag", "<choose><when><c/></choose>", ["3:23 mismatched-end-tag"]],
    [
      "the end tag of the parent written twice",
      "<choose>\n      <when>\n        <c/>\n      </choose>\n    </choose>",
      ["6:7 mismatched-end-tag"],
    ],
    ["two missing end tags", "<a><b><c></a>", ["3:14 mismatched-end-tag"]],
    ["an end tag too many", "</choose>", ["3:5 stray-end-tag"]],
    ["a malformed end tag", "<a></a b>", ["3:8 malformed-end-tag"]],
    ["an end tag without a name", "<a></></a>", ["3:8 malformed-end-tag"]],
    ["a start tag without its end", '<a b="c"\n    <d/>', ["3:5 unclosed-tag"]],
    ["a closing quote forgotten", '<a b="c>\n      <d/>\n    </a>', ["3:10 missing-quote"]],
    ["a quote forgotten before another attribute", '<a b="c d="e">\n    </a>', ["3:10 missing-quote"]],
    ["quotes inside a value", '<a b="say "hi" to" c="d" />', ["3:15 quote-in-attribute"]],
    ["no quotes", "<a b=c />", ["3:10 missing-quote"]],
    ["typographic quotes", "<a b=“c d” />", ["3:10 missing-quote"]],
    ["no value", "<a b />", ["3:8 missing-value"]],
    ["no space between attributes", '<a b="c"d="e" />', ["3:13 missing-space"]],
    ["an attribute twice", '<a b="c" b="d" />', ["3:14 duplicate-attribute"]],
    ["characters that belong nowhere", '<a , "b" />', ["3:8 unexpected-character"]],
    ["less-than in a value", '<a b="c < d" />', ["3:13 less-than-in-attribute"]],
    ["less-than in a text", "<a>b < c < d</a>", ["3:10 unescaped-less-than"]],
    ["an ampersand in a value", '<a b="?c=d&e=f" />', ["3:15 unescaped-ampersand"]],
    ["an ampersand in a text", "<a>b & c & d</a>", ["3:10 unescaped-ampersand"]],
    ["an entity of HTML", "<a>&nbsp;</a>", ["3:8 unknown-entity"]],
    ["a number that is no character", "<a>&#0;</a>", ["3:8 unknown-entity"]],
    ["two hyphens in a comment", "<!-- a -- b -->", ["3:12 hyphens-in-comment"]],
    ["a declaration that is not at the beginning", '<?xml version="1.0"?>', ["3:5 misplaced-declaration"]],
    ["unknown markup", "<!ELEMENT a>", ["3:5 unknown-markup"]],
    ["a control character", "<a>\u0001\u0002</a>", ["3:8 invalid-character"]],
    ["half a surrogate pair", "<a>\ud800</a>", ["3:8 invalid-character"]],
    ["a bracket forgotten in an attribute", '<a b="@(f(c["d"])" e="f" />', ["3:11 unclosed-expression"]],
    ["a bracket too many in an attribute", '<a b="@(c["d"]))" e="f" />', ["3:20 text-after-expression"]],
    ["a quote of a string forgotten", '<a b="@(c["d])" e="f" />', ["3:11 unclosed-expression"]],
    [
      "a string that a formatter split",
      '<a b="@{ return c["d=""\n      e=""\n      f=""/{g}";}"/>',
      ["3:11 unclosed-expression"],
    ],
    ["the closing quote of an expression forgotten", '<a b="@(c["d"])>\n      <e/>\n    </a>', ["3:20 missing-quote"]],
    ["the same before another attribute", '<a b="@(c["d"]) e="f" />', ["3:20 missing-quote"]],
    ["text behind an expression", '<a b="@(c) > 5">\n    </a>', ["3:16 text-after-expression"]],
    ["an expression without quotes", '<a b=@(c["d e"]) f="g" />', ["3:10 missing-quote"]],
    ["a brace forgotten in a text", "<a>@{ return 1; </a>", ["3:8 unclosed-expression"]],
    ["a quote forgotten in a text", '<a>@{ return "b; }</a>', ["3:8 unclosed-expression"]],
    ["text behind an expression in a text", '<a>@(b)/@(c["d"] < 1)</a>', ["3:12 text-after-expression"]],
    ["an expression inside a literal", '<a b="Bearer @(c["d"])" e="f" />', ["3:22 quote-in-attribute"]],
    ["an expression inside a literal without quotes", '<a b="Bearer @(c)" />', ["3:18 expression-not-whole"]],
    ["an expression behind text", "<a>Bearer @(c)</a>", ["3:15 expression-not-whole"]],
    ["an expression behind text, with less-than", '<a>Bearer @(c<d>("e"))</a>', ["3:18 unescaped-less-than"]],
    ["an expression in a start tag without its end", "<a @{ return b<c>(); }</a>", ["3:5 unclosed-tag"]],
    ["a start tag that runs into its text", "<abc</a>", ["3:5 unclosed-tag"]],
    ["an expression behind text in CDATA", "<a><![CDATA[Bearer @(c)]]></a>", ["3:24 expression-not-whole"]],
    ["an expression behind text and a comment", "<a>Bearer <!-- c -->@(d)</a>", ["3:25 expression-not-whole"]],
  ];
  it.each(policies)("with %s", (_, policy, expected) => {
    expect(findings(inDocument(policy))).toEqual(expected);
  });

  const documents: [string, string, string[]][] = [
    ["nothing", "", ["1:1 no-root-element"]],
    ["only a comment", "<!-- a -->\n", ["1:1 no-root-element"]],
    ["only text", "hello", ["1:1 text-outside-root"]],
    ["only less-than", "<", ["1:1 unescaped-less-than", "1:1 text-outside-root"]],
    ["a type declaration", "<!DOCTYPE a [ <!ENTITY b 'c'> ]>\n<a/>", ["1:1 doctype-not-allowed"]],
    ["two roots", "<a/>\n<b/>", ["2:1 second-root-element"]],
    ["several roots and an end tag too many", "<a/>\n<b/>\n<c/>\n</d>", ["2:1 second-root-element"]],
    ["text behind its root", "<a/>\nb\nc", ["2:1 text-outside-root"]],
    ["only an end tag", "</a>", ["1:1 stray-end-tag"]],
    ["no end", "<a>\n  <b>\n    <c/>\n", ["2:3 unclosed-element"]],
    ["a comment without end", "<a>\n  <!-- b </a>", ["2:3 unclosed-comment"]],
    ["a CDATA section without end", "<a>\n  <![CDATA[ b </a>", ["2:3 unclosed-cdata"]],
    ["an instruction without end", "<a>\n  <?b </a>", ["2:3 unclosed-instruction"]],
    ["an end in a tag", "<a>\n  <b", ["2:3 unclosed-tag"]],
    ["an end in an attribute", '<a>\n  <b c="d', ["2:8 missing-quote"]],
    ["an end in an expression", '<a>\n  <b c="@(d', ["2:9 unclosed-expression"]],
    ["an end in an expression in a text", "<a>\n  <b>@{ d", ["2:6 unclosed-expression"]],
  ];
  it.each(documents)("of or with %s", (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
  });

  it("keeps what stands around the mistake", () => {
    const document = parseDocument(new SourceFile("f", inDocument('<a b="@(c["d"]">\n      <e>f</e>\n    </g>')));
    const sections = document.root?.children.filter((c) => c.kind === "element") ?? [];
    expect(sections.map((s) => s.name)).toEqual(["inbound", "outbound"]);
    expect(sections[0]?.children.flatMap((c) => (c.kind === "element" ? [c.name] : []))).toEqual(["a", "base"]);
  });

  it("is told what was expected and where the other end is", () => {
    const message = (text: string) => parseDocument(new SourceFile("f", text)).diagnostics[0];
    expect(message("<a>\n  <bcd>\n  </bce>\n</a>")?.message).toBe(
      "Expected </bcd> but found </bce>: <bcd> was opened at line 2, column 3.",
    );
    expect(message("<a>\n  <b>\n    <c>\n</a>")?.message).toBe(
      "Expected </c> but found </a>: <c> was opened at line 3, column 5. Not closed either: <b> (line 2, column 3).",
    );
    expect(message('<a>\n  <b c="@(d["e)])" />\n</a>')).toMatchObject({
      message: 'The expression in attribute "c" of <b> has no closing ) before the markup at line 2, column 20.',
      hint: "brackets and the quotes of strings must come in pairs",
    });
    expect(message("<a>\n  <b>@(don't)</b>\n</a>")).toMatchObject({
      message: "The expression in the text of <b> has no closing ) before the markup at line 3, column 1.",
      hint: "the string or character literal at line 2, column 11 is not closed on its line",
    });
  });
});

describe("a document beyond the limits", () => {
  const last = (text: string) => findings(text).at(-1)?.split(" ")[1];

  it("is not read when it is too large", () => {
    expect(findings(`<a>${" ".repeat(LIMITS.size)}</a>`)).toEqual(["1:1 document-too-large"]);
  });

  it("is read as deep as elements may nest", () => {
    const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth);
    expect(findings(nested(LIMITS.depth))).toEqual([]);
    expect(findings(nested(LIMITS.depth + 1))).toEqual([`1:${3 * LIMITS.depth + 1} nesting-too-deep`]);
  });

  it("is read up to a number of nodes and of errors", () => {
    expect(last(`<a>${"<b/>".repeat(LIMITS.nodes)}</a>`)).toBe("too-many-nodes");
    expect(last(`<a ${'b="" c="" '.repeat(LIMITS.nodes)}/>`)).toBe("too-many-nodes");
    expect(last("<a x=1 />".repeat(LIMITS.errors))).toBe("too-many-errors");
    expect(findings(`<a>${"<b>c @(d)</b>".repeat(2 * LIMITS.warnings)}</a>`)).toHaveLength(LIMITS.warnings);
  });
});
