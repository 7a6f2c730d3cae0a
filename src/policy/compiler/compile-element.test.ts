import { describe, expect, it } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { parseDocument } from "../document/parse.ts";
import { elementChildren } from "../document/tree.ts";
import type { Scope, Section } from "../exchange/errors.ts";
import { type CompileEnvironment, compilePolicies } from "./compile-element.ts";
import type { NamedValue } from "./named-values.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy, type PolicyDefinition } from "./schema.ts";

const leaf = definePolicy({
  name: "leaf",
  summary: "A policy with attributes.",
  category: "limits",
  sections: ["inbound", "outbound"],
  scopes: ["api", "operation"],
  attributes: {
    calls: { type: "int", expression: false, required: true, min: 1, max: 10, doc: "How many." },
    note: { type: "string", expression: true, doc: "Free text." },
    mode: { type: ["fast", "slow"], expression: true, doc: "How." },
  },
  load: () => () => {},
});

const parts = definePolicy({
  name: "parts",
  summary: "A policy with children in order.",
  category: "limits",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  children: {
    head: { doc: "First.", max: 1, text: { type: "string", expression: true, required: true, doc: "Its text." } },
    leaf: { policy: "leaf" },
    tail: { doc: "Last.", min: 1 },
    later: { policy: "later" },
  },
  load: () => () => {},
});

const box = definePolicy({
  name: "box",
  summary: "A container.",
  category: "control flow",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  policies: ["leaf", "include-fragment", "box"],
  load: () => () => {},
});

const single = definePolicy({
  name: "single",
  summary: "Once in a section.",
  category: "limits",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  once: true,
  check(element, report) {
    if (element.attributes.length === 0) report(element, "<single> is bare", "give it an id");
  },
  load: () => () => {},
});

const marker = (name: string, attributes?: PolicyDefinition["attributes"]) =>
  definePolicy({
    name,
    summary: "Stands for another thing.",
    category: "control flow",
    sections: ALL_SECTIONS,
    scopes: ALL_SCOPES,
    ...(attributes ? { attributes } : {}),
    load: () => () => {},
  });

const definitions = [
  leaf,
  parts,
  box,
  single,
  marker("base"),
  marker("include-fragment", {
    "fragment-id": { type: "string", expression: false, required: true, doc: "Its name." },
  }),
];

function compile(
  xml: string,
  more: {
    section?: Section;
    scope?: Scope;
    fragments?: Record<string, string>;
    namedValues?: Record<string, NamedValue>;
    standalone?: boolean;
  } = {},
) {
  const document = parseDocument(new SourceFile("policy.xml", `<root>\n${xml}\n</root>`));
  const fragments = Object.entries(more.fragments ?? {}).map(([id, text]) => {
    const { root } = parseDocument(new SourceFile(`${id}.xml`, `<fragment>${text}</fragment>`));
    if (!root) throw new Error("no fragment");
    return [id, { root, origin: `${id}.xml` }] as const;
  });
  const environment: CompileEnvironment = {
    policies: new Map(definitions.map((definition) => [definition.name, definition])),
    fragments: new Map(fragments),
    unsupported: new Set(["later"]),
    scope: more.scope,
    namedValues: new Map(Object.entries(more.namedValues ?? {})),
    standalone: more.standalone ?? false,
    diagnostics: [],
  };
  const { root } = document;
  if (!root) throw new Error("no document");
  const place = { section: more.section ?? "inbound", path: "", fragment: undefined };
  const elements = compilePolicies(elementChildren(root), place, environment);
  return { elements, diagnostics: environment.diagnostics, codes: environment.diagnostics.map((d) => d.code) };
}

