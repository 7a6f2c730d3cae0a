import { describe, expect, it } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { testExchange } from "../testing/exchange.ts";
import { compileExpression, loadExpression } from "./compile.ts";
import { toText } from "./convert.ts";

function run(body: string): string | null {
  const { compiled, diagnostics } = compileExpression(SourceText.of(`@{ ${body} }`));
  if (!compiled) throw new Error(diagnostics.map((d) => d.message).join("; "));
  return toText(loadExpression(compiled.js)(testExchange()));
}

describe("loops and jumps", () => {
  it.each([
    [
      "for with continue",
      "var s = 0; for (int i = 0; i < 10; i++) { if (i % 2 == 0) continue; s += i; } return s;",
      "25",
    ],
    ["for without a body variable", "int i = 0; for (; i < 3; i++) ; return i;", "3"],
    ["for with two variables", "var s = 0; for (int i = 0, j = 10; i < j; i++, j--) s++; return s;", "5"],
    [
      "do and while",
      "int i = 0; do { i++; if (i == 3) break; } while (true); while (i < 10) { i += 2; } return i;",
      "11",
    ],
    ["foreach over text", 'var s = ""; foreach (char c in "ab") s = c + s; return s;', "ba"],
    ["foreach that casts", 'foreach (string s in new object[] { "a" }) return s; return "";', "a"],
    [
      "foreach over a dictionary",
      'var s = ""; foreach (var p in new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }) s += p.Key + p.Value; return s;',
      "a1b2",
    ],
    [
      "foreach that deconstructs",
      'foreach (var (k, v) in new Dictionary<string, int> { ["a"] = 1 }) return k + v; return "";',
      "a1",
    ],
    [
      "foreach over a JObject",
      'foreach (var p in JObject.Parse("{\\"a\\":1}")) return p.Key + p.Value; return "";',
      "a1",
    ],
    [
      "break in a switch leaves the switch only",
      'var s = ""; for (int i = 0; i < 3; i++) { switch (i) { case 1: break; default: s += i; break; } } return s;',
      "02",
    ],
    [
      "continue in a switch continues the loop",
      'var s = ""; for (int i = 0; i < 3; i++) { switch (i) { case 1: continue; } s += i; } return s;',
      "02",
    ],
    [
      "break in a loop in a switch",
      'switch (1) { case 1: for (;;) { break; } return "after"; default: return "no"; }',
      "after",
    ],
  ])("%s", (_, body, expected) => {
    expect(run(body)).toBe(expected);
  });
});

describe("variables that lambdas capture", () => {
  it("of a for loop are one for all turns", () => {
    expect(
      run(
        'var fs = new List<Func<int>>(); for (int i = 0; i < 3; i++) fs.Add(() => i); return string.Join(",", fs.Select(f => f()));',
      ),
    ).toBe("3,3,3");
  });
  it("of a foreach are fresh each turn", () => {
    expect(
      run(
        'var fs = new List<Func<int>>(); foreach (var i in new[] { 1, 2, 3 }) fs.Add(() => i); return string.Join(",", fs.Select(f => f()));',
      ),
    ).toBe("1,2,3");
  });
  it("see later assignments", () => {
    expect(run("int n = 1; Func<int> f = () => n; n = 5; return f();")).toBe("5");
  });
});

describe("assignment", () => {
  it.each([
    ["a byte wraps", "byte b = 250; b += 10; b++; return b;", "5"],
    ["text grows", "var s = \"a\"; s += 1; s += 'c'; s += null; return s;", "a1c"],
    ["items", 'var a = new int[] { 1, 2, 3 }; a[0]++; a[1] += 5; a[2] = a[0]; return string.Join(",", a);', "2,7,2"],
    ["bytes", "var a = new byte[] { 255 }; a[0]++; return a[0];", "0"],
    ["a list's items", "var l = new List<int> { 1 }; l[0] *= 5; return l[0]++ + l[0];", "11"],
    [
      "a dictionary's doubles",
      'var d = new Dictionary<string, double> { ["x"] = 1.5 }; d["x"]++; return d["x"];',
      "2.5",
    ],
    ["the index is evaluated once", "int n = 0; var a = new int[3]; a[n++] += 5; return n * 10 + a[0];", "15"],
    ["its own value", "int a, b; a = b = 3; return a + b;", "6"],
    ["postfix and prefix", 'int i = 1; return i++ + "," + i + "," + ++i + "," + i--;', "1,2,3,3"],
    ["swapping", "int x = 1, y = 2; (x, y) = (y, x); return x * 10 + y;", "21"],
    ["deconstructing", 'var (a, b) = (1, "z"); return b + a;', "z1"],
    ["nullables", "int? n = null; n = n ?? 3; n++; return n;", "4"],
    [
      "JSON",
      'var o = new JObject(); o["a"] = 1; o["a"] = o["a"].Value<int>() + 1; return o.ToString(Formatting.None);',
      '{"a":2}',
    ],
    ["discards", '_ = int.Parse("5"); return int.TryParse("5", out _);', "True"],
    ["constants", 'const int k = 5; const string p = "a"; return p + k;', "a5"],
    ["array initialisers", "int[] a = { 1, 2 }; return a.Sum();", "3"],
  ])("%s", (_, body, expected) => {
    expect(run(body)).toBe(expected);
  });
});

