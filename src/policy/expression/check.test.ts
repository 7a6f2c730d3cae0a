import { describe, expect, it } from "vitest";
import { SourceFile, SourceText, SourceTextBuilder } from "../../model/source-text.ts";
import { compileExpression } from "./compile.ts";

/** The findings of an expression: `column message (hint)`. */
function findings(text: string): string[] {
  const { diagnostics } = compileExpression(SourceText.of(text));
  return diagnostics.map((d) => `${d.column} ${d.message}${d.hint ? ` (${d.hint})` : ""}`);
}

describe("unknown names", () => {
  it.each([
    ['@("abc".Lenght)', "9 'string' does not contain a definition for 'Lenght' (did you mean \"Length\"?)"],
    [
      "@(context.Request.Header)",
      "19 'IRequest' does not contain a definition for 'Header' (did you mean \"Headers\"?)",
    ],
    ["@(contxt.Request)", "3 The name 'contxt' does not exist in the current context (did you mean \"context\"?)"],
    [
      "@{ var total = 1; return totl; }",
      "26 The name 'totl' does not exist in the current context (did you mean \"total\"?)",
    ],
    [
      "@(new[] { 1 }.Selekt(x => x))",
      "15 'int[]' does not contain a definition for 'Selekt' (did you mean \"Select\"?)",
    ],
    [
      '@(String.IsNulOrEmpty(""))',
      "10 'string' does not contain a definition for 'IsNulOrEmpty' (did you mean \"IsNullOrEmpty\"?)",
    ],
    ["@(DayOfWeek.Mondy)", "13 'DayOfWeek' does not contain a definition for 'Mondy' (did you mean \"Monday\"?)"],
    ["@(new Dictionary<string>())", "7 Using the generic type 'Dictionary' requires 2 type arguments, not 1"],
    ["@(List.Empty)", "3 Using the generic type 'List' requires 1 type arguments"],
    [
      "@(new JObjekt())",
      "7 The type or namespace name 'JObjekt' could not be found; policy expressions may use only the allowed .NET types (did you mean \"JObject\"?)",
    ],
    [
      '@(System.IO.File.Exists("a"))',
      "13 The type or namespace name 'File' does not exist in the namespace 'System.IO', or policy expressions may not use it",
    ],
    [
      "@(Environment.NewLine)",
      "3 The name 'Environment' does not exist in the current context; 'Environment' is not among the types that policy expressions may use",
    ],
    ["@(DateTime.UtcNow.Kind)", "19 'DateTime' does not contain a definition for 'Kind'"],
    ["@(string.Length)", "10 An object reference is required for the non-static member 'string.Length'"],
    ['@("a".Empty)', "7 Member 'string.Empty' cannot be accessed with an instance reference (write string.Empty)"],
  ])("%s", (text, expected) => {
    expect(findings(text)).toEqual([expected]);
  });
});

