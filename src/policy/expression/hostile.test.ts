import { describe, expect, it } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { testExchange } from "../testing/exchange.ts";
import { BudgetExceededError, ClrException } from "./clr/exceptions.ts";
import { compileExpression, loadExpression } from "./compile.ts";

function run(text: string): unknown {
  const { compiled, diagnostics } = compileExpression(SourceText.of(text));
  if (!compiled) throw new Error(`does not compile: ${diagnostics.map((d) => d.message).join("; ")}`);
  return loadExpression(compiled.js)(testExchange());
}

function errors(text: string): string[] {
  const { compiled, diagnostics } = compileExpression(SourceText.of(text));
  expect(compiled, text).toBeUndefined();
  const found = diagnostics.filter((d) => d.severity === "error").map((d) => d.message);
  expect(found.length, text).toBeGreaterThan(0);
  return found;
}

describe("what is not whitelisted does not compile", () => {
  it.each([
    "@(globalThis)",
    "@(process.env)",
    '@(require("fs"))',
    "@(x)",
    "@(lib)",
    "@(e)",
    "@(arguments)",
    "@(Function)",
    '@("a".constructor)',
    '@("a".__proto__)',
    '@("a".prototype)',
    '@("a"["constructor"])',
    "@(context.constructor)",
    "@(context.services)",
    "@(context.Request.headers)",
    "@(context.Variables.get)",
    "@(context.Request.Headers.raw)",
    "@(new { a = 1 }.values)",
    "@((1, 2).values)",
    "@(new int[1].items)",
    '@("a".GetType().Assembly)',
    '@("a".GetType().GetMethods())',
    "@(typeof(string).Module)",
    '@(System.IO.File.ReadAllText("/etc/passwd"))',
    '@(System.Environment.GetEnvironmentVariable("PATH"))',
    '@(System.Diagnostics.Process.Start("sh"))',
    '@(System.Reflection.Assembly.Load("x"))',
    '@(Activator.CreateInstance("x"))',
    "@(new System.Net.Http.HttpClient())",
    "@(System.Threading.Thread.CurrentThread)",
    '@(import("fs"))',
    "@(await x)",
    "@{ goto a; a: return 1; }",
    "@{ unsafe { } return 1; }",
    "@{ class A {} return 1; }",
    "@(this)",
    "@(base.ToString())",
  ])("%s", (text) => {
    errors(text);
  });
});

