import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import { describe, expect, it } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { setAttribute } from "./edit.ts";
import { toRawXml, toXmlFormat } from "./format.ts";
import { parseDocument } from "./parse.ts";
import { print } from "./print.ts";
import type { Document, DocumentFormat, Element, Node } from "./tree.ts";

function parse(text: string, format: DocumentFormat = "rawxml"): Document {
  return parseDocument(new SourceFile("policy.xml", text), { format });
}

/** What a document means, without how it is written: names and decoded values. */
function meaning(nodes: readonly Node[]): unknown[] {
  return nodes.flatMap((node): unknown[] => {
    if (node.kind === "element") {
      const attributes = node.attributes.map((a) => [a.name, a.value.text, a.expression]);
      return [{ name: node.name, attributes, children: meaning(node.children) }];
    }
    return node.kind === "text" || node.kind === "cdata" ? [[node.value.text, node.expression]] : [];
  });
}

const raw = `\uFEFF<!-- keep -- this -->
<policies>
  <inbound  a = '1'
     b="@(c["d"] < 1 && e)">
    <set-variable name='x' value='@(f["g"] == 'h')' />
    <set-variable name="y" value="@{
        // don't
        return "&amp;amp; &lt;" + a;\t
    }"/>
    <set-body>@(i < j && k[l[0]]>m)</set-body>
    <set-body> {{n}} &amp; "o" ]]&gt; </set-body>
    <set-body><![CDATA[@{ return p < q; }]]></set-body>
  </inbound>
</policies>
`;

describe("toXmlFormat", () => {
  const xml = toXmlFormat(parse(raw));

  it("is well-formed XML", () => {
    const parsed = new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, "text/xml");
    expect(parsed.documentElement?.getElementsByTagName("set-variable").item(1)?.getAttribute("value")).toBe(
      '@{\n        // don\'t\n        return "&amp; <" + a;\t\n    }',
    );
  });

  it.each(["xml", "rawxml"] as const)("means the same when read as %s", (format) => {
    const back = parse(xml, format);
    expect(back.diagnostics).toEqual([]);
    expect(meaning(back.children)).toEqual(meaning(parse(raw).children));
  });

  it("escapes expressions and leaves the rest as written", () => {
    expect(xml).toContain("<inbound  a = '1'\n     b=\"@(c[&quot;d&quot;] &lt; 1 &amp;&amp; e)\">");
    expect(xml).toContain(`value='@(f["g"] == &apos;h&apos;)'`);
    expect(xml).toContain("@{&#xA;        // don't&#xA;");
    expect(xml).toContain("<set-body>@(i &lt; j &amp;&amp; k[l[0]]&gt;m)</set-body>");
    expect(xml).toContain('<set-body> {{n}} &amp; "o" ]]&gt; </set-body>');
    expect(xml).toContain("<![CDATA[@{ return p < q; }]]>");
    expect(xml.startsWith("<!-- keep - - this -->\n")).toBe(true);
  });

  it("mends what was wrong with a literal", () => {
    expect(toXmlFormat(parse('<a b="?c=d&e" f=g h="i < j">k & l < m</a>'))).toBe(
      '<a b="?c=d&amp;e" f="g" h="i &lt; j">k &amp; l &lt; m</a>',
    );
  });
});

describe("toRawXml", () => {
  it("means the same, and its expressions are readable", () => {
    const back = toRawXml(parse(toXmlFormat(parse(raw)), "xml"));
    expect(parse(back).diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(meaning(parse(back).children)).toEqual(meaning(parse(raw).children));
    expect(back).toContain('b="@(c["d"] < 1 && e)">');
    expect(back).toContain("@{\n        // don't\n");
    expect(back).toContain('"&amp;amp; <" + a');
  });

  it("leaves escaped what nobody could read back otherwise", () => {
    const broken = '<a b="@(&quot;c" d="@(e&#xD;)">@(&lt;/f</a>';
    expect(toRawXml(parse(broken, "xml"))).toBe(broken);
  });
});

describe("setAttribute", () => {
  const edit = (text: string, change: (root: Element) => void): string => {
    const document = parse(text);
    change(document.root as Element);
    return print(document);
  };

  it("changes the value and nothing else", () => {
    const text = "<!-- c -->\n<a  b = '1'\n  d=\"2\" >\n <e/> </a>\n";
    expect(edit(text, (root) => setAttribute(root, "d", 'x < "y"'))).toBe(
      text.replace('"2"', '"x &lt; &quot;y&quot;"'),
    );
    expect(edit(text, (root) => setAttribute(root, "b", '@(f["g"] < 1)'))).toBe(
      text.replace("b = '1'", `b='@(f["g"] < 1)'`),
    );
  });

  it("adds an attribute behind the others, which can be changed again", () => {
    const changed = edit('<a b="1" />', (root) => {
      setAttribute(root, "c", "2");
      setAttribute(root, "c", "3\n");
      setAttribute(root, "d", "@(e");
    });
    expect(changed).toBe('<a b="1" c="3&#xA;" d="@(e" />');
    expect(edit("<a/>", (root) => setAttribute(root, "c", "2"))).toBe('<a c="2"/>');
  });

  it("is seen by the conversions", () => {
    const document = parse("<a/>");
    setAttribute(document.root as Element, "b", '@(c["d"])');
    expect(toXmlFormat(document)).toBe('<a b="@(c[&quot;d&quot;])"/>');
  });
});

describe("print", () => {
  it("prints nodes of another document, also inside an element that was empty", () => {
    const document = parse("<a>\n  <b />\n</a>");
    const other = parse('<x><c d="@("e")">f</c></x>');
    const b = document.root?.children[1] as Element;
    b.children.push(...(other.root?.children ?? []));
    expect(print(document)).toBe('<a>\n  <b><c d="@("e")">f</c></b>\n</a>');
  });
});