describe("local functions, out and ref", () => {
  it.each([
    ["recursion", "int F(int n) => n <= 1 ? 1 : n * F(n - 1); return F(5);", "120"],
    ["use before declaration", "return Twice(4); int Twice(int n) { return n * 2; }", "8"],
    [
      "out",
      'bool Try(string s, out int v) { v = s.Length; return true; } if (Try("abc", out var n)) return n; return 0;',
      "3",
    ],
    ["ref", "void Add(ref int v) { v += 5; } int q = 1; Add(ref q); return q;", "6"],
    ["defaults and names", 'string F(string a, int b = 2, string c = "z") => a + b + c; return F("x", c: "y");', "x2y"],
    ["params", "int Sum(params int[] v) { return v.Sum(); } return Sum(1, 2, 3) + Sum() + Sum(new[] { 4 });", "10"],
    ["as a delegate", "int Inc(int n) { return n + 1; } return new[] { 1, 2 }.Select(Inc).Sum();", "5"],
    ["out before declared", 'int r; if (int.TryParse("42", out r)) return r; return -1;', "42"],
    [
      "out from a dictionary",
      "var d = new Dictionary<string, char> { [\"a\"] = 'x' }; char c; return d.TryGetValue(\"a\", out c) ? c : '-';",
      "x",
    ],
  ])("%s", (_, body, expected) => {
    expect(run(body)).toBe(expected);
  });
});

describe("exceptions", () => {
  it.each([
    [
      "by type",
      'try { int.Parse("x"); return "no"; } catch (FormatException ex) { return ex.GetType().Name; }',
      "FormatException",
    ],
    [
      "by base type",
      'try { int.Parse("99999999999"); return "no"; } catch (ArithmeticException) { return "arithmetic"; }',
      "arithmetic",
    ],
    [
      "in order",
      'try { throw new ArgumentNullException("p"); } catch (FormatException) { return "f"; } catch (ArgumentException ex) { return ex.Message; }',
      "Value cannot be null.\nParameter name: p",
    ],
    [
      "with a filter",
      'try { throw new Exception("b"); } catch (Exception e) when (e.Message == "a") { return "a"; } catch (Exception e) when (e.Message == "b") { return "B"; }',
      "B",
    ],
    [
      "a failing filter is false",
      'try { throw new Exception("b"); } catch (Exception e) when (int.Parse(e.Message) > 0) { return "a"; } catch { return "rest"; }',
      "rest",
    ],
    [
      "rethrown",
      'try { try { throw new Exception("a"); } catch (Exception) { throw; } } catch (Exception e) { return e.Message; }',
      "a",
    ],
    ["null", 'try { object o = null; return o.ToString(); } catch (NullReferenceException) { return "nre"; }', "nre"],
    [
      "finally runs",
      'var s = ""; try { try { throw new Exception(); } finally { s += "f"; } } catch { s += "c"; } return s;',
      "fc",
    ],
    [
      "inner",
      'try { throw new Exception("o", new Exception("i")); } catch (Exception e) { return e.InnerException.Message; }',
      "i",
    ],
    [
      "missing keys",
      'try { return new Dictionary<string, int>()["x"]; } catch (KeyNotFoundException) { return "missing"; }',
      "missing",
    ],
    [
      "bad JSON",
      'try { return JObject.Parse("{").ToString(); } catch (JsonReaderException) { return "json"; }',
      "json",
    ],
    ["bad casts", 'try { return (int)(object)"5"; } catch (InvalidCastException) { return "cast"; }', "cast"],
    ["using", 'using (var r = new StringReader("abc")) { return r.ReadToEnd(); }', "abc"],
  ])("%s", (_, body, expected) => {
    expect(run(body)).toBe(expected);
  });
});

describe("switch", () => {
  it.each([
    ["strings", 'switch ("b") { case "a": return 1; case "b": case "c": return 2; default: return 3; }', "2"],
    ["default first", 'switch ("z") { default: return 3; case "a": return 1; }', "3"],
    ["default among labels", 'switch ("z") { case "a": default: return 3; case "b": return 1; }', "3"],
    ["enums", 'switch (DayOfWeek.Monday) { case DayOfWeek.Monday: return "m"; default: return "x"; }', "m"],
    [
      "patterns",
      'object o = 5; switch (o) { case string s: return s; case int n when n > 3: return "big"; case null: return "null"; default: return "d"; }',
      "big",
    ],
    [
      "null",
      'string o = null; switch (o) { case "a": return "a"; case null: return "null"; default: return "d"; }',
      "null",
    ],
    ["numbers without a match", 'switch (5) { case 1: return "a"; } return "none";', "none"],
    [
      "variables of sections",
      "switch (2) { case 1: var a = 1; return a; case 2: a = 7; return a; default: return 0; }",
      "7",
    ],
  ])("%s", (_, body, expected) => {
    expect(run(body)).toBe(expected);
  });
});

describe("the value of a block", () => {
  it.each([
    ["one type", "if (context.Tracing) return 1; return 2;", "int"],
    ["null and a reference", 'if (context.Tracing) return null; return "a";', "string"],
    ["null and a value", "if (context.Tracing) return null; return 1;", "object"],
    ["two types", 'if (context.Tracing) return 1; return "a";', "object"],
    ["nothing but null", "return null;", "object"],
    ["derived types", "if (context.Tracing) return new JObject(); JToken t = null; return t;", "JToken"],
  ])("%s", (_, body, type) => {
    expect(compileExpression(SourceText.of(`@{ ${body} }`)).compiled?.type).toBe(type);
  });
});
