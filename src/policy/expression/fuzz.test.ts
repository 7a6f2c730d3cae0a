// Random changes to real-looking expressions: whatever comes out compiles or is refused with a place, and what runs
// ends with a value or a typed failure. Never an internal error, never a stall, never a way out.
import { describe, expect, test } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { Body } from "../exchange/body.ts";
import { testExchange } from "../testing/exchange.ts";
import { mutate, seededRandom } from "../testing/mutate.ts";
import { BudgetExceededError, ClrException } from "./clr/exceptions.ts";
import { compileExpression, loadExpression } from "./compile.ts";
import { toText } from "./convert.ts";

const SEEDS = [
  '@(context.Request.Headers.GetValueOrDefault("x-user","anon").ToUpper() + 1)',
  '@(context.Variables.GetValueOrDefault<int>("n", 3) / 2 % 5 << 1)',
  "@{ var total = 0L; for (int i = 0; i < 10; i++) { if (i % 2 == 0) continue; total += i * (long)i; } return total; }",
  '@{ var o = context.Request.Body.As<JObject>(true); return ((JArray)o["items"]).Sum(i => (decimal)i["price"] * (int)i["n"]).ToString("F2"); }',
  '@(string.Join(",", new[] { "b", "a", "c" }.OrderBy(s => s).Select((s, i) => $"{i:D2}:{s,-3}")))',
  '@{ try { return int.Parse("x"); } catch (FormatException ex) when (ex.Message.Length > 3) { return -1; } finally { } }',
  '@(new Dictionary<string, List<int>> { ["a"] = new List<int> { 1, 2 }, ["b"] = new List<int>() }.SelectMany(p => p.Value).Max())',
  '@(Regex.Replace("2026-11-20", @"(?<y>\\d+)-(\\d+)", m => m.Groups["y"].Value + "/" + m.Groups[1].Value))',
  '@(DateTime.Parse("2026-01-31T10:00:00Z").AddMonths(1).ToString("yyyy-MM-dd HH:mm:ss.fff"))',
  '@(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("ü")) ?? null)',
  '@{ int n; return int.TryParse("12", out n) ? n + 0.5 : (double?)null; }',
  '@(context.Request.Url.Query.ContainsKey("a") && !(context.Response?.StatusCode > 400 || context.LastError != null))',
  '@{ var s = new StringBuilder(); foreach (var c in "abc".Reverse()) { s.Append((char)(c + 1)); } return s.ToString(); }',
  '@(new JObject { ["a"] = 1, ["b"] = new JArray(1, "x", null) }.ToString(Newtonsoft.Json.Formatting.None))',
  '@(XElement.Parse("<a><b x=\'1\'>t</b></a>").Descendants().First(e => e.Name.LocalName == "b").Attribute("x").Value)',
  '@{ switch ((string)context.Variables["v"]) { case "a": return 1; case null: return 2; default: return 3; } }',
  "@{ int Fib(int n) { return n < 2 ? n : Fib(n - 1) + Fib(n - 2); } return Fib(12); }",
  '@(context.Variables["jwt"] is Jwt t && t.Claims["roles"].Contains("admin") ? "yes" : "no")',
  "@(((object)5 as string) ?? ((byte)300).ToString() + 'a' + 1.10m + 1e20 + Guid.Empty)",
  '@(Uri.EscapeDataString("a b").Substring(1, 2).PadLeft(5, \'.\').IndexOf("%"))',
];

const untouched = Object.getOwnPropertyNames(Object.prototype).join();

describe("expressions under random changes", () => {
  test.each([1, 2, 3, 4])("seed %i", (seed) => {
    const random = seededRandom(seed);
    let ran = 0;
    for (let i = 0; i < 4000; i++) {
      const text = mutate(SEEDS[i % SEEDS.length] as string, SEEDS, random);
      const source = /^\s*@[({]/.test(text) ? text : `@(${text})`;
      const { compiled, diagnostics } = compileExpression(SourceText.of(source));
      if (!compiled) {
        expect(
          diagnostics.some((d) => d.severity === "error" && d.line >= 1 && d.column >= 1),
          source,
        ).toBe(true);
        expect(diagnostics.map((d) => d.message).join(), source).not.toMatch(
          /could not be compiled|is not defined|undefined|\[object/,
        );
        continue;
      }
      ran++;
      const x = testExchange({ url: "http://gateway.test/a?a=1", body: Body.text('{"items":[{"price":1.5,"n":2}]}') });
      try {
        toText(loadExpression(compiled.js)(x));
      } catch (error) {
        const typed = error instanceof ClrException || error instanceof BudgetExceededError;
        if (!typed) throw new Error(`${source}\nfailed with ${String(error)}`, { cause: error });
      }
    }
    // Changes that keep an expression whole are common enough to have tried the evaluator.
    expect(ran).toBeGreaterThan(100);
  });

  test("nothing of it reaches the world outside", () => {
    expect(Object.keys(globalThis).filter((key) => /gatehouse|lib|exchange/i.test(key))).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(untouched);
  });
});
