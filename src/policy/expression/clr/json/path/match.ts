import { DateTime } from "../../system/date-time.ts";
import { DateTimeOffset } from "../../system/date-time-offset.ts";
import { OPTION_LETTERS } from "../../system/regex/options.ts";
import { Regex } from "../../system/regex/regex.ts";
import { boxedToString } from "../../system/text.ts";
import { Uri } from "../../system/uri.ts";
import { isoDate } from "../iso-date.ts";
import type { JToken } from "../token.ts";
import { TokenType } from "../token-type.ts";
import { JValue } from "../value.ts";
import { compareValues } from "../value-order.ts";
import { evaluate } from "./select.ts";
import type { Condition, Operator, Side } from "./syntax.ts";

/** Does an item satisfy a query? */
export function matches(condition: Condition, root: JToken, item: JToken): boolean {
  if (condition.kind !== "compare") {
    const holds = (part: Condition) => matches(part, root, item);
    return condition.kind === "and" ? condition.parts.every(holds) : condition.parts.some(holds);
  }
  for (const left of results(condition.left, root, item)) {
    if (condition.right === null) return true;
    for (const right of results(condition.right, root, item)) if (compare(left, condition.operator, right)) return true;
  }
  return false;
}

function results(side: Side, root: JToken, item: JToken): Iterable<JToken> {
  return side instanceof JValue ? [side] : evaluate(side, root, item, false);
}

function compare(left: JToken, operator: Operator, right: JToken): boolean {
  // Only primitives compare; an object differs from everything.
  if (!(left instanceof JValue && right instanceof JValue)) return operator === "!=";
  switch (operator) {
    case "==":
      return looselyEqual(left, right);
    case "!=":
      return !looselyEqual(left, right);
    case "===":
      return strictlyEqual(left, right);
    case "!==":
      return !strictlyEqual(left, right);
    case "<":
      return left.clrCompareTo(right) < 0;
    case "<=":
      return left.clrCompareTo(right) <= 0;
    case ">":
      return left.clrCompareTo(right) > 0;
    case ">=":
      return left.clrCompareTo(right) >= 0;
    default:
      return operator === "=~" && regexMatches(left, right);
  }
}

function isNumber(value: JValue): boolean {
  return value.type === TokenType.Integer || value.type === TokenType.Float;
}

/** `@.name =~ /pattern/i`: with the options i, m, s and x of .NET's expressions. */
function regexMatches(input: JValue, pattern: JValue): boolean {
  if (typeof input.value !== "string" || typeof pattern.value !== "string") return false;
  const end = pattern.value.lastIndexOf("/");
  let options = 0;
  for (const letter of pattern.value.slice(end + 1))
    options |= "imsx".includes(letter) ? (OPTION_LETTERS[letter] ?? 0) : 0;
  return Regex.of(pattern.value.slice(1, Math.max(end, 1)), options).isMatch(input.value);
}

/** Integers equal reals; a date, GUID or similar equals the string that it is written as. */
function looselyEqual(value: JValue, wanted: JValue): boolean {
  if (value.clrEquals(wanted)) return true;
  if (isNumber(value) && isNumber(wanted)) return compareValues(value.type, value.value, wanted.value) === 0;
  if (wanted.type !== TokenType.String) return false;
  switch (value.type) {
    case TokenType.Date:
      return isDate(value.value) && isoDate(value.value) === wanted.value;
    case TokenType.Bytes:
      return Buffer.from(value.value as Uint8Array).toString("base64") === wanted.value;
    case TokenType.Guid:
    case TokenType.TimeSpan:
      return boxedToString(value.value) === wanted.value;
    case TokenType.Uri:
      return value.value instanceof Uri && value.value.original === wanted.value;
    default:
      return false;
  }
}

function isDate(value: unknown): value is DateTime | DateTimeOffset {
  return value instanceof DateTime || value instanceof DateTimeOffset;
}

function strictlyEqual(value: JValue, wanted: JValue): boolean {
  if (isNumber(value) && isNumber(wanted)) return compareValues(value.type, value.value, wanted.value) === 0;
  return value.type === wanted.type && value.clrEquals(wanted);
}
