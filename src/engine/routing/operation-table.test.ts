import { describe, expect, test } from "vitest";
import { OperationTable } from "./operation-table.ts";

function table(...operations: string[]): OperationTable<{ method: string; urlTemplate: string }> {
  return new OperationTable(
    operations.map((text) => {
      const [method = "", urlTemplate = ""] = text.split(" ");
      return { method, urlTemplate };
    }),
  );
}

function match(operations: string[], method: string, target: string): string {
  const [path = "", query] = target.split("?");
  const found = table(...operations).match(method, path, query === undefined ? "" : `?${query}`);
  return found ? `${found.operation.urlTemplate} ${JSON.stringify(found.parameters)}` : "none";
}

describe("operations by method and template", () => {
  test.each([
    [["GET /a/{id}", "GET /a/b"], "GET", "/a/b", "/a/b {}"],
    [["GET /a/{id}", "GET /a/b"], "GET", "/a/c", '/a/{id} {"id":"c"}'],
    [["GET /a/{id}", "POST /a/b"], "GET", "/a/b", '/a/{id} {"id":"b"}'],
    [["GET /{x}/c", "GET /a/{y}"], "GET", "/a/c", '/a/{y} {"y":"c"}'],
    [["GET /a/{x}/c", "GET /{z}/b/d"], "GET", "/a/b/d", '/{z}/b/d {"z":"a"}'],
    [["GET /*"], "GET", "/any/thing", "/* {}"],
    [["GET /files/{*path}"], "GET", "/files/a/b%20c", '/files/{*path} {"path":"a/b c"}'],
    [["GET /files/{*path}"], "GET", "/files", '/files/{*path} {"path":""}'],
    [["GET /"], "GET", "/", "/ {}"],
    [["GET /a"], "GET", "/a/", "/a {}"],
    [["GET /a/"], "GET", "/a", "/a/ {}"],
    [["GET /a"], "GET", "/A", "/a {}"],
    [["GET /a"], "HEAD", "/a", "none"],
    [["* /a"], "PATCH", "/a", "* /a".slice(2).concat(" {}")],
    [["GET /{id}"], "GET", "/a%2Fb", '/{id} {"id":"a/b"}'],
    [["GET /{id}"], "GET", "/%E0%A4", '/{id} {"id":"%E0%A4"}'],
    [["GET /{id}"], "GET", "//", "none"],
    [["GET /order-{id}.json", "GET /{name}"], "GET", "/order-5.json", '/order-{id}.json {"id":"5"}'],
    [["GET /order-{id}.json", "GET /{name}"], "GET", "/order-.json", '/{name} {"name":"order-.json"}'],
    [["GET /s?q={what}"], "GET", "/s?q=a+b&x=1", '/s?q={what} {"what":"a b"}'],
    [["GET /s?q={what}"], "GET", "/s?x=1", "none"],
    [["GET /s?kind=full", "GET /s"], "GET", "/s?kind=full", "/s?kind=full {}"],
    [["GET /s?kind=full", "GET /s"], "GET", "/s?kind=short", "/s {}"],
    [["GET /{constructor}"], "GET", "/__proto__", '/{constructor} {"constructor":"__proto__"}'],
  ])("%j %s %s → %s", (operations, method, target, expected) => {
    expect(match(operations, method, target)).toBe(expected);
  });

  test("says which methods a path has", () => {
    expect(table("GET /a/{id}", "DELETE /a/{id}", "GET /b").methods("/a/1", "")).toEqual(["GET", "DELETE"]);
  });

  test("refuses a template that is none", () => {
    expect(() => table("GET /{a}{b}")).toThrow('the segment "{a}{b}"');
    expect(() => table("GET /*/a")).toThrow("must stand at the end");
  });
});
