import { describe, expect, it } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { EXPRESSION_LIMIT } from "../document/csharp-scan.ts";
import { parseDocument } from "../document/parse.ts";
import { LIMITS } from "../document/reading.ts";
import { elementChildren } from "../document/tree.ts";
import type { Scope } from "../exchange/errors.ts";
import { policies, unsupportedPolicies } from "../testing/catalog.ts";
import { checkFragment, compilePolicyDocument } from "./compile-document.ts";
import { type CompileEnvironment, compilePolicies } from "./compile-element.ts";
import type { NamedValue } from "./named-values.ts";

/**
 * What a document may not be (policy reference 2.1 to 2.6), with the policies as they are: where each mistake is
 * reported, and in which words.
 */

const NAMED_VALUES: Record<string, NamedValue> = {
  limit: { secret: false, value: "5" },
  word: { secret: false, value: "five" },
  nested: { secret: false, value: "{{limit}}" },
  code: { secret: false, value: "@(1 + 1)" },
  quoted: { secret: false, value: 'say "hi"' },
};

const FRAGMENTS: Record<string, string> = {
  headers: '<fragment>\n  <set-header name="a" />\n</fragment>',
  routing: "<fragment>\n  <rewrite-uri template='/' />\n</fragment>",
  inheriting: "<fragment>\n  <base />\n</fragment>",
  nesting: '<fragment>\n  <include-fragment fragment-id="headers" />\n</fragment>',
  sectioned: "<fragment>\n  <inbound />\n</fragment>",
};

function environment(scope: Scope | undefined): CompileEnvironment {
  const fragments = Object.entries(FRAGMENTS).flatMap(([id, text]) => {
    const { root } = parseDocument(new SourceFile(`${id}.xml`, text));
    return root ? [[id, { root, origin: `${id}.xml` }] as const] : [];
  });
  return {
    policies,
    unsupported: unsupportedPolicies,
    fragments: new Map(fragments),
    namedValues: new Map(Object.entries(NAMED_VALUES)),
    standalone: false,
    scope,
    diagnostics: [],
  };
}

/** `file:line:column message (hint)` of everything found; the file is left out where it is the document. */
function shown(diagnostics: CompileEnvironment["diagnostics"]): string[] {
  return diagnostics.map(({ file, line, column, severity, message, hint }) => {
    const place = `${file === "policy.xml" ? "" : `${file}:`}${line}:${column}`;
    return `${place} ${severity === "error" ? "" : `${severity}: `}${message}${hint ? ` (${hint})` : ""}`;
  });
}

function findings(text: string, scope?: Scope): string[] {
  const env = environment(scope);
  compilePolicyDocument(parseDocument(new SourceFile("policy.xml", text)), env);
  return shown(env.diagnostics);
}

const REST = "<backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error>";

/** A document whose inbound section holds this, on lines 2 and following. */
function inbound(content: string): string {
  return `<policies><inbound>\n${content}\n</inbound>${REST}</policies>`;
}

/** A document whose backend section holds this, on lines 2 and following. */
function backend(content: string): string {
  return `<policies><inbound /><backend>\n${content}\n</backend><outbound /><on-error /></policies>`;
}

