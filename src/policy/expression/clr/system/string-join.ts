import { type Enumerable, enumerate } from "../collections/protocol.ts";
import { ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { boxedToString } from "./text.ts";
import { checkTextLength, MAX_TEXT_LENGTH } from "./text-limit.ts";

/** `string.Join`: null items are empty. @throws ArgumentNullException without values */
export function join(separator: string | null, values: Enumerable | null): string {
  if (values === null) throw new ArgumentNullException("values");
  const between = separator ?? "";
  const parts: string[] = [];
  let length = 0;
  for (const value of enumerate(values)) {
    const text = boxedToString(value);
    length += text.length + between.length;
    if (length > MAX_TEXT_LENGTH) break;
    parts.push(text);
  }
  checkTextLength(length);
  return parts.join(between);
}

/** `string.Join(separator, value, startIndex, count)`. */
export function joinRange(separator: string | null, values: Enumerable | null, start: number, count: number): string {
  if (values === null) throw new ArgumentNullException("value");
  const items = Array.from(enumerate(values));
  if (start < 0) throw new ArgumentOutOfRangeException("startIndex", "StartIndex cannot be less than zero.");
  if (count < 0) throw new ArgumentOutOfRangeException("count", "Count cannot be less than zero.");
  if (start + count > items.length) {
    throw new ArgumentOutOfRangeException("startIndex", "Index and count must refer to a location within the buffer.");
  }
  return join(separator, items.slice(start, start + count));
}

/** `string.Concat`: null is empty. */
export function concat(...values: unknown[]): string {
  return join("", values);
}