describe("elements", () => {
  it("carry name, position, typed attributes and path", () => {
    const { elements, codes } = compile('<leaf calls="3" note="x" />\n  <leaf calls=" 4 " id="second" />');
    expect(codes).toEqual([]);
    expect(elements).toEqual([
      { name: "leaf", at: "policy.xml:2:1", attributes: { calls: 3, note: "x" }, path: "leaf[1]" },
      { name: "leaf", at: "policy.xml:3:3", attributes: { calls: 4, id: "second" }, path: "leaf[2]" },
    ]);
  });

  it("number same-named siblings within each container", () => {
    const { elements } = compile('<box><leaf calls="1"/></box><box><leaf calls="1"/><leaf calls="2"/></box>');
    const inner = elements.flatMap((element) => element.children ?? []);
    expect(inner.map((element) => element.path)).toEqual(["box[1]/leaf[1]", "box[2]/leaf[1]", "box[2]/leaf[2]"]);
  });

  it("say where an unknown policy stands and what was meant", () => {
    const { diagnostics } = compile("  <leef calls='1' />");
    expect(diagnostics).toEqual([
      {
        severity: "error",
        code: "unknown-policy",
        message: "<leef> is not a policy",
        file: "policy.xml",
        line: 2,
        column: 3,
        hint: 'did you mean "leaf"?',
      },
    ]);
  });

  it("tell a policy that is not carried out yet from an unknown one", () => {
    expect(compile("<later/>").codes).toEqual(["unsupported-policy"]);
    expect(compile("<latte/>").diagnostics[0]).toMatchObject({ code: "unknown-policy" });
  });

  it("report a child policy that is not carried out yet", () => {
    const { diagnostics } = compile("<parts><tail/><later/></parts>");
    expect(diagnostics.map((d) => [d.code, d.column])).toEqual([["unsupported-policy", 15]]);
  });
});

describe("attributes", () => {
  it("that are unknown are reported at the attribute, with what is allowed", () => {
    const { diagnostics } = compile('<leaf calls="1" nots="x"/>');
    expect(diagnostics[0]).toMatchObject({
      code: "unknown-attribute",
      line: 2,
      column: 17,
      message: '<leaf> has no attribute "nots"; allowed: calls, note, mode',
      hint: 'did you mean "note"?',
    });
  });

  it("that are missing are reported at the element", () => {
    const { diagnostics } = compile("<leaf/>");
    expect(diagnostics[0]).toMatchObject({ code: "missing-attribute", column: 1 });
    expect(diagnostics[0]?.message).toBe('<leaf> needs the attribute "calls": How many.');
  });

  it("named id are for policies only", () => {
    expect(compile('<leaf id="a" calls="1"/>').codes).toEqual([]);
    expect(compile('<parts><tail id="a"/></parts>').codes).toEqual(["unknown-attribute"]);
  });

  it.each([
    ["0", "invalid-value"],
    ["11", "invalid-value"],
    ["1.5", "invalid-value"],
    ["", "invalid-value"],
    ["@(1)", "expression-not-allowed"],
  ])("of a type refuse %j", (value, code) => {
    expect(compile(`<leaf calls="${value}"/>`).codes).toEqual([code]);
  });

  it("of an enumeration name the words", () => {
    const { diagnostics } = compile('<leaf calls="1" mode="fat"/>');
    expect(diagnostics[0]).toMatchObject({
      column: 23,
      message: 'attribute "mode" of <leaf> is "fat"; allowed: "fast", "slow"',
      hint: 'did you mean "fast"?',
    });
  });
});

describe("children", () => {
  it("stand in order", () => {
    const { diagnostics } = compile('<parts><leaf calls="1"/><head>x</head><tail/></parts>');
    expect(diagnostics.map((d) => d.code)).toEqual(["element-order"]);
    expect(diagnostics[0]).toMatchObject({ column: 25, hint: "order: head, leaf, tail, later" });
  });

  it("are counted", () => {
    expect(compile("<parts><head>a</head><head>b</head><tail/></parts>").codes).toEqual(["element-repeated"]);
    expect(compile("<parts><head>a</head></parts>").codes).toEqual(["missing-element"]);
    expect(compile("<parts><tail/><tail/></parts>").codes).toEqual([]);
  });

  it("that are unknown get a suggestion", () => {
    const { diagnostics } = compile("<parts><tall/><tail/></parts>");
    expect(diagnostics[0]).toMatchObject({ code: "unexpected-element", hint: 'did you mean "tail"?' });
  });

  it("need their text", () => {
    expect(compile("<parts><head> </head><tail/></parts>").codes).toEqual(["missing-text"]);
    expect(compile("<parts><head><b/></head><tail/></parts>").codes).toEqual(["unexpected-element", "missing-text"]);
  });

  it("leave no room for stray text", () => {
    const { diagnostics } = compile("<parts>\n  stray <tail/></parts>");
    expect(diagnostics[0]).toMatchObject({ code: "unexpected-text", line: 3, column: 3 });
    expect(compile("<parts><![CDATA[x]]><tail/></parts>").codes).toEqual(["unexpected-text"]);
    expect(compile("<parts><!-- fine --><tail/></parts>").codes).toEqual([]);
  });

  it("that are policies have a path, others have none", () => {
    const { elements } = compile('<parts><head>x</head><leaf calls="1"/><tail/></parts>');
    expect(elements[0]?.children?.map((child) => child.path)).toEqual([undefined, "parts[1]/leaf[1]", undefined]);
    expect(elements[0]?.children?.[0]?.text).toBe("x");
  });
});

