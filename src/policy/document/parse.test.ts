import { describe, expect, it } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { parseDocument } from "./parse.ts";
import { attribute, type Document, type Element, elementChildren, innerSource, textContent } from "./tree.ts";

function parse(text: string, format?: "xml" | "rawxml"): Document {
  const document = parseDocument(new SourceFile("policy.xml", text), format ? { format } : {});
  expect(document.diagnostics).toEqual([]);
  return document;
}

function rootOf(text: string, format?: "xml" | "rawxml"): Element {
  const { root } = parse(text, format);
  if (!root) throw new Error("no root element");
  return root;
}

function valueIn(source: string, format?: "xml" | "rawxml"): { text: string; expression: boolean } {
  const found = attribute(rootOf(`<a v=${source} last="1" />`, format), "v");
  if (!found) throw new Error("no attribute");
  return { text: found.value.text, expression: found.expression };
}

function textOf(source: string): { text: string | undefined; expressions: boolean[] } {
  const root = rootOf(`<a>${source}</a>`);
  const expressions = root.children.flatMap((c) => (c.kind === "text" || c.kind === "cdata" ? [c.expression] : []));
  return { text: textContent(root)?.text, expressions };
}

describe("the tree", () => {
  const text = `<?xml version="1.0"?>\n<!-- hello --><policies>\n  <inbound id = 'i'>\n    <base/>\n  </inbound>\n</policies>\n`;
  const document = parse(text);
  const written = (span: { start: number; end: number }) => text.slice(span.start, span.end);

  it("holds every kind of node with its place", () => {
    expect(document.children.map((c) => [c.kind, written(c)])).toEqual([
      ["instruction", '<?xml version="1.0"?>'],
      ["text", "\n"],
      ["comment", "<!-- hello -->"],
      ["element", text.slice(text.indexOf("<policies"), text.indexOf("</policies>") + 11)],
      ["text", "\n"],
    ]);
  });

  it("knows the ranges of elements and attributes", () => {
    const inbound = elementChildren(document.root as Element)[0] as Element;
    expect(inbound.name).toBe("inbound");
    expect(inbound.parent).toBe(document.root);
    expect(text.slice(inbound.nameStart, inbound.nameEnd)).toBe("inbound");
    expect(written(inbound.inner)).toBe("\n    <base/>\n  ");
    expect(inbound.attributes).toMatchObject([{ name: "id", quote: "'", expression: false, lead: " " }]);
    const id = inbound.attributes[0];
    expect(id && written(id)).toBe("id = 'i'");
    const base = elementChildren(inbound)[0] as Element;
    expect(base).toMatchObject({ selfClosing: true, children: [], attributes: [] });
    expect(written(base)).toBe("<base/>");
    expect(written(base.inner)).toBe("");
  });

  it("starts behind a byte order mark", () => {
    const marked = parse("\uFEFF<policies/>");
    expect(marked.byteOrderMark).toBe(true);
    expect(marked.root?.start).toBe(1);
  });

  it("takes any XML inside an element, with prefixes and instructions", () => {
    const root = rootOf(
      '<set-body><?pi x?><xsl:stylesheet xmlns:xsl="u"><xsl:value-of select="a/@b"/></xsl:stylesheet></set-body>',
    );
    expect(elementChildren(root)[0]?.name).toBe("xsl:stylesheet");
    expect(textContent(root)).toBeUndefined();
    expect(innerSource(root).text).toMatch(/^<\?pi x\?><xsl:stylesheet .*<\/xsl:stylesheet>$/);
  });
});

