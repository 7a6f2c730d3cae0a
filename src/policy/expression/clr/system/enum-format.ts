import type { EnumValue } from "../box.ts";
import { FormatException } from "../exceptions.ts";

/** `Enum.ToString(format)`: `G` and `F` the name, `D` the number, `X` eight hexadecimal digits. @throws FormatException */
export function formatEnum(value: EnumValue, format: string | null): string {
  switch (format === null || format === "" ? "G" : format.toUpperCase()) {
    case "G":
    case "F":
      return value.name;
    case "D":
      return String(value.value);
    case "X":
      return (value.value >>> 0).toString(16).toUpperCase().padStart(8, "0");
    default:
      throw new FormatException('Format String can be only "G", "g", "X", "x", "F", "f", "D" or "d".');
  }
}
