import { describe, expect, test } from "vitest";
import { Box, ClrArray } from "../box.ts";
import { ArgumentException, InvalidOperationException, XmlException } from "../exceptions.ts";
import { DateTime } from "../system/date-time.ts";
import { TimeSpan } from "../system/time-span.ts";
import { XAttribute } from "./attribute.ts";
import { XDocument } from "./document.ts";
import { XElement } from "./element.ts";
import { XCData, XComment, XText } from "./leaf-nodes.ts";
import { XName } from "./name.ts";
import { parseXml, parseXmlElement } from "./read.ts";
import { parseDuration, xmlText } from "./value-text.ts";
import { documentOrder } from "./walk.ts";

const name = (expanded: string) => XName.parse(expanded);

function element(expanded: string, ...content: unknown[]): XElement {
  const created = new XElement(name(expanded));
  created.add(content);
  return created;
}

describe("building", () => {
  test("expands sequences, turns values into text and joins text", () => {
    const built = element("a", "x", 1, [true, null, element("b")], new ClrArray("object", ["y", new Box("Double", 1)]));
    built.add(new XAttribute(name("k"), "v"));
    expect(built.toXml(false)).toBe('<a k="v">x1true<b />y1</a>');
    expect(built.nodes.length).toBe(3);
  });

  test("tells no content from an empty text", () => {
    expect(element("a").toXml(false)).toBe("<a />");
    const emptied = element("a", "");
    expect(emptied.toXml(false)).toBe("<a></a>");
    emptied.removeNodes();
    expect(emptied.toXml(false)).toBe("<a />");
  });

  test("copies a node that has a parent, and one that would contain itself", () => {
    const shared = element("s");
    const tree = element("a", shared);
    tree.add(shared);
    tree.add(tree);
    expect(tree.toXml(false)).toBe("<a><s /><s /><a><s /><s /></a></a>");
    expect(shared.owner).toBe(tree);
  });

  test("refuses what would not be XML", () => {
    expect(() => element("a", new XDocument())).toThrow(ArgumentException);
    expect(() => element("a", new XAttribute(name("k"), "1"), new XAttribute(name("k"), "2"))).toThrow(
      "Duplicate attribute.",
    );
    const document = new XDocument();
    document.add(element("a"));
    expect(() => document.add(element("b"))).toThrow(InvalidOperationException);
    expect(() => document.add("text")).toThrow("Non-whitespace characters cannot be added to content.");
    expect(() => name("a b")).toThrow("The ' ' character, hexadecimal value 0x20, cannot be included in a name.");
    expect(() => name("{u}")).toThrow(ArgumentException);
    expect(() => element("a", "\u0000").toXml(false)).toThrow("is an invalid character");
  });

  test("does not exhaust the stack", () => {
    let tree = element("a");
    for (let i = 0; i < 5000; i++) tree = element("a", tree);
    expect(() => tree.toXml(false)).toThrow(XmlException);
    expect(() => tree.clone()).toThrow(XmlException);
    expect(tree.value).toBe("");
  });
});

describe("changing", () => {
  test("moves among siblings", () => {
    const tree = parseXmlElement("<a><b/><c/><d/></a>");
    const c = tree.element(name("c")) as XElement;
    c.addBeforeSelf(["x", element("y")]);
    c.addAfterSelf(new XComment("z"));
    expect(c.previousNode?.toXml(false)).toBe("<y />");
    c.replaceWith("t");
    expect(tree.toXml(false)).toBe("<a><b />x<y />t<!--z--><d /></a>");
    expect(() => c.remove()).toThrow("The parent is missing.");
    expect(() => tree.firstNode?.addAfterSelf(new XAttribute(name("k"), "v"))).toThrow(ArgumentException);
  });

  test("ends an enumeration whose node goes away", () => {
    const tree = parseXmlElement("<a><b/><c/></a>");
    const seen: string[] = [];
    for (const node of tree.childNodes()) {
      seen.push(node.toXml(false));
      node.remove();
    }
    expect(seen).toEqual(["<b />"]);
  });

  test("sets values by name", () => {
    const tree = parseXmlElement("<a k='1'><b>1</b></a>");
    tree.setAttributeValue(name("k"), null);
    tree.setAttributeValue(name("n"), 5);
    tree.setElementValue(name("b"), "x");
    tree.setElementValue(name("c"), true);
    expect(tree.toXml(false)).toBe('<a n="5"><b>x</b><c>true</c></a>');
  });
});

