import { describe, expect, it } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { type NamedValue, SECRET_CLOSE, SECRET_OPEN, showSecrets, substitute, templateParts } from "./named-values.ts";

const values = new Map<string, NamedValue>([
  ["limit", { secret: false, value: "5" }],
  ["my.key-1_a", { secret: false, value: "{{limit}}" }],
  ["token", { secret: true }],
  ["empty", { secret: false }],
]);

function run(text: string): { text: string; unknown: [string, number][] } {
  const unknown: [string, number][] = [];
  const result = substitute(SourceText.of(text), values, (name, index) => unknown.push([name, index]));
  return { text: result.text, unknown };
}

describe("substitute", () => {
  it.each([
    ["{{limit}}", "5"],
    ["a{{limit}}b{{limit}}c", "a5b5c"],
    ['@(Convert.ToInt32("{{limit}}"))', '@(Convert.ToInt32("5"))'],
    ["{{empty}}", ""],
    ["{{ limit }}", "{{ limit }}"],
    ["{limit}", "{limit}"],
    ["{{{limit}}}", "{5}"],
    ["no references", "no references"],
  ])("%s", (text, expected) => {
    expect(run(text)).toEqual({ text: expected, unknown: [] });
  });

  it("does not look into what it has put in", () => {
    expect(run("{{my.key-1_a}}").text).toBe("{{limit}}");
  });

  it("reports an unknown name where it stands and leaves it", () => {
    expect(run("ab {{nope}} {{limit}}")).toEqual({ text: "ab {{nope}} 5", unknown: [["nope", 3]] });
  });

  it("marks a secret by name", () => {
    const { text } = run("Bearer {{token}}");
    expect(text).toBe(`Bearer ${SECRET_OPEN}token${SECRET_CLOSE}`);
    expect(showSecrets(text)).toBe("Bearer {{token}}");
    expect(templateParts(text)).toEqual(["Bearer ", { secret: "token" }]);
  });

  it("keeps the positions of what follows", () => {
    const text = substitute(SourceText.of("{{limit}} x"), values, () => {});
    expect(text.offset(text.text.indexOf("x"))).toBe(10);
  });
});

describe("templateParts", () => {
  const secret = (name: string) => SECRET_OPEN + name + SECRET_CLOSE;
  it("splits at secrets", () => {
    expect(templateParts(`${secret("a")}${secret("b")}-`)).toEqual([{ secret: "a" }, { secret: "b" }, "-"]);
    expect(templateParts("plain")).toEqual(["plain"]);
    expect(templateParts("")).toEqual([]);
  });
});
