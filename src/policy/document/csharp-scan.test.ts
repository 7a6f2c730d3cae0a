import { describe, expect, it } from "vitest";
import { embeddedExpression, expressionStart, isExpression, isWholeExpression, scanExpression } from "./csharp-scan.ts";

/** Scans an expression in front of text that would mislead a scan which runs on. */
function endOf(expression: string, references = true): string {
  const scan = scanExpression(`${expression}")} ]]`, 0, { references });
  return scan.closed ? `${expression}")} ]]`.slice(0, scan.end) : scan.cause;
}

describe("scanExpression", () => {
  const whole: [string, string][] = [
    ["an expression", "@(a + b)"],
    ["a block", "@{ return a; }"],
    ["nested brackets of the same kind", "@(f((a), (b)))"],
    ["blocks in blocks", "@{ if (a) { return 1; } return 2; }"],
    ["other brackets, which do not count", "@(a[{ 1 ] })"],
    ["a closing bracket in a string", '@(")")'],
    ["an escaped quote", '@("a\\")" + b)'],
    ["an escaped backslash at the end of a string", '@("a\\\\" + b)'],
    ["a verbatim string with a doubled quote", '@(@"a"")" + b)'],
    ["a verbatim string that ends with a backslash", '@(@"c:\\" + b)'],
    ["a verbatim string over two lines", '@(@"a)\n)" + b)'],
    ["a verbatim identifier", "@(@class)"],
    ["an interpolated string", '@($"a) {b} {{)}}" + c)'],
    ["a string inside a hole", '@($"a {d["x)"]} b)" + c)'],
    ["an interpolated string inside a hole", '@($"a {$"b) {c[")"]}"} d)" + e)'],
    ["braces inside a hole", '@{ return $"{new[] { 1 }.Length} }"; }'],
    ["brackets inside a hole of a block", '@{ return $"{(a ? "}" : "{")}"; }'],
    ["a format in a hole", '@{ return $"{a:N2}" + $"{b,5:}}}}"; }'],
    ["a conditional in a hole", '@($"{(a ? ")" : "b")}")'],
    ["a namespace alias in a hole", '@($"{global::A.B(")")}")'],
    ["a verbatim interpolated string", '@($@"a"") \\{b}" + c)'],
    ["its prefixes the other way round", '@(@$"a"") \n{b}" + c)'],
    ["a closing bracket as a character", "@(a == ')')"],
    ["a quote as a character", "@(a == '\"')"],
    ["an escaped apostrophe", "@(a == '\\'' || b == ')')"],
    ["a character by its number", "@(a == '\\u0029')"],
    ["a string in single quotes", "@(Get('x-id)', 'none'))"],
    ["an apostrophe in a comment to the end of the line", "@( // don't )\n a)"],
    ["a comment between /* and */", "@( /* ) don't \" */ a)"],
    ["/*/, which closes nothing", "@( /*/ ) */ a)"],
    ["two slashes in a string", '@("https://example.org/)")'],
    ["less-than and and", "@(a < b && c > d)"],
    ["type arguments", '@(v.GetValueOrDefault<string>("n"))'],
    ["markup in a string", "@(\"<a href='x'/></a>)\")"],
    ["a comment behind less-than", "@(a </* b */ c)"],
    ["a named value as code", "@(a <= {{weight}})"],
    ["named values in a block", '@{ var a = {{n}}; return "{{id}}" + $"{{x}}"; }'],
    ["a named value that is the block", "@{{{code}}}"],
    ["quotes as references", "@(a[&quot;)&quot;] + b)"],
    ["an escaped quote as references", "@(&quot;a\\&quot;)&quot; + b)"],
    ["a comment ended by a numeric reference", "@( // don't )&#xA; a)"],
    ["a bracket by its number", "@(a&#41;"],
    ["references that are none", "@(a &lt b &nbsp; c && d)"],
  ];
  it.each(whole)("ends behind %s", (_, expression) => {
    expect(endOf(expression)).toBe(expression);
  });

  it("takes references for plain text in decoded code", () => {
    expect(endOf('@("&quot;)")', false)).toBe('@("&quot;)")');
  });

  const open: [string, string, string, string | undefined][] = [
    ["nothing else", "@(a", "end", undefined],
    ["an end tag", "@(a </value>", "markup", "</value>"],
    ["the end of a tag", "@(f(a) />", "markup", "/>"],
  ];
  it.each(open)("gives up at %s", (_, text, cause, at) => {
    const scan = scanExpression(text, 0, { references: true });
    expect(scan).toMatchObject({ closed: false, cause, stop: at ? text.indexOf(at) : text.length });
  });

  const broken: [string, string, string][] = [
    ["a string that runs into the end of its line", '@(a["b)]\n + c', '"b'],
    ["an apostrophe", "@(don't)\n + c", "'t"],
    ["a verbatim string without end", '@(@"a)', '@"a'],
    ["an interpolated string without end", '@($"a)\n', '$"a'],
    ["a hole without end", '@($"a {b)', '$"a'],
  ];
  it.each(broken)("names %s as the likely reason", (_, text, at) => {
    expect(scanExpression(text, 0, { references: true })).toMatchObject({
      closed: false,
      brokenLiteral: text.indexOf(at),
    });
  });

  it("finds the end behind a broken string on an earlier line", () => {
    expect(endOf('@{ var a = "b;\n return a; }')).toBe('@{ var a = "b;\n return a; }');
  });

  it("does not look further than the longest expression", () => {
    expect(endOf(`@(${" ".repeat(600_000)})`)).toBe("too-long");
  });
});

describe("the beginning of an expression", () => {
  it("may stand behind white space, also behind numeric references to it", () => {
    expect(expressionStart(' \n&#xA;&#9;@(a)"')).toBe(11);
    expect(expressionStart("&lt;@(a)")).toBe(-1);
  });

  it.each([
    ["@(a)", true],
    ["\n  @{ return 1; }", true],
    ["@a", false],
    ["Bearer @(a)", false],
    ["@{{name}}", false],
    ["@{{ return 1; }}", true],
    ["@", false],
    ["", false],
  ])("%j", (text, expected) => {
    expect(isExpression(text)).toBe(expected);
  });

  it.each([
    [" @(a) \n", true],
    ["@(a) b", false],
    ["@(a", false],
    ["a", false],
  ])("is whole in %j: %s", (text, expected) => {
    expect(isWholeExpression(text)).toBe(expected);
  });

  it("is found behind other text, but not in an at sign before a named value", () => {
    expect(embeddedExpression("Bearer @(a)")).toBe(7);
    expect(embeddedExpression("user@{{domain}} and @{ b }")).toBe(20);
    expect(embeddedExpression("user@{{domain}}")).toBe(-1);
  });
});