describe("a document is refused for", () => {
  const documents: [string, string, string[]][] = [
    ["another root", "<policy />", ["1:1 the document's root is <policy>; it must be <policies>"]],
    [
      "an attribute at the root",
      `<policies version="1"><inbound />${REST}</policies>`,
      ["1:11 <policies> takes no attributes"],
    ],
    [
      "an attribute at a section",
      `<policies><inbound id="a" />${REST}</policies>`,
      ["1:20 <inbound> takes no attributes"],
    ],
    [
      "a section that there is not",
      `<policies><inbound />\n<out-bound />${REST}</policies>`,
      ['2:1 <out-bound> is not a section; sections: inbound, backend, outbound, on-error (did you mean "outbound"?)'],
    ],
    ["a section twice", `<policies><inbound />\n<inbound />${REST}</policies>`, ["2:1 <inbound> stands twice"]],
    [
      "a policy outside a section",
      `<policies><inbound />\n<set-method>GET</set-method>${REST}</policies>`,
      ["2:1 <set-method> is not a section; sections: inbound, backend, outbound, on-error"],
    ],
    ["text outside a section", `<policies>\n  now<inbound />${REST}</policies>`, ["2:3 <policies> takes no text"]],
    ["text in a section", inbound("  now"), ["2:3 <inbound> takes no text"]],
    [
      "an unknown policy",
      inbound("  <set-heder name='a' />"),
      ['2:3 <set-heder> is not a policy (did you mean "set-header"?)'],
    ],
    [
      "an attribute that a policy does not have",
      inbound("<set-header nam='a' name='b' />"),
      ['2:13 <set-header> has no attribute "nam"; allowed: name, exists-action (did you mean "name"?)'],
    ],
    [
      "a missing attribute",
      inbound("  <set-header />"),
      ['2:3 <set-header> needs the attribute "name": Name of the header.'],
    ],
    [
      "a word that is none of an enumeration",
      inbound("<set-header name='a' exists-action='overide' />"),
      [
        '2:37 attribute "exists-action" of <set-header> is "overide"; allowed: "override", "skip", "append", "delete" (did you mean "override"?)',
      ],
    ],
    [
      "a word in another case",
      inbound("<set-header name='a' exists-action='Override' />"),
      [
        '2:37 attribute "exists-action" of <set-header> is "Override"; allowed: "override", "skip", "append", "delete" (did you mean "override"?)',
      ],
    ],
    [
      "a word of an enumeration of a child",
      inbound(
        '<validate-jwt header-name="a"><required-claims>\n<claim name="b" match="some" /></required-claims></validate-jwt>',
      ),
      ['3:24 attribute "match" of <claim> is "some"; allowed: "all", "any"'],
    ],
    [
      "a number that is none",
      inbound("<rate-limit calls='many' renewal-period='60' />"),
      ['2:20 attribute "calls" of <rate-limit> must be a whole number, not "many"'],
    ],
    [
      "a number out of range",
      inbound("<rate-limit calls='1' renewal-period='301' />"),
      ['2:39 attribute "renewal-period" of <rate-limit> must be from 1 to 300, not 301'],
    ],
    [
      "a fraction",
      inbound("<rate-limit calls='1.5' renewal-period='60' />"),
      ['2:20 attribute "calls" of <rate-limit> must be a whole number, not "1.5"'],
    ],
    [
      "a bool that is none",
      inbound("<cache-lookup vary-by-developer='no' vary-by-developer-groups='false' />"),
      ['2:34 attribute "vary-by-developer" of <cache-lookup> must be "true" or "false", not "no"'],
    ],
    [
      "two policies in the backend section",
      backend(
        "<retry condition='@(true)' count='1' interval='1'><forward-request /></retry>\n<choose><when condition='@(true)'><forward-request /></when></choose>",
      ),
      ["3:1 <backend> takes one policy only (nest the others inside it, for example in <retry> or <choose>)"],
    ],
    [
      "base beside another policy in the backend section",
      backend("<base />\n  <forward-request />"),
      ["3:3 <backend> takes one policy only (nest the others inside it, for example in <retry> or <choose>)"],
    ],
    ["base twice", inbound("<base />\n  <base />"), ["3:3 <base /> stands twice in <inbound>"]],
    [
      "base inside a policy",
      inbound("<choose><when condition='@(true)'>\n  <base /></when></choose>"),
      ["3:3 <base /> is allowed directly in a section only"],
    ],
    [
      "a policy of another section",
      inbound("  <forward-request />"),
      ["2:3 <forward-request> is not allowed in <inbound>; allowed in backend"],
    ],
    [
      "a policy of another section inside a policy",
      inbound("<choose><when condition='@(true)'>\n  <cache-store duration='1' /></when></choose>"),
      ["3:3 <cache-store> is not allowed in <inbound>; allowed in outbound"],
    ],
    [
      "a policy twice that may stand once",
      inbound("<rate-limit calls='1' renewal-period='60' />\n  <rate-limit calls='2' renewal-period='60' />"),
      ["3:3 <rate-limit> may stand only once in a section"],
    ],
    [
      "a policy in a container that takes only some",
      inbound("<wait for='all'>\n  <set-header name='a' /></wait>"),
      [
        "3:3 <set-header> is not allowed here; allowed: send-request, cache-lookup-value, choose, forward-request, cache-store-value, authentication-managed-identity, authentication-token",
      ],
    ],
    [
      "children in another order",
      inbound(
        "<return-response>\n  <set-body>a</set-body>\n  <set-status code='200' reason='OK' />\n</return-response>",
      ),
      ["4:3 <set-status> must stand before <set-body> in <return-response> (order: set-status, set-header, set-body)"],
    ],
    [
      "otherwise before when",
      inbound("<choose>\n  <otherwise />\n  <when condition='@(true)' />\n</choose>"),
      ["4:3 <when> must stand before <otherwise> in <choose> (order: when, otherwise)"],
    ],
    [
      "a child twice",
      inbound("<choose>\n<when condition='@(true)' />\n<otherwise />\n<otherwise />\n</choose>"),
      ["5:1 <choose> takes at most 1 <otherwise>"],
    ],
    ["a missing child", inbound("  <choose />"), ["2:3 <choose> needs an element <when>"]],
    [
      "a child that a policy does not have",
      inbound("<ip-filter action='allow'>\n  <adress>10.0.0.1</adress></ip-filter>"),
      ['3:3 <adress> is not allowed in <ip-filter>; allowed: address, address-range (did you mean "address"?)'],
    ],
    [
      "an element where text stands",
      inbound("<set-method>\n  <value>GET</value></set-method>"),
      ["3:3 <set-method> holds text, not elements", "2:1 <set-method> needs text: The HTTP method."],
    ],
    [
      "text where elements stand",
      inbound("<set-header name='a'>\n  GET</set-header>"),
      ["3:3 <set-header> takes no text"],
    ],
    ["missing text", inbound("  <set-method> </set-method>"), ["2:3 <set-method> needs text: The HTTP method."]],
    [
      "an expression where none may be",
      inbound("<rate-limit calls='@(5)' renewal-period='60' />"),
      ['2:20 attribute "calls" of <rate-limit> does not allow a policy expression (write a literal or a named value)'],
    ],
    [
      "an expression in a name",
      inbound("<set-variable name='@(\"a\")' value='b' />"),
      ['2:21 attribute "name" of <set-variable> does not allow a policy expression (write a literal or a named value)'],
    ],
    [
      "an expression that does not parse",
      inbound("<set-variable name='a' value='@(1 +)' />"),
      ["2:36 Expression expected, found ')'"],
    ],
    [
      "an expression of a type that is not allowed",
      inbound("<set-variable name='a' value='@(System.IO.File.ReadAllText(\"a\"))' />"),
      [
        "2:43 The type or namespace name 'File' does not exist in the namespace 'System.IO', or policy expressions may not use it",
      ],
    ],
    [
      "an expression of a member that there is not",
      inbound("<set-variable name='a' value='@(context.Request.Header)' />"),
      ["2:49 'IRequest' does not contain a definition for 'Header' (did you mean \"Headers\"?)"],
    ],
    [
      "a path without a return",
      inbound("<set-variable name='a' value='@{ if (context.Tracing) { return 1; } }' />"),
      ["2:69 Not all code paths return a value (every path must end in return or throw)"],
    ],
  ];
  it.each(documents)("%s", (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
  });

  const scopes: [string, string, Scope, string[]][] = [
    [
      "quota outside a product",
      inbound("  <quota calls='1' renewal-period='60' />"),
      "api",
      ["2:3 <quota> is not allowed at api scope; allowed at product"],
    ],
    [
      "rate-limit at global scope",
      inbound("  <rate-limit calls='1' renewal-period='60' />"),
      "global",
      ["2:3 <rate-limit> is not allowed at global scope; allowed at workspace, product, api, operation"],
    ],
    [
      "cross-domain below global scope",
      inbound("  <cross-domain><cross-domain-policy /></cross-domain>"),
      "operation",
      ["2:3 <cross-domain> is not allowed at operation scope; allowed at global"],
    ],
    [
      "a policy of another scope inside a policy",
      inbound("<choose><when condition='@(true)'>\n<quota calls='1' renewal-period='60' /></when></choose>"),
      "api",
      ["3:1 <quota> is not allowed at api scope; allowed at product"],
    ],
  ];
  it.each(scopes)("%s", (_, text, scope, expected) => {
    expect(findings(text, scope)).toEqual(expected);
  });
});

