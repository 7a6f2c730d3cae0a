import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { SourceFile } from "../../model/source-text.ts";
import { toRawXml, toXmlFormat } from "./format.ts";
import { parseDocument } from "./parse.ts";
import { print } from "./print.ts";

const SEED = `\uFEFF<?xml version="1.0"?>\r\n<!-- a --><policies>
  <inbound><base /><choose><when condition="@(a["b"] < 1 && c.Any(x => x == 'd'))"><e f='g' h="i &lt; j"/></when></choose>
    <set-body template="liquid">{ "k": {{l}} }</set-body><set-body>@{ // m\n return $"{n:N} {{}} " + @"o"""; }</set-body>
    <set-body><![CDATA[@{ return 1 < 2; }]]></set-body><!-- p --></inbound>
  <outbound><xsl:q r = "s"><t>&quot;&#xA;</t></xsl:q></outbound>
</policies>`;

/** Pieces that change what the parser makes of the characters around them. */
const PIECES = [
  ..."<>\"'@(){}&;=/!?-[]$\\ \n\r\u0000\ud800\ufeff",
  ...[
    "</",
    "/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "<!DOCTYPE",
    "@(",
    "@{",
    "&lt;",
    "&#",
    "//",
    "/*",
    '$"{',
    '@"',
  ],
  ...["</inbound>", "</choose>", "<when>", "<a ", 'x="', "policies", "\n    <base />"],
];

/** A small generator (mulberry32): the same numbers in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function mutate(text: string, random: () => number): string {
  let mutated = text;
  for (let n = 1 + Math.floor(random() * 6); n > 0; n--) {
    const at = Math.floor(random() * (mutated.length + 1));
    const until = at + Math.floor(random() ** 3 * 60);
    const piece = random() < 0.6 ? PIECES[Math.floor(random() * PIECES.length)] : mutated.slice(until, until + 20);
    mutated = mutated.slice(0, at) + piece + mutated.slice(random() < 0.5 ? at : until);
  }
  return mutated;
}

function expectLossless(text: string, name = "policy.xml"): void {
  for (const format of ["rawxml", "xml"] as const) {
    const document = parseDocument(new SourceFile(name, text), { format });
    if (print(document) !== text) expect.fail(`${name} as ${format} is printed otherwise: ${JSON.stringify(text)}`);
    for (const d of document.diagnostics) if (!(d.line > 0 && d.column > 0)) expect.fail(JSON.stringify([d, text]));
    toXmlFormat(document);
    toRawXml(document);
  }
}

describe("parsing and printing gives back", () => {
  it("a sound document without findings", () => {
    expectLossless(SEED);
    expect(parseDocument(new SourceFile("f", SEED)).diagnostics).toEqual([]);
  });

  it("any mutation of it", () => {
    const random = numbers(20260501);
    for (let n = 0; n < 4000; n++) expectLossless(mutate(SEED, random));
  });

  it("any sequence of markup", () => {
    const random = numbers(7);
    for (let n = 0; n < 2000; n++) {
      const length = 1 + Math.floor(random() * 40);
      expectLossless(Array.from({ length }, () => PIECES[Math.floor(random() * PIECES.length)]).join(""));
    }
  });

  it("every beginning of it", () => {
    for (let end = 0; end < SEED.length; end++) expectLossless(SEED.slice(0, end));
  });
});

/** Real documents that are kept beside the repository and not in it; where they are missing there is nothing to check. */
const CORPUS = join(import.meta.dirname, "../../../../shared/corpus/open");

/** Broken where they were published: a formatter took the strings of an expression apart. */
const BROKEN: Readonly<Record<string, string[]>> = {
  "Call out to an HTTP endpoint and cache the response.policy.xml": ["40:28 unclosed-expression"],
};

if (existsSync(CORPUS)) {
  const files = readdirSync(CORPUS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

  describe("the corpus of real documents", () => {
    it("is there", () => {
      expect(files.length).toBeGreaterThan(100);
    });

    it.each(files.map((file) => [file.slice(CORPUS.length + 1), file]))("%s", (name, file) => {
      const text = readFileSync(file, "utf8");
      expectLossless(text, name);
      const { diagnostics } = parseDocument(new SourceFile(name, text));
      const errors = diagnostics.filter((d) => d.severity === "error").map((d) => `${d.line}:${d.column} ${d.code}`);
      expect(errors).toEqual(BROKEN[basename(file)] ?? []);
    });
  });
}
