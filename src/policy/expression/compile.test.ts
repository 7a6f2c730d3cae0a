import { describe, expect, it } from "vitest";
import { SourceText } from "../../model/source-text.ts";
import { testExchange } from "../testing/exchange.ts";
import { Box, EnumValue } from "./clr/box.ts";
import { compileExpression, loadExpression } from "./compile.ts";

function compiled(text: string) {
  const result = compileExpression(SourceText.of(text));
  if (!result.compiled) throw new Error(result.diagnostics.map((d) => d.message).join("; "));
  return result.compiled;
}

/** The code of the function, library names replaced by what they stand for. */
function code(text: string): string {
  const { js } = compiled(text);
  const names = new Map<string, string>();
  for (const [, name, key] of js.matchAll(/(\w+)=lib\.\w+\("[^"]*?\|((?:[^"\\]|\\.)*)"\)/g))
    names.set(name as string, `[${key}]`);
  for (const [, name, op] of js.matchAll(/(\w+)=lib\.op\.(\w+)/g)) names.set(name as string, op as string);
  for (const [, name, type] of js.matchAll(/(t\d+)=lib\.type\("([^"]*)"\)/g)) names.set(name as string, `<${type}>`);
  const body = /try\{(.*)\}catch\(e\)\{throw/.exec(js)?.[1] ?? "";
  return body.replace(/\b[a-z]\d+\b/g, (name) => names.get(name) ?? name);
}

describe("code of common expressions", () => {
  it.each([
    [
      '@(context.Request.Headers.GetValueOrDefault("x-user","anon"))',
      'return [string GetValueOrDefault(string headerName, string defaultValue)]([IHeaders Headers { get; }]([IRequest Request { get; }](x)),"x-user","anon");',
    ],
    [
      '@((string)context.Variables["a"])',
      'return castString([object this[string key] { get; }]([IVariables Variables { get; }](x),"a"));',
    ],
    [
      "@(context.Response.StatusCode == 200)",
      "return ([int StatusCode { get; }](([IResponse Response { get; }](x)??nullReference()))===200);",
    ],
    [
      '@("a-" + context.Request.Method + "-" + 1 + 2)',
      'return ("a-"+[string Method { get; }]([IRequest Request { get; }](x))+"-"+1+2);',
    ],
    ['@("a" + "b" + (1 + 2))', 'return ("ab"+3);'],
  ])("%s", (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it("watches concatenations only where they may repeat", () => {
    expect(code('@("a" + context.Request.Method)')).not.toContain("grown");
    expect(code('@{ return "a" + context.Request.Method; }')).toContain("grown");
  });
});

describe("results are boxed by their static type", () => {
  it.each([
    ["@(1)", 1],
    ["@(1L)", 1n],
    ['@("a")', "a"],
    ["@(true)", true],
    ["@(null)", null],
    ["@(1.0)", new Box("Double", 1)],
    ["@('a')", new Box("Char", 97)],
    ["@((byte)1)", new Box("Byte", 1)],
    ["@((double?)1.5)", new Box("Double", 1.5)],
    ["@((double?)null)", null],
    ["@((object)'a')", new Box("Char", 97)],
  ])("%s", (text, expected) => {
    expect(loadExpression(compiled(text).js)(testExchange())).toEqual(expected);
  });

  it("enums are one object a value", () => {
    const run = loadExpression(compiled("@(DayOfWeek.Monday)").js);
    const value = run(testExchange());
    expect(value).toBeInstanceOf(EnumValue);
    expect(value).toBe(run(testExchange()));
  });
});

describe("constants", () => {
  it.each([
    ["@(1 + 2)", 3],
    ['@("a" + "b")', "ab"],
    ["@(true && false)", undefined],
    ["@(true)", true],
    ["@(null)", null],
    ['@((string)null + "a")', "a"],
    ["@(1.5)", undefined],
    ["@(5L)", undefined],
    ["@(DayOfWeek.Monday)", undefined],
    ["@(context.Request.Method)", undefined],
  ])("%s", (text, expected) => {
    expect(compiled(text).constant).toBe(expected);
  });
});

describe("secret named values", () => {
  const mark = "\uE000pass-word\uE001";

  it.each([
    [`@("a${mark}b")`, "asecret-pass-wordb"],
    [`@(@"${mark}")`, "secret-pass-word"],
    [`@($"{1}${mark}")`, "1secret-pass-word"],
    [`@("${mark}" == "secret-pass-word")`, true],
    [`@("${mark}".Length)`, 16],
  ])("%j", (text, expected) => {
    const result = compiled(text);
    expect(result.secrets).toEqual(["pass-word"]);
    expect(result.constant).toBeUndefined();
    expect(result.js).toContain('x.services.secret("pass-word")');
    expect(loadExpression(result.js)(testExchange())).toBe(expected);
  });

  it("stand in string literals only", () => {
    const { diagnostics } = compileExpression(SourceText.of(`@(1 + ${mark})`));
    expect(diagnostics).toMatchObject([
      {
        code: "expression-secret-position",
        column: 7,
        message: "a secret named value can stand in an expression only inside a string literal",
      },
    ]);
  });
});

describe("bodies that an expression reads", () => {
  it.each([
    ["@(context.Request.Body.As<string>())", ["request.body"]],
    ["@(context.Request.Body?.As<JObject>(true))", ["request.body"]],
    ["@(context.Response.Body.As<string>(preserveContent: true))", ["response.body"]],
    ["@(context.Response?.Body?.As<string>())", ["response.body"]],
    ["@(context.Request.Body.As<string>() + context.Response.Body.As<string>())", ["request.body", "response.body"]],
    ["@{ var b = context.Request.Body; return b.As<string>(); }", ["request.body"]],
    ["@{ var r = context.Response; return r.Body.As<string>(); }", ["response.body"]],
    ["@(new[] { 1 }.Select(i => context.Request.Body.As<string>(true)).First())", ["request.body"]],
    ["@(context.Request.Body.AsFormUrlEncodedContent())", ["request.body"]],
    ["@(context.Request.Body == null)", []],
    ["@(context.Response == null)", []],
    ["@(context.Response.StatusCode)", []],
    ['@(((IResponse)context.Variables["r"]).Body.As<string>())', []],
    ["@(context.Request.Method)", []],
  ])("%s", (text, reads) => {
    expect(compiled(text).reads).toEqual(reads);
  });
});

describe("the typed tree", () => {
  it("names members, constants and operators", () => {
    expect(compiled('@("a" + context.Request.Headers.GetValueOrDefault("x", "y"))').tree).toEqual({
      k: "concat",
      t: "string",
      a: [
        { k: "const", t: "string", v: "a" },
        {
          k: "call",
          t: "string",
          m: "Gatehouse.IHeaders|string GetValueOrDefault(string headerName, string defaultValue)",
          r: {
            k: "call",
            t: "IHeaders",
            m: "Gatehouse.IRequest|IHeaders Headers { get; }",
            r: {
              k: "call",
              t: "IRequest",
              m: "Gatehouse.IProxyRequestContext|IRequest Request { get; }",
              r: { k: "context", t: "IProxyRequestContext" },
            },
          },
          a: [
            { k: "const", t: "string", v: "x" },
            { k: "const", t: "string", v: "y" },
          ],
        },
      ],
    });
  });

  it("keeps a block that only returns, and makes other blocks opaque", () => {
    expect(compiled("@{ return context.Subscription.Id; }").tree).toMatchObject({ k: "call", t: "string" });
    expect(compiled("@{ var a = 1; return a; }").tree).toEqual({ k: "other" });
  });

  it("is plain JSON", () => {
    const { tree } = compiled("@(context.User?.Id ?? (context.Elapsed.TotalSeconds > 1.5 ? 5L : (long)1).ToString())");
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
  });
});

describe("compiling", () => {
  it("gives the same text twice", () => {
    const text =
      '@{ var a = new { x = 1 }; foreach (var i in new[] { 1, 2 }) { context.Trace($"{i}{a.x}"); } return (1, "b").Item2; }';
    expect(compiled(text)).toEqual(compiled(text));
  });

  it("takes white space around", () => {
    expect(compiled("\n  @(1)  \n")).toMatchObject({ source: "@(1)", type: "int", constant: 1 });
  });
});

describe("loading", () => {
  it("refuses members that do not exist, inherited names included", () => {
    for (const key of ["System.String|constructor", "System.String|__proto__", "Nope|x", "System.String|toString"]) {
      expect(() => loadExpression(`const m=lib.member(${JSON.stringify(key)});return()=>m;`)).toThrow("does not have");
    }
  });
});
