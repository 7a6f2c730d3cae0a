/**
 * What a Retry-After value asks for (RFC 9110 section 10.2.3), in milliseconds from `now` (epoch milliseconds): seconds
 * or a date. Undefined where it says nothing usable.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
