import { describe, expect, it } from "vitest";
import { formatDiagnostic } from "../../model/diagnostic.ts";
import { Report } from "../report.ts";
import { type DataDocument, parseDataDocument } from "./data-document.ts";

function parse(file: string, text: string): { document: DataDocument | undefined; findings: string[] } {
  const report = new Report();
  const document = parseDataDocument(file, text, report);
  return { document, findings: report.diagnostics.map(formatDiagnostic) };
}

const JSON_TEXT = '{\n  "a": { "b": [1, { "c": "x" }] },\n  "version": 1.10\n}';
const YAML_TEXT = "a:\n  b:\n    - 1\n    - c: x\nversion: 1.10\n";

describe.each([
  ["a.json", JSON_TEXT, { property: [2, 21], item: [2, 19] }],
  ["a.yaml", YAML_TEXT, { property: [4, 7], item: [4, 7] }],
])("%s", (file, text, { property, item }) => {
  const { document } = parse(file, text);

  it("gives the values", () => {
    expect(document?.value).toEqual({ a: { b: [1, { c: "x" }] }, version: 1.1 });
  });

  it("finds properties by their names and items by their beginning", () => {
    expect(document?.place(["a", "b", 1, "c"])).toEqual({ file, line: property[0], column: property[1] });
    expect(document?.place(["a", "b", 1])).toEqual({ file, line: item[0], column: item[1] });
  });

  it("points to what is around a missing property", () => {
    expect(document?.place(["a", "b", 1, "missing"])).toEqual(document?.place(["a", "b", 1]));
    expect(document?.place(["missing"])).toEqual({ file, line: 1, column: 1 });
  });

  it("knows numbers as they are written", () => {
    expect(document?.written(["version"])).toBe("1.10");
  });
});

describe("what is wrong with a text", () => {
  it.each([
    ["repeated name", "a.json", '{"a":1,\n"a":2}', '2:1 error the property "a" is given twice'],
    ["repeated name", "a.yaml", "a: 1\nb: 2\na: 3\n", '3:1 error the property "a" is given twice'],
    ["empty file", "a.json", "", "1:1 error not valid JSON: the file ends where a value should stand"],
    ["cut word", "a.json", '{"a":tru}', '1:6 error not valid JSON: unexpected "t" where a value should stand'],
    ["no comma", "a.json", '{"a":1 "b"', '1:8 error not valid JSON: unexpected "\\"" where "," or "}" should stand'],
    ["text behind", "a.json", "{} x", '1:4 error not valid JSON: unexpected "x" where the end should stand'],
    [
      "line break",
      "a.json",
      '{"a":"\n"}',
      "1:7 error not valid JSON: a string may not hold a line break or control character",
    ],
    ["open string", "a.json", '{"a":"x', "1:6 error not valid JSON: the string is not closed"],
    ["wrong escape", "a.json", '{"a":"\\x"}', "1:6 error not valid JSON: the string holds an invalid escape sequence"],
    ["depth", "a.json", "[".repeat(300), "1:201 error not valid JSON: nested too deeply"],
    ["two documents", "a.yaml", "a: 1\n---\nb: 2\n", "2:1 error not valid YAML: a file holds one document"],
    ["unknown alias", "a.yaml", "a: *x\n", "1:1 error not valid YAML: its aliases stand for too much or for nothing"],
    ["depth", "a.yaml", `${"- ".repeat(300)}x`, "1:401 error not valid YAML: nested too deeply"],
    ["many aliases", "a.yaml", `- &a x\n${"- *a\n".repeat(1001)}`, "2:3 error not valid YAML: more than 1000 aliases"],
  ])("%s in %s", (_title, file, text, finding) => {
    expect(parse(file, text).findings).toEqual([`${file}:${finding}`]);
  });

  it("shows a trailing comma where it is, and how to read it", () => {
    expect(parse("a.json", '{"a":1,}').findings[0]).toContain("a.json:1:8 error not valid JSON: unexpected");
  });

  it("gives the values in spite of a repeated name, and says that they are unsound", () => {
    const { document } = parse("a.json", '{"a":1,"a":2}');
    expect(document?.value).toEqual({ a: 2 });
    expect(document?.sound).toBe(false);
  });

  it("refuses aliases that unfold into more and more", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 8; level++) {
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(", ")}]`,
      );
    }
    expect(parse("a.yaml", lines.join("\n")).findings).toHaveLength(1);
  });

  it("does not take __proto__ for anything but a name", () => {
    const value = parse("a.json", '{"__proto__":{"x":1}}').document?.value as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect(value.x).toBeUndefined();
  });
});

it("reads what JSON.parse reads, alike", () => {
  const texts = [
    '"\\u00e9\\n\\"x\\""',
    "-0.5e+10",
    "[]",
    "{}",
    "[[],{}]",
    " [ 1 , 2 ] ",
    '{"a":{},"b":[null,true]}',
    "0",
  ];
  for (const text of texts) expect(parse("a.json", text).document?.value).toEqual(JSON.parse(text));
  for (const text of ["01", "1.", ".5", "+1", "NaN", "[1,]", "[,1]", "'x'", '{"a"}', "nul", "[1 2]", "]"]) {
    expect(() => JSON.parse(text)).toThrow();
    expect(parse("a.json", text).document).toBeUndefined();
  }
});
