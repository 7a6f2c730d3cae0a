import { beforeEach, describe, expect, it } from "vitest";
import { resetBudget } from "../../budget.ts";
import { ArgumentException, BudgetExceededError } from "../../exceptions.ts";
import { compilePattern } from "./compiler.ts";
import { isNullable } from "./first-set.ts";
import { Matcher } from "./matcher.ts";
import {
  ECMA_SCRIPT,
  EXPLICIT_CAPTURE,
  IGNORE_CASE,
  IGNORE_WHITE_SPACE,
  MULTILINE,
  RIGHT_TO_LEFT,
  SINGLELINE,
} from "./options.ts";
import { parsePattern } from "./parser.ts";
import { Regex } from "./regex.ts";
import type { Pattern } from "./syntax.ts";

beforeEach(resetBudget);

/** The groups of the first match, `-` for one that captured nothing; null without a match. */
function groups(pattern: string, input: string, options = 0): string[] | null {
  const match = Regex.of(pattern, options).match(input);
  return match.success ? match.groups.items.map((group) => (group.success ? group.value : "-")) : null;
}

describe("syntax", () => {
  it.each<[pattern: string, input: string, options: number, groups: string[] | null]>([
    ["a.c", "a\rc", 0, ["a\rc"]],
    ["a.c", "a\nc", 0, null],
    ["a.c", "a\nc", SINGLELINE, ["a\nc"]],
    ["^b$", "a\nb\nc", 0, null],
    ["^b$", "a\nb\nc", MULTILINE, ["b"]],
    ["b\\Z", "ab\n", 0, ["b"]],
    ["b\\z", "ab\n", 0, null],
    ["\\Aa", "ba", 0, null],
    ["\\d", "٣", 0, ["٣"]],
    ["\\d", "٣", ECMA_SCRIPT, null],
    ["\\w", "é", ECMA_SCRIPT, null],
    ["\\s", "\u0085", 0, ["\u0085"]],
    ["\\p{Lu}\\P{Lu}", "aBc", 0, ["Bc"]],
    ["\\p{IsGreek}+", "abγδ", 0, ["γδ"]],
    ["\\p{IsBasicLatin}", "é", 0, null],
    ["[\\w-[\\d_]]+", "12ab_c", 0, ["ab"]],
    ["[a-z-[aeiou-[u]]]+", "aubc", 0, ["ubc"]],
    ["[]a]+", "]a", 0, ["]a"]],
    ["[^]a]+", "]ab", 0, ["b"]],
    ["[a\\-z]+", "-z", 0, ["-z"]],
    ["[\\b]", "\b", 0, ["\b"]],
    ["\\x41\\u0042\\103\\cA\\e", "ABC\u0001\u001b", 0, ["ABC\u0001\u001b"]],
    ["a{2}", "aaa", 0, ["aa"]],
    ["a{,2}", "a{,2}", 0, ["a{,2}"]],
    ["x{a}", "x{a}", 0, ["x{a}"]],
    ["a{2,}?", "aaaa", 0, ["aa"]],
    ["(?<y>\\d)(a)", "1a", 0, ["1a", "a", "1"]],
    ["(?<5>a)(b)(?<n>c)", "abc", 0, ["abc", "b", "c", "a"]],
    ["(a)(?'n'b)(?<n>c)", "abc", 0, ["abc", "a", "c"]],
    ["(a)(?:b)", "ab", EXPLICIT_CAPTURE, ["ab"]],
    ["(?n)(a)(?<k>b)", "ab", 0, ["ab", "b"]],
    [" a # comment\n b", "ab", IGNORE_WHITE_SPACE, ["ab"]],
    ["a(?#note)b", "ab", 0, ["ab"]],
    ["(?x) a [ ] b", "a b", 0, ["a b"]],
    ["a(?i)b|c", "aB", 0, ["aB"]],
    ["a(?i:b)c", "aBC", 0, null],
    ["(?i)\\u212a", "k", 0, ["k"]],
    ["[^a]", "A", IGNORE_CASE, null],
    ["\\p{Lu}", "a", IGNORE_CASE, ["a"]],
    ["(a)\\1", "aa", 0, ["aa", "a"]],
    ["(?<n>a)\\k<n>\\k'n'", "aaa", 0, ["aaa", "a"]],
    ["(a)\\1", "aA", IGNORE_CASE, ["aA", "a"]],
    ["(a)?\\1b", "b", 0, null],
    ["(?=(a))ab", "ab", 0, ["ab", "a"]],
    ["a(?!b)", "abac", 0, ["a"]],
    ["(?<=\\$)\\d+", "€1 $22", 0, ["22"]],
    ["(?<!\\$)\\b\\d+", "$1 22", 0, ["22"]],
    ["(?<=(\\d+)(\\d+))x", "123x", 0, ["x", "1", "23"]],
    ["(?>a*)ab", "aaab", 0, null],
    ["(?>(a|b)+)c", "abc", 0, ["abc", "b"]],
    ["^(a)?(?(1)b|c)$", "ab", 0, ["ab", "a"]],
    ["^(a)?(?(1)b|c)$", "c", 0, ["c", "-"]],
    ["^(?<q>a)?(?(q)b)$", "", 0, ["", "-"]],
    ["(?(?=\\d)\\d{3}|[a-z]{2})", "ab", 0, ["ab"]],
    ["(?(\\d)\\d{3}|[a-z]{2})", "123", 0, ["123"]],
    ["^(?:(?<o>\\()|(?<-o>\\))|[^()])*(?(o)(?!))$", "(a(b)c)", 0, ["(a(b)c)", "-"]],
    ["^(?:(?<o>\\()|(?<-o>\\))|[^()])*(?(o)(?!))$", "(a(b)c", 0, null],
    ["(?<open><)(?<inner-open>)>", "<>", 0, ["<>", "", "-"].toSpliced(1, 2, "-", "")],
    ["\\bfoo\\b", "a foo", 0, ["foo"]],
    ["\\Boo", "foo", 0, ["oo"]],
    ["(a|ab)(c|bcd)(d*)", "abcd", 0, ["abcd", "a", "bcd", ""]],
    ["(a*)*", "b", 0, ["", ""]],
    ["(a*)+", "aab", 0, ["aa", ""]],
    ["(a??)*b", "aab", 0, ["aab", ""]],
    ["|a", "a", 0, [""]],
    ["(?:)", "a", 0, [""]],
    ["\\<b\\>", "<b>", 0, ["<b>"]],
  ])("%s on %j", (pattern, input, options, expected) => expect(groups(pattern, input, options)).toEqual(expected));

  it("keeps every capture of a repeated group", () => {
    const match = Regex.of("(?:(\\w)(\\d)?)+").match("ab1c");
    expect(match.groups.byNumber(1).captures.items.map((capture) => `${capture.value}@${capture.index}`)).toEqual([
      "a@0",
      "b@1",
      "c@3",
    ]);
    expect(match.groups.byNumber(2).captures.count).toBe(1);
  });

  it("gives a failed group for a number or name that does not exist", () => {
    const match = Regex.of("a").match("a");
    expect(match.groups.byNumber(7).success).toBe(false);
    expect(match.groups.byName("nope").value).toBe("");
  });

  it.each([
    ["(", "Not enough )'s."],
    [")", "Too many )'s."],
    ["*a", "Quantifier {x,y} following nothing."],
    ["a|*", "Quantifier {x,y} following nothing."],
    ["a**", "Nested quantifier *."],
    ["a++", "Nested quantifier +."],
    ["a{2}{3}", "Nested quantifier {."],
    ["a{3,2}", "Illegal {x,y} with x > y."],
    ["[a", "Unterminated [] set."],
    ["[z-a]", "[x-y] range in reverse order."],
    ["[a-\\d]", "Cannot include class \\d in character range."],
    ["[a-[b]c]", "A subtraction must be the last element in a character class."],
    ["\\", "Illegal \\ at end of pattern."],
    ["\\q", "Unrecognized escape sequence \\q."],
    ["\\x4", "Insufficient hexadecimal digits."],
    ["\\2(a)", "Reference to undefined group number 2."],
    ["\\k<n>", "Reference to undefined group name 'n'."],
    ["\\kn", "Malformed \\k<...> named back reference."],
    ["\\p{Nope}", "Unknown property 'Nope'."],
    ["\\pL", "Incomplete \\p{X} character escape."],
    ["(?<>a)", "Invalid group name: Group names must begin with a word character."],
    ["(?P<n>a)", "Unrecognized grouping construct."],
    ["(?<n-m>a)", "Reference to undefined group name 'm'."],
    ["(?(2)a|b)", "(?(2) ) reference to undefined group."],
    ["(?(1)a|b|c)(d)", "Too many | in (?()|)."],
    ["(?#a", "Unterminated (?#...) comment."],
  ])("refuses %s", (pattern, message) =>
    expect(() => Regex.of(pattern)).toThrow(new ArgumentException(`parsing "${pattern}" - ${message}`)),
  );

  it("refuses patterns that would exhaust the parser or the program", () => {
    expect(() => Regex.of("(".repeat(5000) + ")".repeat(5000))).toThrow(ArgumentException);
    expect(() => Regex.of("(?:ab){500}".repeat(1500))).toThrow(BudgetExceededError);
    expect(() => Regex.of(`${"(".repeat(150)}a${")*".repeat(150)}`)).not.toThrow();
  });
});