describe("types that do not fit", () => {
  it.each([
    ["@(1 + true)", "5 Operator '+' cannot be applied to operands of type 'int' and 'bool'"],
    ['@(!"a")', "3 Operator '!' cannot be applied to operand of type 'string'"],
    [
      '@(!context.Variables["a"])',
      "3 Operator '!' cannot be applied to operand of type 'object' (cast it to bool first: !(bool)x)",
    ],
    ['@((int)"5")', "3 Cannot convert type 'string' to 'int' (use int.Parse(…))"],
    [
      "@{ int n = 1.5; return n; }",
      "12 Cannot implicitly convert type 'double' to 'int' (an explicit conversion exists: write (int))",
    ],
    [
      "@{ byte n = 300; return n; }",
      "13 Cannot implicitly convert type 'int' to 'byte' (an explicit conversion exists: write (byte))",
    ],
    ["@{ int n = null; return n; }", "12 Cannot convert null to 'int' because it is a non-nullable value type"],
    ['@("a" ? 1 : 2)', "3 Cannot implicitly convert type 'string' to 'bool'"],
    [
      "@(true ? 1 : null)",
      "8 Type of conditional expression cannot be determined because there is no implicit conversion between 'int' and '<null>' (cast one side, for example (int?)null)",
    ],
    [
      "@{ var n = null; return n; }",
      "8 Cannot assign <null> to an implicitly-typed variable (name the type instead of var)",
    ],
    ["@{ string? s = null; return s; }", "4 Nullable reference types need C# 8: 'string?' (write string)"],
    [
      '@(JObject.Parse("{}")["a"] == "b")',
      "28 Operator '==' cannot be applied to operands of type 'JToken' and 'string' (cast the other side to string, or use ToString())",
    ],
    [
      '@(context.Variables["a"]["b"])',
      "25 Cannot apply indexing with [] to an expression of type 'object' (cast it first: ((JObject)x)[\"name\"])",
    ],
    ["@(int.MaxValue.Foo)", "16 'int' does not contain a definition for 'Foo'"],
    [
      "@(2147483647 + 1)",
      "14 The operation overflows at compile time in checked mode (write unchecked(…) if wrapping around is meant)",
    ],
    ["@(1 / 0)", "5 Division by constant zero"],
    ["@(x => x)", "5 A lambda expression cannot be the result of an expression"],
    ["@(context.Request.Method.ToUpper)", "26 The method 'ToUpper' is used like a value (add () to call it)"],
    ['@(context.Trace("a"))', "11 A call that gives no value (void) is used like a value"],
    ["@(string)", "3 'string' is a type, which is not valid in the given context"],
    ["@(System.Text)", "10 'System.Text' is a namespace but is used like a variable"],
    [
      "@(5 as int)",
      "5 The as operator must be used with a reference type or nullable type ('int' is a non-nullable value type)",
    ],
    ["@((string)5)", "3 Cannot convert type 'int' to 'string' (use ToString())"],
    ['@{ "a".Length = 5; return 1; }', "8 Property 'String.Length' cannot be assigned to -- it is read only"],
    ["@{ \"a\"[0] = 'x'; return 1; }", "7 The indexer of 'String' is read only"],
    [
      "@{ foreach (var i in new[] { 1 }) { i = 2; } return 1; }",
      "37 Cannot assign to 'i' because it is a 'foreach iteration variable'",
    ],
  ])("%s", (text, expected) => {
    expect(findings(text)).toEqual([expected]);
  });
});

describe("calls that do not fit", () => {
  it.each([
    [
      '@("a".Substring())',
      "7 No overload for method 'Substring' takes 0 arguments (available: string Substring(int startIndex); string Substring(int startIndex, int length))",
    ],
    ['@("a".Substring("b"))', "17 No overload of 'Substring' takes 'string' as argument 1; the nearest wants 'int'"],
    ['@("a".Substring(start: 1))', "17 The best overload for 'Substring' does not have a parameter named 'start'"],
    ['@("a".Length())', "7 Non-invocable member 'Length' cannot be used like a method (leave out the parentheses)"],
    ["@(new JObject().Add())", "17 No overload for method 'Add' takes 0 arguments"],
    ["@(new Uri2(1))", undefined],
    [
      '@(context.Variables.GetValueOrDefault<int>("a", "b"))',
      "49 No overload of 'GetValueOrDefault' takes 'string' as argument 2; the nearest wants 'int'",
    ],
    ["@(new[] { 1, 2 }.Select(x => x.Foo))", "32 'int' does not contain a definition for 'Foo'"],
    ["@(new[] { 1, 2 }.Where(x => x))", "29 Cannot implicitly convert type 'int' to 'bool'"],
    [
      "@(Enumerable.Empty())",
      "14 The type arguments for method 'Empty' cannot be inferred from the usage. Try specifying the type arguments explicitly",
    ],
    ["@(new IEnumerable<int>())", "7 Cannot create an instance of the interface 'IEnumerable<int>'"],
    ["@(new Math())", "7 Cannot create an instance of the static class 'Math'"],
    ['@(int.TryParse("1", 5))', undefined],
  ])("%s", (text, expected) => {
    const found = findings(text);
    expect(found.length).toBeGreaterThan(0);
    if (expected) expect(found[0]).toContain(expected);
  });
});

