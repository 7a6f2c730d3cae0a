import type { Properties } from "../properties.ts";

const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** A date of a property as written (ISO 8601). */
export function readDate(properties: Properties, name: string): string | undefined {
  const text = properties.text(name);
  if (text === undefined || (DATE.test(text) && !Number.isNaN(Date.parse(text)))) return text;
  properties.error(name, "invalid-property", `"${name}" must be a date such as 2025-01-31T12:00:00Z`);
  return undefined;
}