describe("names that mean something to JavaScript are only names", () => {
  it.each([
    ["@{ var constructor = 1; return constructor; }", 1],
    ["@{ var __proto__ = 2; return __proto__; }", 2],
    ["@{ var eval = 3; var arguments = 4; return eval + arguments; }", 7],
    ["@{ var x = 5; var lib = 6; var e = 7; return x + lib + e; }", 18],
    ["@{ var @class = 8; return @class; }", 8],
    ["@{ var v1 = 1; var v2 = 2; var a1 = 3; var m0 = 4; return v1 + v2 + a1 + m0; }", 10],
    ["@{ int hasOwnProperty(int toString) { return toString; } return hasOwnProperty(9); }", 9],
    ['@(new { constructor = 1, __proto__ = "p" }.__proto__)', "p"],
    ['@(new Dictionary<string, int> { ["__proto__"] = 1, ["constructor"] = 2 }["constructor"])', 2],
    ['@((int)new JObject { ["__proto__"] = 1 }["__proto__"])', 1],
    ['@{ var o = JObject.Parse("{\\"__proto__\\":{\\"polluted\\":1}}"); return o["polluted"] == null; }', true],
  ])("%s", (text, expected) => {
    expect(run(text)).toBe(expected);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"])(
    "context has no variable, parameter, query or header %s",
    (name) => {
      expect(run(`@(context.Variables["${name}"] == null)`)).toBe(true);
      expect(run(`@(context.Request.MatchedParameters.GetValueOrDefault("${name}", "none"))`)).toBe("none");
      expect(run(`@(context.Request.Url.Query.GetValueOrDefault("${name}", "none"))`)).toBe("none");
      expect(run(`@(context.Request.Headers.GetValueOrDefault("${name}", "none"))`)).toBe("none");
    },
  );
});

describe("text stays text", () => {
  it.each([
    ['@("\\"); globalThis.broken = 1; (\\"")', '"); globalThis.broken = 1; ("'],
    [`@("$\{globalThis.broken = 1}\`")`, `$\{globalThis.broken = 1}\``],
    ['@(@"\u2028\u2029")', "\u2028\u2029"],
    ['@(@"\\u0022")', "\\u0022"],
    ['@("</script>\\0")', "</script>\0"],
    ['@($"{"\\"+alert(1)+\\""}")', '"+alert(1)+"'],
  ])("%j", (text, expected) => {
    expect(run(text)).toBe(expected);
    expect((globalThis as Record<string, unknown>).broken).toBeUndefined();
  });

  it("emits no user identifier and no raw line separator", () => {
    const { compiled } = compileExpression(
      SourceText.of('@{ var secretName = @"\u2028x"; return secretName + new { propertyName = 1 }; }'),
    );
    expect(compiled?.js).not.toContain("secretName");
    expect(compiled?.js).not.toContain("\u2028");
  });
});

describe("work is bounded", () => {
  it.each([
    ["an endless loop", "@{ while (true) { } return 1; }"],
    ["an endless for", "@{ for (;;) { } return 1; }"],
    ["an endless do", "@{ do { } while (true); return 1; }"],
    ["a long loop", "@{ long n = 0; for (long i = 0; i < 9000000000L; i++) n++; return n; }"],
    [
      "nested loops",
      "@{ var n = 0; for (var i = 0; i < 100000; i++) for (var j = 0; j < 100000; j++) n++; return n; }",
    ],
    ["recursion", "@{ int F(int n) => F(n + 1); return F(0); }"],
    ["mutual recursion", "@{ int F(int n) { return G(n); } int G(int n) { return F(n); } return F(0); }"],
    ["a recursive delegate", "@{ Func<int, int> f = null; f = n => f(n) + 1; return f(1); }"],
    ["string doubling", '@{ var s = "x"; while (true) { s += s; } return s; }'],
    [
      "string doubling without a loop over turns",
      `@{ var s = "0123456789abcdef"; ${"s = s + s; ".repeat(40)} return s.Length; }`,
    ],
    ["a growing aggregate", '@(Enumerable.Range(0, 60).Aggregate("x", (a, i) => a + a).Length)'],
    ["an endless sequence", "@(Enumerable.Range(0, int.MaxValue).Count(i => i < 0))"],
    ["a sequence without a lambda", "@(Enumerable.Repeat(1, int.MaxValue).Sum())"],
    ["a huge array", '@(new int[int.Parse("2000000000")].Length)'],
    ["a huge string", "@(new string('x', int.Parse(\"2000000000\")).Length)"],
    ["padding", '@("x".PadLeft(int.Parse("2000000000")).Length)'],
    ["a growing list", "@{ var l = new List<int>(); while (true) l.Add(1); return 1; }"],
    ["a product of sequences", "@(Enumerable.Range(0, 100000).SelectMany(i => Enumerable.Range(0, 100000)).Count())"],
    ["a replace that grows", '@{ var s = "aa"; for (;;) s = s.Replace("a", "aa"); return s; }'],
    [
      "foreach over an endless range",
      "@{ var n = 0; foreach (var i in Enumerable.Range(0, int.MaxValue)) n++; return n; }",
    ],
    ["a regular expression that must backtrack", `@(Regex.IsMatch("${"a".repeat(64)}!", @"^(\\w+\\s?)*\\1$"))`],
    ["a builder that grows", '@{ var b = new StringBuilder("x"); while (true) b.Append(b.ToString()); return 1; }'],
  ])("%s", (_, text) => {
    expect(() => run(text)).toThrow(BudgetExceededError);
  });

  it.each(["^(a+)+$", "^(a|aa)+$", "(a*)*b"])("the regular expression %s takes linear time", (pattern) => {
    expect(run(`@(Regex.IsMatch("${"a".repeat(2000)}!", "${pattern}") ? 1 : 0)`)).toBe(0);
  });

  it("cannot be caught, nor outlived in finally or a filter", () => {
    expect(() => run("@{ try { while (true) { } } catch { return 1; } return 2; }")).toThrow(BudgetExceededError);
    expect(() => run("@{ try { while (true) { } } catch (Exception e) { return e.Message; } return 2; }")).toThrow(
      BudgetExceededError,
    );
    expect(() => run("@{ try { while (true) { } } finally { while (true) { } } return 2; }")).toThrow(
      BudgetExceededError,
    );
    expect(() =>
      run(
        "@{ try { throw new Exception(); } catch (Exception e) when (new int[]{1}.Any(i => { while (true) { } return true; })) { return 1; } return 2; }",
      ),
    ).toThrow(BudgetExceededError);
    expect(() => run("@{ int F() { try { return F(); } catch { return F(); } } return F(); }")).toThrow(
      BudgetExceededError,
    );
  });

  it("starts anew for each evaluation", () => {
    expect(() => run("@{ while (true) { } return 1; }")).toThrow(BudgetExceededError);
    expect(run("@{ var n = 0; for (var i = 0; i < 1000; i++) n++; return n; }")).toBe(1000);
  });
});

describe("failures are C# exceptions", () => {
  it.each([
    ["@(context.Response.StatusCode)", "System.NullReferenceException"],
    ["@(context.LastError.Message)", "System.NullReferenceException"],
    ["@(context.User.Id)", "System.NullReferenceException"],
    ['@(((string)context.Variables["none"]).Length)', "System.NullReferenceException"],
    ["@(((int[])null)[0])", "System.NullReferenceException"],
    ["@(((Func<int>)null)())", "System.NullReferenceException"],
    ["@{ foreach (var i in (int[])null) { } return 1; }", "System.NullReferenceException"],
    ["@{ throw null; }", "System.NullReferenceException"],
    ["@(((int[])null).Select(i => i).Count())", "System.ArgumentNullException"],
    ['@((int)context.Variables["none"])', "System.NullReferenceException"],
  ])("%s", (text, name) => {
    let thrown: unknown;
    try {
      run(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ClrException);
    expect((thrown as ClrException).clrName).toBe(name);
  });
});

describe("the compiler survives anything", () => {
  it.each([
    ["deep parentheses", `@(${"(".repeat(50_000)}1${")".repeat(50_000)})`],
    ["deep unary", `@(${"-".repeat(50_000)}1)`],
    ["deep unary with spaces", `@(${"- ".repeat(50_000)}1)`],
    ["deep nots", `@(${"!".repeat(50_000)}true)`],
    ["deep blocks", `@{${"{".repeat(50_000)}${"}".repeat(50_000)} return 1;}`],
    ["deep arrays", `@(${"new[]{".repeat(20_000)}1${"}".repeat(20_000)})`],
    ["deep conditionals", `@(${"true?1:".repeat(20_000)}1)`],
    ["deep coalesce", `@(${'"a"??'.repeat(20_000)}"b")`],
    ["deep casts", `@(${"(int)".repeat(20_000)}1)`],
    ["deep generics", `@(default(${"List<".repeat(20_000)}int${">".repeat(20_000)}))`],
    ["deep indexes", `@(${"context.Variables[".repeat(5_000)}"a"${"]".repeat(5_000)})`],
    ["deep lambdas", `@(${"x=>".repeat(20_000)}1)`],
    ["deep ifs", `@{${"if(true)".repeat(20_000)}return 1;return 2;}`],
    ["deep interpolation", `@(${'$"{'.repeat(500)}1${'}"'.repeat(500)})`],
    ["a long chain", `@("a"${".Trim()".repeat(20_000)})`],
    ["a long conditional chain", `@("a"${"?.Trim()".repeat(5_000)})`],
    ["too much text", `@("${"a".repeat(300_000)}")`],
    ["unclosed everything", "@(((({{{{[[[["],
    ["only a bracket", "@("],
    ["nothing", "@"],
    ["no marker", "1 + 1"],
    ["empty", ""],
    ["control characters", "@(\0\x01)"],
    ["lone surrogates", "@(\ud800)"],
    ["a digit too many", `@(${"9".repeat(500)})`],
    ["a huge exponent", "@(1e999999999)"],
    ["a broken escape", '@("\\q")'],
    [
      "nested lambdas that multiply work",
      `@(new[]{1}.Select(a0=>${Array.from({ length: 14 }, (_, i) => `new[]{1}.Select(a${i + 1}=>`).join("")}1${")".repeat(14)}).Sum(z => z.foo))`,
    ],
  ])("%s", (_, text) => {
    errors(text);
  });

  it.each([
    ["a long sum", `@(${"1+".repeat(5_000)}1)`, 5_001],
    ["a long concatenation", `@(("" ${"+ context.Request.Method".repeat(3_000)}).Length)`, 9_000],
    ["a long and", `@(${"true && ".repeat(2_000)}true)`, true],
    ["a chain of ordinary length", `@("a"${".Trim()".repeat(200)})`, "a"],
  ])("and still takes %s", (_, text, expected) => {
    expect(run(text)).toBe(expected);
  });

  it("gives diagnostics for every prefix of a real expression", () => {
    const whole =
      '@{ var a = new Dictionary<string, int> { ["k"] = 1 }; foreach (var p in a) { if (p.Value > 0 && p.Key is string s) return $"{s,5:X}" + (s?.Length ?? -1); } return null; }';
    for (let i = 0; i < whole.length; i++) {
      const { compiled, diagnostics } = compileExpression(SourceText.of(whole.slice(0, i)));
      expect(compiled).toBeUndefined();
      expect(diagnostics.length).toBeGreaterThan(0);
    }
    expect(compileExpression(SourceText.of(whole)).compiled).toBeDefined();
  });

  it("survives every one-character change of a real expression", () => {
    const whole =
      '@{ var u = context.User?.Groups.Where(g => g.Name == "a").Select(g => new { g.Id }).ToList(); return u ?? null; }';
    for (let i = 0; i < whole.length; i++) {
      for (const c of ['"', "'", "(", "}", "<", "?", "\\", ""]) {
        const text = whole.slice(0, i) + c + whole.slice(i + 1);
        const { compiled, diagnostics } = compileExpression(SourceText.of(text));
        expect(compiled !== undefined || diagnostics.some((d) => d.severity === "error"), text).toBe(true);
        expect(
          diagnostics.some((d) => d.code === "expression-internal"),
          `${text}: ${diagnostics.map((d) => d.message).join()}`,
        ).toBe(false);
      }
    }
  });
});