describe("statements", () => {
  it.each([
    [
      "@{ var x = 1; { var x = 2; } return x; }",
      "21 A local or parameter named 'x' cannot be declared in this scope because that name is used in an enclosing local scope",
    ],
    [
      "@{ var x = 1; var x = 2; return x; }",
      "19 A local variable or function named 'x' is already defined in this scope",
    ],
    ["@{ var x = new[] { 1 }.Select(x => x); return x; }", undefined],
    [
      "@{ if (context.Tracing) return 1; }",
      "35 Not all code paths return a value (every path must end in return or throw)",
    ],
    [
      "@{ int F() { } return F(); }",
      "8 'F': not all code paths return a value (every path must end in return or throw)",
    ],
    ["@{ return; }", "4 An object of a type convertible to the return type is required (return a value)"],
    ["@{ break; return 1; }", "4 No enclosing loop out of which to break or continue"],
    ["@{ throw; }", "4 A throw statement with no arguments is not allowed outside of a catch clause"],
    ['@{ throw "a"; }', "10 Cannot implicitly convert type 'string' to 'Exception'"],
    [
      "@{ try { return 1; } catch (JObject) { return 2; } }",
      "22 The type caught or thrown must be derived from System.Exception",
    ],
    [
      '@{ switch (1) { case 1: context.Trace(""); default: return 1; } }',
      "17 Control cannot fall through from one case label to another (end the section with break or return)",
    ],
    [
      "@{ foreach (var i in 5) { } return 1; }",
      "22 foreach statement cannot operate on variables of type 'int' because 'int' does not contain a public definition for 'GetEnumerator'",
    ],
    [
      "@{ dynamic d = 5; return d; }",
      "4 'dynamic' is not supported in policy expressions (name the type, for example JObject, and index it)",
    ],
    [
      "@{ if (context.Tracing) var n = 1; return 1; }",
      "25 Embedded statement cannot be a declaration (put it in braces)",
    ],
  ])("%s", (text, expected) => {
    const found = findings(text);
    if (expected) expect(found).toEqual([expected]);
  });

  it.each([
    "@{ while (true) { if (context.Tracing) return 1; } }",
    "@{ for (;;) { return 1; } }",
    '@{ try { return 1; } finally { context.Trace("a"); } }',
    "@{ switch (1) { case 1: return 1; default: throw new Exception(); } }",
    "@{ if (context.Tracing) return 1; else throw new Exception(); }",
    '@{ using (var r = new StringReader("")) { return 1; } }',
  ])("knows that every path of %s returns", (text) => {
    expect(findings(text)).toEqual([]);
  });
});

describe("warnings do not stop a compile", () => {
  it("object compared with string", () => {
    const { compiled, diagnostics } = compileExpression(SourceText.of('@(context.Variables["a"] == "b")'));
    expect(compiled?.type).toBe("bool");
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "expression-reference-comparison", column: 26 }]);
  });

  it("a value compared with null", () => {
    const { compiled, diagnostics } = compileExpression(SourceText.of("@(5 == null)"));
    expect(compiled?.constant).toBe(false);
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "expression-always" }]);
  });
});

describe("where findings stand", () => {
  it("is the place in the document, also behind decoded entities and line ends", () => {
    const file = new SourceFile("policy.xml", 'abc\n<when condition="@(1 &lt; 2 &amp;&amp; foo)" />');
    const builder = new SourceTextBuilder(file);
    const at = (text: string) => file.text.indexOf(text);
    builder.verbatim(at("@(1"), at("&lt;"));
    builder.mapped("<", at("&lt;"));
    builder.verbatim(at(" 2 "), at("&amp;"));
    builder.mapped("&", at("&amp;"));
    builder.mapped("&", at("&amp;") + 5);
    builder.verbatim(at(" foo"), at('" />'));
    const { diagnostics } = compileExpression(builder.build());
    expect(diagnostics).toMatchObject([
      { file: "policy.xml", line: 2, column: file.text.indexOf("foo") - 3, message: expect.stringContaining("'foo'") },
    ]);
  });

  it("is the line of a statement", () => {
    const { diagnostics } = compileExpression(SourceText.of("@{\n  var a = 1;\n  return a.b;\n}"));
    expect(diagnostics).toMatchObject([{ line: 3, column: 12 }]);
  });

  it("does not blame variables that a wrong call would have declared", () => {
    expect(findings("@(int.TryParse(5, out var n) ? n : 0)")).toHaveLength(1);
    expect(findings('@(foo.TryGet("a", out int n) ? n + 1 : 0)')).toHaveLength(1);
  });

  it("reports several mistakes at once, each once", () => {
    expect(findings("@{ var a = foo; var b = bar; return a + b + a; }").map((f) => f.split(" ")[0])).toEqual([
      "12",
      "25",
    ]);
  });
});