describe("operations", () => {
  it.each<[pattern: string, input: string, replacement: string, result: string]>([
    ["(a)(b)", "xaby", "[$2$1]", "x[ba]y"],
    ["(?<n>a)", "a", `\${n}\${1}\${nope}$9$`, `aa\${nope}$9$`],
    ["b", "abc", "[$`|$'|$_|$&|$$]", "a[a|c|abc|b|$]c"],
    ["(a)(b)?", "a", "$+|", "|"],
    ["(a)", "a", "$10", "$10"],
    ["a*", "baac", "-", "-b--c-"],
    ["", "ab", "-", "-a-b-"],
    ["^", "a\nb", ">", ">a\nb"],
  ])("replaces %s in %j by %j", (pattern, input, replacement, result) =>
    expect(Regex.of(pattern).replace(input, replacement)).toBe(result),
  );

  it("replaces by a function, a limited number of times, from a place", () => {
    const regex = Regex.of("\\d");
    expect(regex.replace("1a2b3", (match) => `<${match.value}@${match.index}>`)).toBe("<1@0>a<2@2>b<3@4>");
    expect(regex.replace("1a2b3", "x", 2)).toBe("xaxb3");
    expect(regex.replace("1a2b3", "x", 1, 1)).toBe("1axb3");
    expect(regex.replace("1", () => "$&")).toBe("$&");
  });

  it.each<[pattern: string, input: string, count: number, parts: string[]]>([
    [",", "a,b,,c", 0, ["a", "b", "", "c"]],
    ["(-)|,", "a-b,c", 0, ["a", "-", "b", "c"]],
    [",", "a,b,c", 2, ["a", "b,c"]],
    ["", "ab", 0, ["", "a", "b", ""]],
    ["x", "abc", 0, ["abc"]],
  ])("splits by %s", (pattern, input, count, parts) => expect(Regex.of(pattern).split(input, count)).toEqual(parts));

  it("searches from a place, with the anchors of the whole input", () => {
    expect(Regex.of("^a").match("ba", 1).success).toBe(false);
    expect(Regex.of("\\Ga").match("ba", 1).index).toBe(1);
    expect(Regex.of("(?<=b)a").match("ba", 1).index).toBe(1);
    expect(Regex.of("^a$").matchWithin("bac", 1, 1).index).toBe(1);
    expect(
      Regex.of("\\G\\d")
        .matches("12a3")
        .map((match) => match.value),
    ).toEqual(["1", "2"]);
  });

  it("matches from right to left", () => {
    expect(Regex.of("\\d+", RIGHT_TO_LEFT).match("a12b345").value).toBe("345");
    expect(Regex.of("\\d", RIGHT_TO_LEFT).replace("a1b2c3", "x", 2)).toBe("a1bxcx");
    expect(Regex.of("(\\d)", RIGHT_TO_LEFT).split("a1b2c")).toEqual(["a", "1", "b", "2", "c"]);
    expect(
      Regex.of("ab?", RIGHT_TO_LEFT)
        .matches("abaab")
        .map((match) => match.index),
    ).toEqual([3, 2, 0]);
  });
});

