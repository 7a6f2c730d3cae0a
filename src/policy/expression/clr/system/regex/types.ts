import { ClrArray, type EnumValue } from "../../box.ts";
import { declareType, type MemberFunction, type TypeDeclaration } from "../../declare.ts";
import { ArgumentNullException, ArgumentOutOfRangeException } from "../../exceptions.ts";
import { Capture, CaptureList, Group, type GroupCollection, Match } from "./match.ts";
import { REGEX_OPTIONS } from "./options.ts";
import { Regex } from "./regex.ts";
import { unescapePattern } from "./unescape.ts";

type Text = string | null;
type Evaluator = (match: Match) => Text;

const NAMESPACE = "System.Text.RegularExpressions";

/** The three static forms of a member: with the pattern only, with options, with options and a timeout that the budget replaces. */
function statics(
  result: string,
  name: string,
  parameters: string,
  run: (regex: Regex, input: Text, ...rest: never[]) => unknown,
): Record<string, MemberFunction> {
  const extra = parameters === "" ? "" : `, ${parameters}`;
  const withOptions = (input: Text, pattern: Text, ...rest: unknown[]) => {
    const own = parameters === "" ? [] : [rest[0]];
    const options = rest[own.length] as EnumValue | undefined;
    return run(Regex.of(pattern, options?.value ?? 0), input, ...(own as never[]));
  };
  const head = `static ${result} ${name}(string input, string pattern${extra}`;
  return {
    [`${head})`]: withOptions,
    [`${head}, RegexOptions options)`]: withOptions,
    [`${head}, RegexOptions options, TimeSpan matchTimeout)`]: withOptions,
  };
}

const texts = (parts: string[]) => new ClrArray("string", parts);
const collection = (matches: Match[]) => new CaptureList("MatchCollection", matches);

function requireEvaluator(evaluator: Evaluator | null): Evaluator {
  if (evaluator === null) throw new ArgumentNullException("evaluator");
  return evaluator;
}

const regexType = declareType({
  name: `${NAMESPACE}.Regex`,
  kind: "class",
  is: (value) => value instanceof Regex,
  toString: (regex: Regex) => regex.pattern,
  members: {
    "new Regex(string pattern)": (pattern: Text) => Regex.of(pattern),
    "new Regex(string pattern, RegexOptions options)": (pattern: Text, options: EnumValue) =>
      Regex.of(pattern, options.value),
    "new Regex(string pattern, RegexOptions options, TimeSpan matchTimeout)": (pattern: Text, options: EnumValue) =>
      Regex.of(pattern, options.value),
    "bool IsMatch(string input)": (regex: Regex, input: Text) => regex.isMatch(input),
    "bool IsMatch(string input, int startat)": (regex: Regex, input: Text, at: number) => regex.isMatch(input, at),
    ...statics("bool", "IsMatch", "", (regex, input) => regex.isMatch(input)),
    "Match Match(string input)": (regex: Regex, input: Text) => regex.match(input),
    "Match Match(string input, int startat)": (regex: Regex, input: Text, at: number) => regex.match(input, at),
    "Match Match(string input, int beginning, int length)": (
      regex: Regex,
      input: Text,
      start: number,
      length: number,
    ) => regex.matchWithin(input, start, length),
    ...statics("Match", "Match", "", (regex, input) => regex.match(input)),
    "MatchCollection Matches(string input)": (regex: Regex, input: Text) => collection(regex.matches(input)),
    "MatchCollection Matches(string input, int startat)": (regex: Regex, input: Text, at: number) =>
      collection(regex.matches(input, at)),
    ...statics("MatchCollection", "Matches", "", (regex, input) => collection(regex.matches(input))),
    "string Replace(string input, string replacement)": (regex: Regex, input: Text, by: Text) =>
      regex.replace(input, by),
    "string Replace(string input, string replacement, int count)": (
      regex: Regex,
      input: Text,
      by: Text,
      count: number,
    ) => regex.replace(input, by, count),
    "string Replace(string input, string replacement, int count, int startat)": (
      regex: Regex,
      input: Text,
      by: Text,
      count: number,
      at: number,
    ) => regex.replace(input, by, count, at),
    "string Replace(string input, MatchEvaluator evaluator)": (regex: Regex, input: Text, by: Evaluator | null) =>
      regex.replace(input, requireEvaluator(by)),
    "string Replace(string input, MatchEvaluator evaluator, int count)": (
      regex: Regex,
      input: Text,
      by: Evaluator | null,
      count: number,
    ) => regex.replace(input, requireEvaluator(by), count),
    "string Replace(string input, MatchEvaluator evaluator, int count, int startat)": (
      regex: Regex,
      input: Text,
      by: Evaluator | null,
      count: number,
      at: number,
    ) => regex.replace(input, requireEvaluator(by), count, at),
    ...statics("string", "Replace", "string replacement", (regex, input, by: Text) => regex.replace(input, by)),
    ...statics("string", "Replace", "MatchEvaluator evaluator", (regex, input, by: Evaluator | null) =>
      regex.replace(input, requireEvaluator(by)),
    ),
    "string[] Split(string input)": (regex: Regex, input: Text) => texts(regex.split(input)),
    "string[] Split(string input, int count)": (regex: Regex, input: Text, count: number) =>
      texts(regex.split(input, count)),
    "string[] Split(string input, int count, int startat)": (regex: Regex, input: Text, count: number, at: number) =>
      texts(regex.split(input, count, at)),
    ...statics("string[]", "Split", "", (regex, input) => texts(regex.split(input))),
    "static string Unescape(string str)": unescapePattern,
    "string ToString()": (regex: Regex) => regex.pattern,
  },
});

