import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { BodyCodingError, BodyTooLargeError, decodeContent } from "./body.ts";

it("undoes codings from the last to the first, within the limit", () => {
  const twice = gzipSync(gzipSync("content"));
  expect(Buffer.from(decodeContent(twice, "gzip, x-gzip", 1000) ?? []).toString()).toBe("content");
  expect(() => decodeContent(gzipSync("0".repeat(1001)), "gzip", 1000)).toThrow(BodyTooLargeError);
});

it("leaves unknown codings alone, and tells bytes that are not in the coding they claim", () => {
  expect(decodeContent(Buffer.from("plain"), "x-own", 1000)).toBeUndefined();
  expect(() => decodeContent(Buffer.from("plain"), "gzip", 1000)).toThrow(BodyCodingError);
  expect(() => decodeContent(gzipSync("cut short").subarray(0, 12), "GZIP", 1000)).toThrow(/"gzip"/);
});
