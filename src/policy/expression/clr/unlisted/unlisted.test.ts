import { describe, expect, it } from "vitest";
import { SourceText } from "../../../../model/source-text.ts";
import { testExchange } from "../../../testing/exchange.ts";
import { compileExpression, loadExpression } from "../../compile.ts";
import { toText } from "../../convert.ts";

function run(body: string): string | null {
  const { compiled, diagnostics } = compileExpression(SourceText.of(`@{ ${body} }`));
  if (!compiled) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return toText(loadExpression(compiled.js)(testExchange()));
}

const xml =
  '"<?xml version=\\"1.0\\"?><!-- c --><s:a xmlns:s=\\"u\\" x=\\"1\\"><b>t<c/></b><b k=\\"2\\">u</b><d><b>v</b></d></s:a>"';

describe("XmlReader", () => {
  it("walks a document in order", () => {
    expect(
      run(
        `var s = ""; using (var r = XmlReader.Create(new StringReader(${xml}))) { while (r.Read()) s += r.NodeType + ":" + r.Name + r.Value + r.Depth + " "; } return s;`,
      ),
    ).toBe(
      "Comment: c 0 Element:s:a0 Element:b1 Text:t2 Element:c2 EndElement:b1 Element:b1 Text:u2 EndElement:b1 Element:d1 Element:b2 Text:v3 EndElement:b2 EndElement:d1 EndElement:s:a0 ",
    );
  });

  it.each([
    ['r.MoveToContent(); return r.LocalName + r.NamespaceURI + r.Prefix + r.GetAttribute("x") + r["y"];', "aus1"],
    ['r.ReadToFollowing("d"); return r.ReadInnerXml();', "<b>v</b>"],
    ['r.ReadToFollowing("b"); r.ReadToNextSibling("b"); return r.ReadElementContentAsString() + r.Name;', "ud"],
    [
      'r.MoveToContent(); r.Read(); var e = XNode.ReadFrom(r) as XElement; return e.Value + r.Name + r.GetAttribute("k");',
      "tb2",
    ],
    ['r.MoveToContent(); return r.ReadToDescendant("c").ToString() + r.IsEmptyElement;', "TrueTrue"],
    ["while (r.Read()) { } return r.EOF.ToString() + r.Read() + r.NodeType;", "TrueFalseNone"],
  ])("%s", (body, expected) => {
    expect(run(`var r = XmlReader.Create(new StringReader(${xml})); ${body}`)).toBe(expected);
  });
});

describe("XmlDocument", () => {
  it.each([
    ['d.DocumentElement.LocalName + d.DocumentElement.GetAttribute("x")', "a1"],
    ['d.SelectSingleNode("/a/b").InnerText', "t"],
    ['d.DocumentElement.SelectSingleNode("/a/d/b").InnerText', "v"],
    ['d.DocumentElement.SelectSingleNode("b[2]/@k").Value', "2"],
    ["d.SelectSingleNode(\"//b[@k='2']\").InnerText", "u"],
    ["d.SelectSingleNode(\"//d[b='v']\") != null", "True"],
    ['d.SelectSingleNode("/a/none") == null', "True"],
    ['d.SelectNodes("//b").Count', "3"],
    ['d.SelectNodes("//b/text()").Select(n => n.Value).Aggregate((x, y) => x + y)', "tuv"],
    ['d.GetElementsByTagName("b")[2].InnerText', "v"],
    ['d.DocumentElement["d"].OuterXml', "<d><b>v</b></d>"],
    ['d.DocumentElement.ChildNodes[1].Attributes["k"].Value', "2"],
    ['d.SelectSingleNode("//c").ParentNode.Name', "b"],
  ])("%s", (expression, expected) => {
    expect(run(`var d = new XmlDocument(); d.LoadXml(${xml}); return ${expression};`)).toBe(expected);
  });

  it("refuses other XPath", () => {
    expect(
      run(
        `var d = new XmlDocument(); d.LoadXml(${xml}); try { d.SelectSingleNode("count(//b)"); return ""; } catch (ArgumentException e) { return "refused"; }`,
      ),
    ).toBe("refused");
  });
});
