const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `250ms`, `1.2s`, `5m`, `1h`, `30d`; a bare number is seconds. Undefined for anything else. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return value * 1000;
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim()) : null;
  return match ? Number(match[1]) * (UNITS[match[2] as string] as number) : undefined;
}
