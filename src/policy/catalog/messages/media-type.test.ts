import { expect, it } from "vitest";
import { acceptsFormat, charset, isFormat, mediaType } from "./media-type.ts";

it("reads the media type without its parameters", () => {
  expect(mediaType("Application/JSON; charset=utf-8")).toBe("application/json");
  expect(mediaType(undefined)).toBe("");
});

it.each([
  ["application/json", true],
  ["text/json", true],
  ["application/problem+json", true],
  ["application/jsonp", false],
  ["text/plain", false],
  ["", false],
])("%s is JSON: %s", (type, expected) => {
  expect(isFormat(type, "json")).toBe(expected);
});

it.each([
  ["application/xml", true],
  ["text/html, application/xml;q=0.9, */*;q=0.8", true],
  ["application/soap+xml; action=x", true],
  ["application/xml;q=0", false],
  ["application/xml; q=0.0", false],
  ["*/*", false],
  ["application/json", false],
  [undefined, false],
])("Accept %s asks for XML: %s", (accept, expected) => {
  expect(acceptsFormat(accept, "xml")).toBe(expected);
});

it.each([
  ["text/plain", "utf-8"],
  ["text/plain; charset=ISO-8859-1", "iso-8859-1"],
  ['text/plain; a=b; Charset = "utf-16"', "utf-16"],
  [undefined, "utf-8"],
])("%s has the charset %s", (type, expected) => {
  expect(charset(type)).toBe(expected);
});