describe("a fragment is refused for", () => {
  const include = (id: string) => `  <include-fragment fragment-id="${id}" />`;
  const included: [string, string, string[]][] = [
    [
      "not being there",
      inbound(include("header")),
      ['2:3 the policy fragment "header" does not exist (did you mean "headers"?)'],
    ],
    [
      "having no name",
      inbound("  <include-fragment />"),
      ['2:3 <include-fragment> needs the attribute "fragment-id": Name of the policy fragment.'],
    ],
    [
      "a name that is an expression",
      inbound(include("@(1)")),
      [
        '2:34 attribute "fragment-id" of <include-fragment> does not allow a policy expression (write a literal or a named value)',
      ],
    ],
    [
      "base in it",
      inbound(include("inheriting")),
      ["inheriting.xml:2:3 <base /> is allowed directly in a section only"],
    ],
    [
      "another fragment in it",
      inbound(include("nesting")),
      ['nesting.xml:2:3 <include-fragment> is not allowed inside a fragment (here "nesting")'],
    ],
    ["a section in it", inbound(include("sectioned")), ["sectioned.xml:2:3 <inbound> is not a policy"]],
    [
      "a policy that may not stand in the section",
      `<policies><inbound /><backend /><outbound>\n${include("routing")}</outbound><on-error /></policies>`,
      ["routing.xml:2:3 <rewrite-uri> is not allowed in <outbound>; allowed in inbound"],
    ],
    [
      "a policy that may not stand in the container",
      inbound(`<wait for="all">\n${include("headers")}</wait>`),
      [
        "headers.xml:2:3 <set-header> is not allowed here; allowed: send-request, cache-lookup-value, choose, forward-request, cache-store-value, authentication-managed-identity, authentication-token",
      ],
    ],
    [
      "standing beside a policy in the backend section",
      backend(`<forward-request />\n${include("headers")}`),
      ["3:3 <backend> takes one policy only (nest the others inside it, for example in <retry> or <choose>)"],
    ],
  ];
  it.each(included)("%s", (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
  });

  const alone: [string, string, string[]][] = [
    ["being a document", "<policies />", ["1:1 the document's root is <policies>; it must be <fragment>"]],
    ["attributes", `<fragment name="a" />`, ["1:11 <fragment> takes no attributes"]],
    ["text", "<fragment>\n  now\n</fragment>", ["2:3 <fragment> takes no text"]],
    ["sections", "<fragment>\n  <outbound />\n</fragment>", ["2:3 <outbound> is not a policy"]],
    ["base", "<fragment>\n  <base />\n</fragment>", ["2:3 <base /> is allowed directly in a section only"]],
    [
      "another fragment",
      `<fragment>\n  <include-fragment fragment-id="headers" />\n</fragment>`,
      ['2:3 <include-fragment> is not allowed inside a fragment (here "f")'],
    ],
  ];
  it.each(alone)("%s, also on its own", (_, text, expected) => {
    const env = environment(undefined);
    const root = checkFragment(parseDocument(new SourceFile("policy.xml", text)), env);
    if (root) compilePolicies(elementChildren(root), { section: undefined, path: "", fragment: "f" }, env);
    expect(shown(env.diagnostics)).toEqual(expected);
  });
});