describe("places", () => {
  it("are checked for the section", () => {
    const { diagnostics } = compile('<leaf calls="1"/>', { section: "backend" });
    expect(diagnostics[0]?.message).toBe("<leaf> is not allowed in <backend>; allowed in inbound, outbound");
  });

  it("are checked for the scope, where it is known", () => {
    expect(compile('<leaf calls="1"/>', { scope: "global" }).codes).toEqual(["policy-not-allowed-at-scope"]);
    expect(compile('<leaf calls="1"/>', { scope: "api" }).codes).toEqual([]);
    expect(compile('<leaf calls="1"/>').codes).toEqual([]);
  });

  it("inside a container are limited to the policies it names", () => {
    const { diagnostics } = compile("<box><parts><tail/></parts></box>");
    expect(diagnostics.map((d) => d.message)).toEqual([
      "<parts> is not allowed here; allowed: leaf, include-fragment, box",
    ]);
  });

  it("take some policies once", () => {
    expect(compile('<single id="a"/><single id="b"/>').codes).toEqual(["policy-repeated"]);
  });

  it("take base directly in a section only", () => {
    expect(compile("<base/>").codes).toEqual([]);
    expect(compile("<include-fragment fragment-id='f'/>", { fragments: { f: "<base/>" } }).codes).toEqual([
      "base-misplaced",
    ]);
  });

  it("are judged by the policy's own check as well", () => {
    const { diagnostics } = compile("<single/>");
    expect(diagnostics[0]).toMatchObject({
      code: "invalid-policy",
      message: "<single> is bare",
      hint: "give it an id",
    });
  });
});

describe("fragments", () => {
  const fragments = { f: '<leaf calls="2"/><leaf calls="3"/>', g: '<include-fragment fragment-id="f"/>' };

  it("are put in place, with their own positions", () => {
    const { elements, codes } = compile('<leaf calls="1"/><include-fragment fragment-id="f"/><leaf calls="4"/>', {
      fragments,
    });
    expect(codes).toEqual([]);
    expect(elements.map((element) => [element.at, element.attributes?.calls])).toEqual([
      ["policy.xml:2:1", 1],
      ["f.xml:1:11", 2],
      ["f.xml:1:28", 3],
      ["policy.xml:2:53", 4],
    ]);
  });

  it("may be included again and again, but not in each other", () => {
    const twice = '<include-fragment fragment-id="f"/><include-fragment fragment-id="f"/>';
    expect(compile(twice, { fragments }).elements).toHaveLength(4);
    expect(compile('<include-fragment fragment-id="g"/>', { fragments }).codes).toEqual(["nested-fragment"]);
  });

  it("are held to what is allowed in their place", () => {
    const inBox = '<box><include-fragment fragment-id="f"/></box>';
    expect(compile(inBox, { fragments: { f: "<parts><tail/></parts>" } }).codes).toEqual(["policy-not-allowed"]);
    expect(compile('<include-fragment fragment-id="f"/>', { fragments, section: "backend" }).codes).toEqual([
      "policy-not-allowed-in-section",
      "policy-not-allowed-in-section",
    ]);
  });

  it("must exist, unless the document is looked at on its own", () => {
    const unknown = '<include-fragment fragment-id="ff"/>';
    expect(compile(unknown, { fragments }).diagnostics[0]).toMatchObject({
      code: "unknown-fragment",
      severity: "error",
      hint: 'did you mean "f"?',
    });
    expect(compile(unknown, { fragments, standalone: true }).diagnostics[0]?.severity).toBe("warning");
    expect(compile("<include-fragment/>").codes).toEqual(["missing-attribute"]);
  });

  it("are found by a named value too", () => {
    const { elements } = compile('<include-fragment fragment-id="{{which}}"/>', {
      fragments,
      namedValues: { which: { secret: false, value: "f" } },
    });
    expect(elements).toHaveLength(2);
  });
});
