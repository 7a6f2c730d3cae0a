const DURATION =
  /^P(?=[\dT])(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,10})(?:[.,](\d{1,9}))?S)?)?$/;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Milliseconds of an ISO 8601 duration (`PT1M30S`, `P1D`). A year counts 365 days and a month 30, as in .NET.
 * @returns undefined where the text is no duration.
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const amount = (group: number) => Number(match[group] ?? 0);
  const days = amount(1) * 365 + amount(2) * 30 + amount(3) * 7 + amount(4);
  const fraction = Number(`0.${match[8] ?? "0"}`);
  const total = days * DAY + amount(5) * HOUR + amount(6) * MINUTE + (amount(7) + fraction) * SECOND;
  return Math.round(total);
}
