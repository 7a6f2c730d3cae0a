import { expect, it } from "vitest";
import { testExchange } from "../../../testing/exchange.ts";
import { evaluateText } from "../../vectors.ts";

const exchange = testExchange();

function evaluate(expression: string): string {
  const { type, value } = evaluateText(expression, exchange);
  if (type.startsWith("throws ")) return type;
  return type === "does not compile" ? `${type} ${value}` : value;
}

it.each([
  ["Array.IndexOf(new[] { 1, 2, 3 }, 4)", "-1"],
  ["Array.LastIndexOf(new[] { 1, 2, 1 }, 1)", "2"],
  ['Array.Exists(new[] { "a", "b" }, x => x == "b")', "True"],
  ['Array.Find(new[] { "a", "bb" }, x => x.Length == 2)', "bb"],
  ["Array.Find(new[] { 1, 2 }, x => x > 5)", "0"],
  ["Array.FindAll(new[] { 1, 2, 3 }, x => x > 1)", "[2|3]"],
  ["Array.FindIndex(new[] { 1, 2, 3 }, x => x == 3)", "2"],
  ["Array.FindLast(new[] { 1, 2, 3 }, x => x < 3)", "2"],
  ["Array.TrueForAll(new[] { 1, 2 }, x => x > 0)", "True"],
  ['Array.ConvertAll(new[] { "1", "2" }, x => int.Parse(x)).Sum()', "3"],
  ["@{ var a = new[] { 3, 1, 2 }; Array.Sort(a); return a; }", "[1|2|3]"],
  ['@{ var a = new[] { "b", "A", "a" }; Array.Sort(a, StringComparer.Ordinal); return a; }', "[A|a|b]"],
  ["@{ var a = new[] { 3, 1, 2 }; Array.Sort(a, (x, y) => y - x); return a; }", "[3|2|1]"],
  ['@{ var k = new[] { 2, 1 }; var v = new[] { "two", "one" }; Array.Sort(k, v); return v; }', "[one|two]"],
  ["@{ var a = new[] { 1, 2, 3 }; Array.Reverse(a); return a; }", "[3|2|1]"],
  ["@{ var a = new byte[] { 1, 2, 3 }; Array.Reverse(a); return BitConverter.ToString(a); }", "03-02-01"],
  ["@{ var a = new[] { 1, 2, 3, 4 }; Array.Copy(a, 0, a, 1, 3); return a; }", "[1|1|2|3]"],
  [
    "@{ var a = new byte[4]; Array.Copy(new byte[] { 7, 8 }, 0, a, 1, 2); return BitConverter.ToString(a); }",
    "00-07-08-00",
  ],
  ["Array.Copy(new int[1], new int[1], 2)", "does not compile"],
  ["@{ Array.Copy(new int[1], new int[1], 2); return 1; }", "throws ArgumentException"],
  ["@{ var a = new[] { 1, 2, 3 }; Array.Resize(ref a, 5); return a; }", "[1|2|3|0|0]"],
  ["@{ var a = new byte[2]; Array.Resize(ref a, 3); return a.Length; }", "3"],
  ["@{ var a = new[] { 1, 2, 3 }; Array.Clear(a, 0, 2); return a; }", "[0|0|3]"],
  ["@{ var a = new[] { 1, 2 }; var b = (int[])a.Clone(); b[0] = 9; return a[0]; }", "1"],
  ["Array.BinarySearch(new[] { 1, 3, 5 }, 3)", "1"],
  ["Array.Empty<string>().Length", "0"],
  ["new[] { 1, 2 }.GetValue(1)", "2"],
  ["new[] { 1, 2 }.GetUpperBound(0)", "1"],
  ["new[] { 1, 2 }.LongLength", "2"],
  ["Array.IndexOf((int[])null, 1)", "throws ArgumentNullException"],
])("arrays: %s", (expression, text) => expect(evaluate(expression).slice(0, text.length)).toBe(text));

it.each([
  ['Tuple.Create(1, "a").Item2', "a"],
  ["Tuple.Create(1, 2).Equals(Tuple.Create(1, 2))", "True"],
  ['new Tuple<int, string>(1, "x").ToString()', "(1, x)"],
  ['((Tuple<int, string>)(object)Tuple.Create(1, "x")).Item1', "1"],
  ["Tuple.Create(1, 2).GetHashCode() == Tuple.Create(1, 2).GetHashCode()", "True"],
  ["new[] { Tuple.Create(2, 1), Tuple.Create(1, 9) }.OrderBy(t => t).First()", "(1, 9)"],
  ['Enum.Parse(typeof(DayOfWeek), "friday", true)', "Friday"],
  ['Enum.Parse(typeof(DayOfWeek), "5")', "Friday"],
  ['Enum.Parse(typeof(DayOfWeek), "Someday")', "throws ArgumentException"],
  ['@{ DayOfWeek d; return Enum.TryParse("Monday", out d) + " " + d; }', "True Monday"],
  ['@{ DayOfWeek d; return Enum.TryParse("nope", out d) + " " + d; }', "False Sunday"],
  ['Enum.Parse(typeof(JTokenType), "Array")', "Array"],
  ['DayOfWeek.Friday.ToString("D")', "5"],
  ["(RegexOptions.IgnoreCase | RegexOptions.Multiline).ToString()", "IgnoreCase, Multiline"],
  ["typeof(string).Name + typeof(List<int>).FullName", "StringSystem.Collections.Generic.List`1[System.Int32]"],
  ['"a".GetType() == typeof(string)', "True"],
  ["new int[0].ToString()", "System.Int32[]"],
  ["new byte[1].ToString()", "System.Byte[]"],
  ["new List<string>().GetType().Name", "List`1"],
  ["new { a = 1, b = (string)null }.ToString()", "{ a = 1, b =  }"],
])("values: %s", (expression, text) => expect(evaluate(expression)).toBe(text));

it.each([
  ['@{ try { throw new Exception("x"); } catch (Exception e) { return e.Message; } }', "x"],
  [
    '@{ try { throw new ArgumentException("m", "p"); } catch (ArgumentException e) { return e.ParamName + "|" + e.Message; } }',
    "p|m\nParameter name: p",
  ],
  [
    '@{ try { throw new ArgumentNullException("p"); } catch (Exception e) { return e.GetType().Name + "|" + e.Message; } }',
    "ArgumentNullException|Value cannot be null.\nParameter name: p",
  ],
  [
    "@{ try { throw new InvalidOperationException(); } catch (Exception e) { return e.Message; } }",
    "Operation is not valid due to the current state of the object.",
  ],
  [
    '@{ try { throw new Exception("a", new FormatException("b")); } catch (Exception e) { return e.InnerException.Message + e.GetBaseException().GetType().Name; } }',
    "bFormatException",
  ],
  [
    '@{ try { throw new TimeoutException("t"); } catch (Exception e) { return e.ToString(); } }',
    "System.TimeoutException: t",
  ],
  [
    '@{ try { int.Parse("x"); return ""; } catch (OverflowException) { return "o"; } catch (SystemException e) { return e.GetType().FullName; } }',
    "System.FormatException",
  ],
  [
    '@{ try { return "abc"[9].ToString(); } catch (IndexOutOfRangeException e) { return e.StackTrace.Contains("node") ? "leaks" : "clean"; } }',
    "clean",
  ],
  [
    "@{ try { throw new Exception(); } catch (Exception e) { return e.Message; } }",
    "Exception of type 'System.Exception' was thrown.",
  ],
])("exceptions: %s", (expression, text) => expect(evaluate(expression)).toBe(text));
