import { expect, it } from "vitest";
import { normalizeOrigin } from "./allowed-list.ts";

it.each([
  ["https://A.example", "https://a.example"],
  ["HTTPS://a.example/", "https://a.example"],
  ["https://a.example:443", "https://a.example"],
  ["http://a.example:80/", "http://a.example"],
  ["https://a.example:80", "https://a.example:80"],
  ["http://a.example:8080/", "http://a.example:8080"],
  ["https://[::1]:443", "https://[::1]"],
  ["capacitor://localhost", "capacitor://localhost"],
  ["https://a.example/path", "https://a.example/path"],
  ["null", "null"],
])("%s is the origin %s", (written, origin) => {
  expect(normalizeOrigin(written)).toBe(origin);
});
