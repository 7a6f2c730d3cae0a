import { describe, expect, test } from "vitest";
import { JsonException } from "../../exceptions.ts";
import { parseJson } from "../read.ts";
import { writeJson } from "../write.ts";
import { selectToken, selectTokens } from "./select.ts";

const store = parseJson(
  `{"store":{"book":[{"p":8.95,"t":"a","isbn":"x"},{"p":12,"t":"b"},{"p":22,"t":"c d"}],"bike":{"p":19.95}},
    "odd name":1,"x":{"y":[1,2,3,4]},"when":"2026-01-05T09:05:07Z"}`,
);

const found = (path: string) => [...selectTokens(store, path, false)].map((token) => writeJson(token, false)).join(" ");

describe("JSONPath", () => {
  test.each([
    ["store.book[0].t", '"a"'],
    ["$.store.book[*].t", '"a" "b" "c d"'],
    ["$..p", "8.95 12 22 19.95"],
    ["$.store.*.p", "19.95"],
    ["$['odd name']", "1"],
    ["['store','x'].y", "[1,2,3,4]"],
    ["$..['t','isbn']", '"a" "x" "b" "c d"'],
    ["x.y[1:3]", "2 3"],
    ["x.y[-1:]", "4"],
    ["x.y[::-2]", "4 2"],
    ["x.y[0,2]", "1 3"],
    ["x.y[9]", ""],
    ["$..book[?(@.p < 10)].t", '"a"'],
    ["$..book[?(@.p >= 12.0)].p", "12 22"],
    ["$..book[?(@.p == 12.0)].t", '"b"'],
    ["$..book[?(@.p === '12')].t", ""],
    ["store.book[?(@.isbn)].t", '"a"'],
    ["store.book[?(@.isbn != 'x')].t", ""],
    ["store.book[?(@.t == 'c d' || @.p == 12)].p", "12 22"],
    ["store.book[?(@.p > 10 && @.t == 'b')].p", "12"],
    ["x.y[?(@ > $.x.y[1])]", "3 4"],
    ["$..[?(@.bike.p == 19.95)].bike", '{"p":19.95}'],
    ["store.book[?(@.t =~ /^[A-B]$/i)].p", "8.95 12"],
    ["store.book[?(@.t =~ /^[A-B]$/)].p", ""],
    ["nothing.at.all", ""],
  ])("%s", (path, expected) => {
    expect(found(path)).toBe(expected);
  });

  test("is the token itself when it is empty", () => {
    expect(selectToken(store, "", false)).toBe(store);
    expect(selectToken(store, "$", false)).toBe(store);
  });

  test("compares dates with their text", () => {
    const dates = parseJson('[{"d":"2026-01-05T09:05:07Z","n":1}]');
    expect(selectToken(dates, "[?(@.d == '2026-01-05T09:05:07Z')].n", false)?.toClrString()).toBe("1");
  });

  test("complains about what is missing only when asked", () => {
    expect(selectToken(store, "a.b", false)).toBe(null);
    expect(() => selectToken(store, "a.b", true)).toThrow("Property 'a' does not exist on JObject.");
    expect(() => selectToken(store, "x.y[7]", true)).toThrow("Index 7 outside the bounds of JArray.");
    expect(() => selectToken(store, "x.y.z", true)).toThrow("Property 'z' not valid on JArray.");
    expect(() => selectToken(store, "$..p", false)).toThrow("Path returned multiple tokens.");
  });

  test.each(["a..", "a[", "a[x]", "a[0]b", "a['x", "a[?(@.b ==)]", "a[?(@.b ~ 1)]", "a[?x]", "a b", "a[?(@.b == 1)"])(
    "refuses %s",
    (path) => {
      expect(() => found(path)).toThrow(JsonException);
    },
  );
});