describe("a named value is refused", () => {
  const values: [string, string, string[]][] = [
    [
      "that does not exist",
      inbound("<rate-limit calls='{{limits}}' renewal-period='60' />"),
      [
        '2:20 attribute "calls" of <rate-limit> refers to the named value "limits", which does not exist (did you mean "limit"?)',
      ],
    ],
    [
      "that does not exist, within text",
      inbound("<set-header name='a'>\n  <value>a {{nothing}}</value></set-header>"),
      [
        '3:12 the text of <value> refers to the named value "nothing", which does not exist (add "named values/nothing/namedValueInformation.json")',
      ],
    ],
    [
      "that does not exist, within an expression",
      inbound("<set-variable name='a' value='@(1 + {{nothing}})' />"),
      [
        '2:37 attribute "value" of <set-variable> refers to the named value "nothing", which does not exist (add "named values/nothing/namedValueInformation.json")',
      ],
    ],
    [
      "whose text is not of the type",
      inbound("<rate-limit calls='{{word}}' renewal-period='60' />"),
      ['2:20 attribute "calls" of <rate-limit> must be a whole number, not "five"'],
    ],
    [
      "whose number is out of range",
      inbound("<set-status code='{{limit}}' reason='a' />"),
      ['2:19 attribute "code" of <set-status> must be from 200 to 999, not 5'],
    ],
    [
      "that refers to another",
      inbound("<rate-limit calls='{{nested}}' renewal-period='60' />"),
      ['2:20 attribute "calls" of <rate-limit> must be a whole number, not "{{limit}}"'],
    ],
    [
      "that is an expression where none may be",
      inbound("<rate-limit calls='{{code}}' renewal-period='60' />"),
      ['2:20 attribute "calls" of <rate-limit> does not allow a policy expression (write a literal or a named value)'],
    ],
    [
      "that breaks the code around it",
      inbound("<set-variable name='a' value='@(\"{{quoted}}\")' />"),
      ["2:34 ) expected, found 'hi'"],
    ],
    [
      "as the name of a fragment that does not exist",
      inbound("<include-fragment fragment-id='{{word}}' />"),
      ['2:1 the policy fragment "five" does not exist'],
    ],
  ];
  it.each(values)("%s", (_, text, expected) => {
    expect(findings(text)).toEqual(expected);
  });
});

describe("a document is refused for its size:", () => {
  const sizes: [string, string, string[]][] = [
    [
      "too many characters",
      inbound(" ".repeat(LIMITS.size)),
      ["1:1 The document is longer than 4 MiB and was not read."],
    ],
    [
      "too many elements",
      inbound("<!-- -->".repeat(LIMITS.nodes)),
      ["2:2399977 More than 300000 elements, attributes and texts: the rest was not read."],
    ],
    [
      "too deep",
      inbound(`${"<block>".repeat(LIMITS.depth)}${"</block>".repeat(LIMITS.depth)}`),
      ["2:1387 <block> is nested deeper than 200 elements: the rest was not read."],
    ],
    [
      "a long expression",
      inbound(`<set-variable name="a" value="@(${" ".repeat(EXPRESSION_LIMIT)}1)" />`),
      ['2:31 The expression in attribute "value" of <set-variable> is too long, or its closing ) is missing.'],
    ],
  ];
  it.each(sizes)("%s", (_, text, expected) => {
    expect(findings(text).slice(0, 1)).toEqual(expected);
  });
});
