/**
 * The default text of floating-point numbers: the shortest digits that read back as the same number, in .NET's
 * shape (`1E+15`, `1E-05`, `0.1`, `-0`, `NaN`, `Infinity`).
 */

/** `double.ToString()`. */
export function doubleToString(value: number): string {
  return shortest(value, 15, value.toExponential());
}

/** `float.ToString()`; the value is already rounded to single precision. */
export function singleToString(value: number): string {
  return shortest(value, 7, singleExponential(value));
}

/** The shortest exponential form that rounds to the same single-precision value. */
export function singleExponential(value: number): string {
  for (let digits = 0; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return text;
  }
  return value.toExponential(8);
}

function shortest(value: number, precision: number, exponential: string): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const e = exponential.indexOf("e");
  const digits = exponential.slice(value < 0 ? 1 : 0, e).replace(".", "");
  const exponent = Number(exponential.slice(e + 1));
  const sign = value < 0 ? "-" : "";
  if (exponent >= Math.max(digits.length, precision) || exponent < -4) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
    return `${sign}${digits[0]}${fraction}E${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = digits.slice(exponent + 1);
  return rest === "" ? sign + whole : `${sign}${whole}.${rest}`;
}
