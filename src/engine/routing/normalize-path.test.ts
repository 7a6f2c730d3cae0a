import { expect, test } from "vitest";
import { normalizePath } from "./normalize-path.ts";

test.each([
  ["/a/b", "/a/b"],
  ["/a/./b", "/a/b"],
  ["/a/../b", "/b"],
  ["/a/%2e%2E/b", "/b"],
  ["/a/.%2e/%2e./b", "/b"],
  ["/../../etc", "/etc"],
  ["/a/..", "/"],
  ["/a/b/..", "/a/"],
  ["/a/.well-known/x", "/a/.well-known/x"],
  ["/a/...", "/a/..."],
  ["/a//b", "/a//b"],
  ["/%2e%2e%2fadmin", "/..%2fadmin"],
  ["/a\\b", undefined],
  ["/a b", undefined],
  ["/a\u0000", undefined],
  ["/a\u007f", undefined],
])("%s → %s", (path, expected) => {
  expect(normalizePath(path)).toBe(expected);
});