describe("attribute values", () => {
  const expressions: [string, string, string][] = [
    ["unescaped delimiters", '"@(a["b"] + "c")"', '@(a["b"] + "c")'],
    ["less-than, and, type arguments", '"@(f<int>("n", 0) < 3 && b)"', '@(f<int>("n", 0) < 3 && b)'],
    ["the end of a tag in a lambda", '"@(a.Any(x => x == "/>"))"', '@(a.Any(x => x == "/>"))'],
    ["single quotes as delimiters", `'@(a["b"] == 'c')'`, `@(a["b"] == 'c')`],
    ["entities", '"@(a[&quot;b&quot;] &lt; 1 &amp;&amp; c)"', '@(a["b"] < 1 && c)'],
    ["entities and unescaped delimiters", '"@(b.As&lt;JObject&gt;()["c"])"', '@(b.As<JObject>()["c"])'],
    ["an escaped entity", '"@("&amp;amp;")"', '@("&amp;")'],
    ["line ends and comments", '"@{\n // don\'t\n\treturn 1;\n}"', "@{\n // don't\n\treturn 1;\n}"],
    ["line ends of Windows", '"@{\r\n return 1;\r\n}"', "@{\n return 1;\n}"],
    ["line ends as references", '"&#xA; @(a)&#xD;&#xA;"', "\n @(a)\r\n"],
    ["white space around it", '"\n @(a) \n"', "\n @(a) \n"],
    ["named values", '"@({{a}} + "{{b}}")"', '@({{a}} + "{{b}}")'],
    ["a comment that looks like one of XML", '"@("<!-- " + a)"', '@("<!-- " + a)'],
  ];
  it.each(expressions)("an expression with %s", (_, source, text) => {
    expect(valueIn(source)).toEqual({ text, expression: true });
  });

  const literals: [string, string, string][] = [
    ["entities", '"a &lt; &quot;b&quot; &#65;&#x1F600;"', 'a < "b" A😀'],
    ["line ends and tabs, which become spaces", '"a\nb\r\nc\td\re"', "a b c d e"],
    ["line ends as references, which stay", '"a&#xA;b&#13;"', "a\nb\r"],
    ["greater-than and the other quote", `"a > 'b'"`, "a > 'b'"],
    ["single quotes as delimiters", `'a "b"'`, 'a "b"'],
    ["a named value", '"{{limit}}"', "{{limit}}"],
    ["an at sign before a named value", '"user@{{domain}}"', "user@{{domain}}"],
    ["a named value behind an at sign at the beginning", '"@{{name}}.org"', "@{{name}}.org"],
    ["nothing", '""', ""],
  ];
  it.each(literals)("a literal with %s", (_, source, text) => {
    expect(valueIn(source)).toEqual({ text, expression: false });
  });

  it("in the format xml end at the delimiter, and an expression's line ends become spaces", () => {
    expect(valueIn(`"@(a[&quot;)\n&quot;])"`, "xml")).toEqual({ text: '@(a[") "])', expression: true });
    const broken = parseDocument(new SourceFile("f", '<a v="@(b["c"])" />'), { format: "xml" });
    expect(broken.diagnostics.map((d) => d.code)).toEqual(["quote-in-attribute"]);
  });

  it("know the place of each character", () => {
    const text = '<a v="@(b &lt; @"c\r\nd")" />';
    const value = attribute(rootOf(text), "v")?.value;
    expect(value?.text).toBe('@(b < @"c\nd")');
    for (const [decoded, source] of [
      ["b", "b &lt;"],
      ["<", "&lt;"],
      ['"c', '"c'],
      ["\n", "\n"],
      ["d", 'd"'],
    ]) {
      expect(value?.offset(value.text.indexOf(decoded as string))).toBe(text.indexOf(source as string));
    }
  });
});

describe("texts", () => {
  const expressions: [string, string, string][] = [
    ["less-than and and", "@(a < b && c > d)", "@(a < b && c > d)"],
    ["entities", "@(a &lt; b &amp;&amp; c)", "@(a < b && c)"],
    ["white space around it", "\n   @{ return 1; }\n ", "\n   @{ return 1; }\n "],
    ["markup in strings", '@("<b></a>" + "<!--")', '@("<b></a>" + "<!--")'],
    ["type arguments", '@(c.As<JObject>(preserveContent: true)["x"])', '@(c.As<JObject>(preserveContent: true)["x"])'],
  ];
  it.each(expressions)("an expression with %s", (_, source, text) => {
    expect(textOf(source)).toEqual({ text, expressions: [true] });
  });

  it("decode literals and normalise line ends", () => {
    expect(textOf("a &amp; b\r\nc\rd\te")).toEqual({ text: "a & b\nc\nd\te", expressions: [false] });
  });

  it("decode nothing in a CDATA section, which may be an expression", () => {
    expect(textOf('<![CDATA[@{ return a < b && "&lt;"; }]]>')).toEqual({
      text: '@{ return a < b && "&lt;"; }',
      expressions: [true],
    });
    expect(textOf("\n<![CDATA[{ <a> }]]>\n")).toEqual({ text: "\n{ <a> }\n", expressions: [false, false, false] });
  });

  it("may stand behind comments, and an expression inside a comment is none", () => {
    expect(textOf("<!-- @(a -->@(b)")).toEqual({ text: "@(b)", expressions: [true] });
    expect(textOf("a<!-- @( -->b")).toEqual({ text: "ab", expressions: [false, false] });
  });

  it("are expressions also inside other markup", () => {
    const root = rootOf("<set-body><b><c>@(d < e)</c>@(f)</b></set-body>");
    expect(textContent(elementChildren(elementChildren(root)[0] as Element)[0] as Element)?.text).toBe("@(d < e)");
  });

  it("are empty in an empty element", () => {
    expect(textContent(rootOf("<a/>"))?.text).toBe("");
    expect(textContent(rootOf("<a></a>"))?.text).toBe("");
  });

  it("may be templates of any kind", () => {
    const liquid = '{ "a": "{{body.a}}", {% if x > 1 %} "b": 1 {% endif %} }';
    expect(textOf(liquid)).toEqual({ text: liquid, expressions: [false] });
  });
});