describe("reading", () => {
  const document = parseXml("<a xmlns='u' xmlns:p='v'>1<b>2<c/></b><![CDATA[3]]><!--4--><p:b/></a>");
  const root = document.root as XElement;

  test("finds by expanded name", () => {
    expect(root.element(name("b"))).toBe(null);
    expect(root.element(name("{u}b"))?.toXml(false)).toBe('<b xmlns="u">2<c /></b>');
    expect([...root.elements(null)].map((e) => e.name.toClrString())).toEqual(["{u}b", "{v}b"]);
    expect([...root.descendantNodes(false)].length).toBe(7);
    expect(root.value).toBe("123");
  });

  test("knows prefixes and namespaces", () => {
    expect(root.prefixOf("v")).toBe("p");
    expect(root.prefixOf("u")).toBe(null);
    expect(root.namespaceOf("p")).toBe("v");
    expect(root.defaultNamespace.namespaceName).toBe("u");
  });

  test("orders nodes", () => {
    const [one, two] = root.nodes;
    if (one === undefined || two === undefined) throw new Error("two nodes expected");
    expect(documentOrder(one, two)).toBeLessThan(0);
    expect(documentOrder((two as XElement).lastNode as XElement, two)).toBeGreaterThan(0);
    expect(documentOrder(one, element("x"))).toBe(null);
  });

  test("compares content", () => {
    const same = (a: string, b: string) => parseXml(a).contentEquals(parseXml(b));
    expect(same("<a k='1'><b/></a>", '<a k="1" ><b></b></a>')).toBe(true);
    expect(same("<a k='1' l='2'/>", "<a l='2' k='1'/>")).toBe(false);
    expect(new XText("a").contentEquals(new XCData("a"))).toBe(false);
  });
});

describe("printing", () => {
  test("indents, but not around text", () => {
    expect(parseXml("<a><b><c/></b><d>1<e/></d><!--x--></a>").toXml(true)).toBe(
      "<a>\n  <b>\n    <c />\n  </b>\n  <d>1<e /></d>\n  <!--x-->\n</a>",
    );
  });

  test("declares the namespaces that the tree does not", () => {
    const tree = element(
      "{u}a",
      new XAttribute(name("{v}x"), "1"),
      new XAttribute(name("y"), "2"),
      element("b"),
      element("{u}c"),
    );
    expect(tree.toXml(false)).toBe('<a p1:x="1" y="2" xmlns:p1="v" xmlns="u"><b xmlns="" /><c /></a>');
    const inner = parseXmlElement("<r xmlns:q='w'><q:z q:k='1'/></r>").firstNode as XElement;
    expect(inner.toXml(false)).toBe('<q:z q:k="1" xmlns:q="w" />');
    expect(inner.attributes[0]?.toClrString()).toBe('q:k="1"');
  });

  test("escapes what must be", () => {
    const tree = element(
      "a",
      new XAttribute(name("k"), `<>&"'\t\n`),
      `<>&"'\r\n`,
      new XCData("]]>"),
      new XComment("a--"),
    );
    expect(tree.toXml(false)).toBe(
      `<a k="&lt;&gt;&amp;&quot;'&#x9;&#xA;">&lt;&gt;&amp;"'\n<![CDATA[]]]]><![CDATA[>]]><!--a- - --></a>`,
    );
  });
});

describe("values", () => {
  test.each([
    [true, "true"],
    [5n, "5"],
    [new Box("Double", Number.POSITIVE_INFINITY), "INF"],
    [new Box("Double", 0.5), "0.5"],
    [DateTime.ofParts(2026, 1, 5, 9, 5, 7, 0, 1), "2026-01-05T09:05:07Z"],
    [new TimeSpan(-939_045_000_000n), "-P1DT2H5M4.5S"],
    [TimeSpan.zero, "PT0S"],
  ])("%o is written as %s", (value, text) => {
    expect(xmlText(value)).toBe(text);
  });

  test("durations are read back", () => {
    expect(parseDuration("-P1DT2H5M4.5S").ticks).toBe(-939_045_000_000n);
    expect(parseDuration("P1Y2M").ticks).toBe(425n * 864_000_000_000n);
    expect(() => parseDuration("P1DT")).toThrow();
  });
});
