import { describe, expect, test } from "vitest";
import type { ApiPart } from "../../plan/plan.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import { ApiTable } from "./api-table.ts";

function api(path: string, more: { revision?: string; current?: boolean; version?: ApiPart["version"] } = {}) {
  const info = { id: path || "root", path, revision: more.revision ?? "1", version: more.version?.value ?? "" };
  return { part: { info, isCurrent: more.current ?? true, version: more.version ?? null } as unknown as ApiPart };
}

const apis = [
  api("orders"),
  api("orders", { revision: "2", current: false }),
  api("orders/archive"),
  api("v", { version: { scheme: "Segment", name: "", value: "v1" } }),
  api("v", { version: { scheme: "Segment", name: "", value: "" } }),
  api("h", { version: { scheme: "Header", name: "Api-Version", value: "v1" } }),
  api("h", { version: { scheme: "Header", name: "Api-Version", value: "v2" } }),
  api("q", { version: { scheme: "Query", name: "ver", value: "v1" } }),
  api("q", { version: { scheme: "Query", name: "ver", value: "" } }),
];

function match(target: string, headers: string[] = [], list = apis): string {
  const [path = "", query] = target.split("?");
  const found = new ApiTable(list).match(path, query === undefined ? "" : `?${query}`, new HeaderList(headers));
  if (typeof found === "string") return found;
  const { info } = found.api.part;
  return `${info.id};${info.revision};${info.version} ${found.rest}`;
}

describe("APIs by path, version and revision", () => {
  test.each([
    ["/orders", "orders;1; /"],
    ["/orders/", "orders;1; /"],
    ["/orders/1/items", "orders;1; /1/items"],
    ["/ORDERS/1", "orders;1; /1"],
    ["/ordersx", "path"],
    ["/orders/archive/1", "orders/archive;1; /1"],
    ["/orders/archived", "orders;1; /archived"],
    ["/orders;rev=2/1", "orders;2; /1"],
    ["/orders;rev=1/1", "orders;1; /1"],
    ["/orders;rev=9/1", "path"],
    ["/v/v1/x", "v;1;v1 /x"],
    ["/v/x", "v;1; /x"],
    ["/q?ver=v1", "q;1;v1 /"],
    ["/q", "q;1; /"],
    ["/q?ver=v3", "version"],
    ["/h/x", "version"],
    ["/", "path"],
  ])("%s → %s", (target, expected) => {
    expect(match(target)).toBe(expected);
  });

  test("a header names the version", () => {
    expect(match("/h/x", ["api-version", "v2"])).toBe("h;1;v2 /x");
  });

  test("an API at the root takes what no other takes", () => {
    const list = [...apis, api("")];
    expect(match("/other/x", [], list)).toBe("root;1; /other/x");
    expect(match("/", [], list)).toBe("root;1; /");
    expect(match("/orders/1", [], list)).toBe("orders;1; /1");
  });
});
