import type { EnumValue } from "../box.ts";
import { declareType } from "../declare.ts";
import { ArgumentException, ArgumentOutOfRangeException } from "../exceptions.ts";
import type { Rounding } from "./decimal.ts";

export const midpointRoundingType = declareType({
  name: "System.MidpointRounding",
  kind: "enum",
  values: { ToEven: 0, AwayFromZero: 1 },
});

/** What a `MidpointRounding` member means. @throws ArgumentException for a number that is no member */
export function roundingMode(mode: EnumValue): Rounding {
  if (mode.value === 0) return "even";
  if (mode.value === 1) return "away";
  throw new ArgumentException(
    `The value '${mode.name}' is not valid for this usage of the type MidpointRounding.`,
    "mode",
  );
}

/** A double rounded to a whole number. */
export function roundWhole(value: number, mode: Rounding): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 52) return value;
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return signed(rest < 0.5 ? floor : floor + 1, value);
  if (mode === "even") return signed(floor % 2 === 0 ? floor : floor + 1, value);
  return value < 0 ? floor : floor + 1;
}

/** A negative number that rounds to zero gives negative zero. */
function signed(rounded: number, original: number): number {
  return rounded === 0 && (original < 0 || Object.is(original, -0)) ? -0 : rounded;
}

/**
 * `Math.Round(value, digits)`: scaled by a power of ten and rounded there, as .NET does.
 * @throws ArgumentOutOfRangeException unless digits is 0 to 15
 */
export function roundDouble(value: number, digits: number, mode: Rounding): number {
  if (digits < 0 || digits > 15) {
    throw new ArgumentOutOfRangeException("digits", "Rounding digits must be between 0 and 15, inclusive.");
  }
  if (!Number.isFinite(value) || Math.abs(value) >= 1e16) return value;
  const scale = 10 ** digits;
  return roundWhole(value * scale, mode) / scale;
}
