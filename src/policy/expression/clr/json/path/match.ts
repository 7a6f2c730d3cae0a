import { JsonException } from "../../exceptions.ts";
import { DateTime } from "../../system/date-time.ts";
import { DateTimeOffset } from "../../system/date-time-offset.ts";
import { boxedToString } from "../../system/text.ts";
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
      throw new JsonException("Regular expressions are not available in JSON paths.");
  }
}

function isNumber(value: JValue): boolean {
  return value.type === TokenType.Integer || value.type === TokenType.Float;
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
    case TokenType.Uri:
      return boxedToString(value.value) === wanted.value;
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
