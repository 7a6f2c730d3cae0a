import { describe, expect, it } from "vitest";
import { PolicyError } from "../../exchange/errors.ts";
import { expandPath, expandQuery, parseUriTemplate } from "./uri-template.ts";

function expand(template: string, values: Record<string, string> = {}, operation = ""): string {
  const parsed = parseUriTemplate(template);
  return [expandPath(parsed, values, operation), ...expandQuery(parsed, values)].join(" ");
}

describe("a URI template", () => {
  it.each([
    ["/put", "/put"],
    ["keys", "/keys"],
    [" /a/ ", "/a/"],
    ["/a?x=1&&y=2", "/a x=1 y=2"],
    ["/a b/ü/%41/100%/[x]#y\\z", "/a%20b/%C3%BC/%41/100%25/%5Bx%5D%23y%5Cz"],
    ["/a:b@c;d=e,f!$&'()*+~_-.", "/a:b@c;d=e,f!$&'()*+~_-."],
    ["", "/"],
    ["?a=b", "/ a=b"],
  ])("%j", (template, expected) => {
    expect(expand(template)).toBe(expected);
  });

  it("takes values that stay in their place", () => {
    const values = { id: "a/b?c#d%2F é+{x}", q: "1&admin=true +", k: "x y" };
    expect(expand("/o/{id}.json?f={q}&{k}={id}&fixed=1", values)).toBe(
      "/o/a%2Fb%3Fc%23d%252F%20%C3%A9+%7Bx%7D.json f=1%26admin%3Dtrue%20%2B x%20y=a%2Fb%3Fc%23d%252F%20%C3%A9%2B%7Bx%7D fixed=1",
    );
    expect(expand("/{a},{b}", { a: "1", b: "" })).toBe("/1,");
  });

  it("lets only the operation's wildcard span segments", () => {
    expect(expand("/x/{rest}", { rest: "a/b c" }, "/files/{*rest}")).toBe("/x/a/b%20c");
    expect(expand("/x/{*rest}", { rest: "a/b" }, "/files/{*rest}")).toBe("/x/a/b");
    expect(expand("/x/{rest}", { rest: "a/b" }, "/files/{rest}")).toBe("/x/a%2Fb");
  });

  it.each([
    ["/x/{id}/y", ".."],
    ["/x/{id}", "."],
    ["/x/{rest}", "a/../../b"],
    ["/x/.{id}", "."],
  ])("does not let %s climb with %j", (template, value) => {
    const act = () => expand(template, { id: value, rest: value }, "/{*rest}");
    expect(act).toThrow(PolicyError);
    expect(act).toThrow("dot segment");
  });

  it("lets dots be where they are no segment", () => {
    expect(expand("/x/{id}/y", { id: "..." })).toBe("/x/.../y");
    expect(expand("/x/v1.{id}", { id: "." })).toBe("/x/v1..");
  });

  it.each(["/{unknown}", "/{toString}", "/a?b={unknown}"])("knows only the operation's parameters: %s", (template) => {
    expect(() => expand(template, { id: "1" })).toThrow(/is not a parameter of the operation/);
  });

  it.each(["/{", "/}", "/{}", "/{a{b}}", "/a{b"])("refuses %s", (template) => {
    expect(() => parseUriTemplate(template)).toThrow(PolicyError);
  });
});