describe("bounded time", () => {
  const many = "a".repeat(30_000);

  it.each<[pattern: string, input: string]>([
    ["(a+)+$", `${many}b`],
    ["^(a|aa)+$", `${many}b`],
    ["^(a|a)*$", `${many}b`],
    ["(x+x+)+y", "x".repeat(30_000)],
    ["(.*)(.*)(.*)(.*)[xyz]", many],
    [".*.*=.*;", many],
    ["^(\\w+\\s?)*$", `${"word ".repeat(6000)}!`],
    ["^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}[a-z]{2,3}$", `${many}!`],
    ["^(([a-z])+.)+[A-Z]([a-z])+$", many],
    ["(?:a|b|ab)*c", "ab".repeat(15_000)],
    ["\\s+$", `${" ".repeat(30_000)}x`],
    ["(?=(?:a+)+$)b", `${many}b`],
  ])("%s fails in time proportional to the input", (pattern, input) =>
    expect(Regex.of(pattern).match(input).success).toBe(false),
  );

  it.each<[pattern: string, input: string]>([
    ["(a*)*\\1b", many],
    ["^(?:(a+)|b)*\\1c", many],
    ["((?:a{1,50}){1,50}){1,50}$", `${many}b`],
  ])("%s stops at the budget", (pattern, input) =>
    expect(() => Regex.of(pattern).match(input)).toThrow(BudgetExceededError),
  );

  it("handles long inputs that do match", () => {
    expect(Regex.of("^(a|b)*$").match("ab".repeat(100_000)).length).toBe(200_000);
    expect(Regex.of("\\w+").matches("word ".repeat(20_000))).toHaveLength(20_000);
    expect(Regex.of("x|a.*b").matches("ax".repeat(10_000))).toHaveLength(10_000);
  });

  it("charges the evaluation", () => {
    const regex = Regex.of("^(?:(a)|b)*$");
    const input = many.slice(0, 3000);
    const run = () => {
      for (let i = 0; i < 20_000; i++) regex.isMatch(input);
    };
    resetBudget();
    expect(run).toThrow("too many steps");
  });
});

