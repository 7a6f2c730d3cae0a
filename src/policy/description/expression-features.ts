/** A feature of the expression language with a sample that shows it. */
export interface LanguageFeature {
  name: string;
  /** Whole expressions, as a document holds them. */
  samples: readonly string[];
}

/** What the language has. A test compiles every sample. */
export const SUPPORTED_FEATURES: readonly LanguageFeature[] = [
  {
    name: "member access, indexers and calls, with `?.`, `?[]`, named, optional, `out` and `params` arguments",
    samples: [
      '@(context.Request.Headers["a"]?[0]?.ToUpper())',
      "@(context.Request.Body.As<string>(preserveContent: true))",
    ],
  },
  {
    name: "arithmetic, comparison, logic, bits, assignment, `?:`, `??`, with C#'s conversions and overloads",
    samples: ["@((7 / 2 + 1L) * 2 % 3 << 1)", '@(context.User?.Email ?? "nobody")'],
  },
  {
    name: "`checked`, `unchecked`, casts, `is`, `as`, `typeof`, `nameof`, `default`",
    samples: [
      "@(checked((int)1.5) + default(int))",
      '@((context.Variables["a"] as JObject) is JObject o ? o.Count : 0)',
    ],
  },
  {
    name: "strings: verbatim, interpolated with formats, character literals; binary literals and digit separators",
    samples: ['@($"{0b1010:D4} {@"\\d"}" + \'c\')', "@(1_000_000)"],
  },
  {
    name: "`new` with initialisers; arrays, also of arrays; anonymous types; tuples and taking them apart",
    samples: [
      '@(new Dictionary<string, int> { ["a"] = 1 }.Count + new[] { 1, 2 }.Length)',
      "@{ var (a, b) = (1, 2); return new { a, b }.a; }",
    ],
  },
  {
    name: "lambdas, anonymous methods, LINQ as methods and as queries",
    samples: ["@(new[] { 1, 2 }.Where(n => n > 1).Sum())", "@(from n in new[] { 1, 2 } where n > 1 select n)"],
  },
  {
    name: "`if`, `switch` with patterns and `when`, `for`, `foreach`, `while`, `do`, `break`, `continue`, `return`",
    samples: [
      "@{ foreach (var n in new[] { 1, 2 }) { switch (n) { case int m when m > 1: return m; default: continue; } } return 0; }",
    ],
  },
  {
    name: "`throw` (also within an expression), `try` with filters, `using`, `lock`",
    samples: [
      '@{ try { using (var r = new StringReader("a")) { return r.ReadToEnd(); } } catch (Exception e) when (e.Message != "") { throw; } }',
      '@(context.User?.Id ?? throw new Exception("who?"))',
    ],
  },
  {
    name: "`var`, constants, local functions, `out var`",
    samples: ['@{ const int a = 1; int F(int n) => n + a; return int.TryParse("1", out var m) ? F(m) : 0; }'],
  },
];

/** What the language refuses, with the place and, where there is one, another way to write it. A test compiles every sample. */
export const REFUSED_FEATURES: readonly LanguageFeature[] = [
  {
    name: "C# 8 and later: switch expressions, `??=`, ranges, `using` declarations, relational and `not` patterns, `new()`, raw strings",
    samples: [
      "@(1 switch { _ => 2 })",
      '@{ var s = "a"; s ??= "b"; return s; }',
      '@("abc"[0..1])',
      '@{ using var r = new StringReader("a"); return r.ReadToEnd(); }',
      "@(1 is > 0)",
      "@(1 is not 0)",
      "@{ List<int> a = new(); return a; }",
      '@("""a""")',
    ],
  },
  {
    name: "`dynamic`, `async` and `await`, `yield`, `goto` and labels",
    samples: [
      "@{ dynamic a = 1; return a; }",
      "@(await context)",
      "@{ yield return 1; }",
      "@{ goto end; end: return 1; }",
    ],
  },
  {
    name: "`unsafe`, `fixed`, `stackalloc`, `sizeof`, pointers, `ref` variables",
    samples: [
      "@{ unsafe { return 1; } }",
      '@{ fixed (char* p = "a") { return 1; } }',
      "@(stackalloc int[1])",
      "@(sizeof(int))",
      "@{ var a = 1; ref int b = ref a; return b; }",
    ],
  },
  {
    name: "declarations of types, generic local functions",
    samples: ["@{ class A { } return 1; }", "@{ T F<T>(T a) => a; return F(1); }"],
  },
  { name: "arrays with several dimensions", samples: ["@(new int[2, 2].Length)"] },
  {
    name: "every type and member that is not listed below: no reflection, files, network, processes, threads",
    samples: [
      '@(System.IO.File.ReadAllText("a"))',
      "@(new System.Net.WebClient())",
      "@(typeof(string).Assembly)",
      "@(System.Threading.Thread.CurrentThread)",
      '@(System.Diagnostics.Process.Start("a"))',
    ],
  },
];