const captureType = declareType({
  name: `${NAMESPACE}.Capture`,
  kind: "class",
  is: (value) => value instanceof Capture,
  toString: (capture: Capture) => capture.value,
  members: {
    "int Index { get; }": (capture: Capture) => capture.index,
    "int Length { get; }": (capture: Capture) => capture.length,
    "string Value { get; }": (capture: Capture) => capture.value,
    "string ToString()": (capture: Capture) => capture.value,
  },
});

const groupType = declareType({
  name: `${NAMESPACE}.Group`,
  kind: "class",
  base: `${NAMESPACE}.Capture`,
  is: (value) => value instanceof Group,
  members: {
    "CaptureCollection Captures { get; }": (group: Group) => group.captures,
    "bool Success { get; }": (group: Group) => group.success,
  },
});

const matchType = declareType({
  name: `${NAMESPACE}.Match`,
  kind: "class",
  base: `${NAMESPACE}.Group`,
  is: (value) => value instanceof Match,
  members: {
    "static Match Empty { get; }": () => Match.empty,
    "GroupCollection Groups { get; }": (match: Match) => match.groups,
    "string Result(string replacement)": (match: Match, replacement: Text) => {
      if (replacement === null) throw new ArgumentNullException("replacement");
      return match.expand(replacement);
    },
  },
});

/** Count, indexer and enumeration of the collections; their items have the names that C# sees. */
function collectionType(
  name: string,
  item: string,
  index: string,
  members: Record<string, MemberFunction>,
): TypeDeclaration {
  return declareType({
    name: `${NAMESPACE}.${name}`,
    kind: "class",
    interfaces: [`System.Collections.Generic.IEnumerable<${NAMESPACE}.${item}>`],
    is: (value) => (value as { clrName?: unknown } | null)?.clrName === `${NAMESPACE}.${name}`,
    members: {
      "int Count { get; }": (list: CaptureList<Capture>) => list.count,
      [`${item} this[int ${index}] { get; }`]: (list: CaptureList<Capture>, at: number) => {
        const found = list.items[at];
        if (found === undefined) throw new ArgumentOutOfRangeException(index);
        return found;
      },
      ...members,
    },
  });
}

export const regexTypes: TypeDeclaration[] = [
  regexType,
  captureType,
  groupType,
  matchType,
  declareType({ name: `${NAMESPACE}.RegexOptions`, kind: "enum", values: REGEX_OPTIONS }),
  collectionType("CaptureCollection", "Capture", "i", {}),
  collectionType("MatchCollection", "Match", "i", {}),
  collectionType("GroupCollection", "Group", "groupnum", {
    "Group this[int groupnum] { get; }": (groups: GroupCollection, number: number) => groups.byNumber(number),
    "Group this[string groupname] { get; }": (groups: GroupCollection, name: Text) => {
      if (name === null) throw new ArgumentNullException("groupname");
      return groups.byName(name);
    },
  }),
];
