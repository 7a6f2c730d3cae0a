import { describe, expect, it } from "vitest";
import { readMetadata } from "./metadata.ts";
import { checkODataRequest } from "./request.ts";

const problems = (path: string, query = "", metadata?: ReturnType<typeof readMetadata>) =>
  checkODataRequest(path, query, metadata).map(({ message }) => message);

const shop = readMetadata(`<Edmx><DataServices><Schema Namespace="N">
  <EntityType Name="P"><Property Name="Id" Type="Edm.Int32" /><NavigationProperty Name="Next" Type="Collection(N.P)" /></EntityType>
  <EntityType Name="Open" OpenType="true" /><EntityType Name="Loop" BaseType="N.Loop" />
  <EntityContainer Name="C"><EntitySet Name="Ps" EntityType="N.P" /><EntitySet Name="Opens" EntityType="N.Open" /><EntitySet Name="Loops" EntityType="N.Loop" /></EntityContainer>
</Schema></DataServices></Edmx>`);

describe("filters", () => {
  it.each([
    "Name eq 'O''Neil'",
    "not (A gt 1 and B le -2.5e3)",
    "contains(tolower(Name),'x') or startswith(Name,'a') eq true",
    "Price add 2 mul 3 gt 10",
    "Date ge 2024-01-01T00:00:00Z and Day eq 2024-01-01 and Id eq 01234567-89ab-cdef-0123-456789abcdef",
    "Items/any(i:i/Price gt 5 and i/Tags/all(t:t ne 'x'))",
    "Items/any()",
    "Color has Sales.Color'Yellow'",
    "Name in ('a','b')",
    "A/$count gt 2",
    "geo.distance(Location,geography'POINT(1 2)') lt 5",
    "a eq @p1",
    "-A eq 1",
  ])("%s", (filter) => {
    expect(problems("/X", `?$filter=${encodeURIComponent(filter)}`)).toEqual([]);
  });

  it.each([
    "",
    "Name",
    "a eq",
    "eq 1",
    "a b",
    "(a eq 1",
    "a eq 1)",
    "a eq 'x",
    "foo(a) eq 1",
    "length() eq 1",
    "a eq 1 and",
    "a/ eq 1",
    "x/any(:1)",
    "a eq ;",
    "a && b",
  ])("not %j", (filter) => {
    const found = problems("/X", `?$filter=${encodeURIComponent(filter)}`);
    // A bare property is a boolean one.
    expect(found.length).toBe(filter === "Name" ? 0 : 1);
  });

  it("ends however deep it is nested", () => {
    for (const filter of ["(".repeat(30000), "not ".repeat(7000), "-".repeat(30000), `a${"/a".repeat(15000)}(`]) {
      expect(problems("/X", `?$filter=${encodeURIComponent(filter)}`)).toHaveLength(1);
    }
    const deep = `${"A($expand=".repeat(1000)}A${")".repeat(1000)}`;
    expect(problems("/X", `?$expand=${deep}`)).toHaveLength(1);
  });
});

describe("with metadata", () => {
  it.each([
    ["/Ps(1)/Next(2)/Id", ""],
    ["/Ps/1/Id", ""],
    ["/Ps", "?$select=Id,Next&$expand=Next($expand=Next;$filter=Id eq 1)&$orderby=Id desc"],
    ["/Opens", "?$filter=anything eq 1"],
    ["/$batch", ""],
    ["/", ""],
  ])("%s%s", (path, query) => {
    expect(problems(path, query, shop)).toEqual([]);
  });

  it.each([
    ["/Qs", ""],
    ["/Ps(1)/No", ""],
    ["/Ps(", ""],
    ["/Ps(a b)", ""],
    ["/Ps", "?$select=No"],
    ["/Ps", "?$expand=Next($select=No)"],
    ["/Ps", "?$expand=Next($no=1)"],
    ["/Ps", "?$orderby=No desc"],
    ["/Ps", "?$filter=Next/any(n:n/Id eq 1) and No eq 1"],
    ["/Loops", "?$select=x"],
  ])("not %s%s", (path, query) => {
    expect(problems(path, query, shop)).toHaveLength(1);
  });
});