/** A random pattern over `abc`, from a seed. */
function patternFrom(random: (below: number) => number, depth: number): string {
  const inner = () => patternFrom(random, depth - 1);
  const quantifier = () => ["*", "+", "?", "{1,2}", "{0,3}", "{2}", "*?", "+?", "??"][random(9)];
  const makers = [
    () => "abc"[random(3)] ?? "a",
    () => "[ab]",
    () => `${inner()}${inner()}`,
    () => `(?:${inner()}|${inner()})`,
    () => `(${inner()})`,
    () => `(?:${inner()})${quantifier()}`,
    () => `[abc]${["*", "+", "*?", "{1,3}", "{2,}"][random(5)]}`,
    () => `(?=${inner()})`,
    () => `(?!${inner()})`,
    () => `(?>${inner()})`,
    () => `(?<=${inner()})`,
    () => `(?:${inner()}|)*`,
  ];
  return (makers[random(depth <= 0 ? 2 : makers.length)] as () => string)();
}

function hasEmptyTurns(node: Pattern): boolean {
  if (node.kind === "loop") return isNullable(node.body) || hasEmptyTurns(node.body);
  if (node.kind === "sequence" || node.kind === "choice") return node.items.some(hasEmptyTurns);
  return "body" in node && hasEmptyTurns(node.body);
}

describe("random patterns", () => {
  const cases = Array.from({ length: 1500 }, (_, i) => {
    let state = i + 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    return { pattern: patternFrom(random, 4), input: Array.from({ length: 9 }, () => "abc"[random(3)]).join("") };
  });

  function everyMatch(pattern: string, input: string, memoFrom: number): number[][][] {
    const matcher = new Matcher(compilePattern(pattern, 0), input, memoFrom);
    const found: number[][][] = [];
    for (let at = 0; at <= input.length; ) {
      const captures = matcher.search(at);
      if (captures === null) break;
      found.push(captures);
      const [start = 0, end = 0] = captures[0] ?? [];
      at = end === start ? end + 1 : end;
    }
    return found;
  }

  it("match the same with and without remembered failures", () => {
    for (const { pattern, input } of cases) {
      resetBudget();
      expect(everyMatch(pattern, input, 0), `${pattern} on ${input}`).toEqual(everyMatch(pattern, input, 1e9));
    }
  });

  it("match what JavaScript matches, where the two languages agree", () => {
    for (const { pattern, input } of cases) {
      if (pattern.includes("(?>") || hasEmptyTurns(parsePattern(pattern, 0).root)) continue;
      resetBudget();
      const expected = Array.from(input.matchAll(new RegExp(pattern, "g")), (match) => [
        match.index,
        match.index + match[0].length,
      ]);
      expect(
        everyMatch(pattern, input, 0).map((captures) => captures[0]),
        `${pattern} on ${input}`,
      ).toEqual(expected);
    }
  });
});
