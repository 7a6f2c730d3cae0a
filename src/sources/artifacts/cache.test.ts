import { expect, it } from "vitest";
import { ReadCache, readArtifacts } from "./read.ts";
import { apiFiles } from "./testing.ts";

function texts(files: Readonly<Record<string, unknown>>): Map<string, string> {
  return new Map(Object.entries(files).map(([path, content]) => [path, JSON.stringify(content)]));
}

it("a folder that is read again keeps what has not changed, findings too", () => {
  const cache = new ReadCache();
  const files = texts({ ...apiFiles("a"), ...apiFiles("b", { path: "x y" }) });
  const read = () => readArtifacts({ root: "", files }, { cache });
  const first = read();
  const second = read();
  expect(second.diagnostics).toEqual(first.diagnostics);
  expect(second.catalog.apis[0]?.operations[0]?.responses).toBe(first.catalog.apis[0]?.operations[0]?.responses);

  for (const [path, content] of texts(apiFiles("b", { path: "b" }))) files.set(path, content);
  const third = read();
  expect(third.diagnostics).toEqual([]);
  expect(third.catalog.apis.map((api) => api.path)).toEqual(["a", "b"]);

  files.set("apis/a/specification.json", "{");
  expect(read().diagnostics).toMatchObject([{ file: "apis/a/specification.json", code: "invalid-json" }]);
  expect(read().diagnostics).toMatchObject([{ file: "apis/a/specification.json", code: "invalid-json" }]);
});
