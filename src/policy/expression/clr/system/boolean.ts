import { type Cell, declareType } from "../declare.ts";
import { ArgumentException, FormatException } from "../exceptions.ts";
import { requireText } from "./number-parse.ts";
import { isWhiteSpace } from "./unicode.ts";

/** `True` and `False` in any case, white space and nulls around; null for anything else. */
export function readBoolean(text: string): boolean | null {
  const around = (index: number) => isWhiteSpace(text.charCodeAt(index)) || text.charCodeAt(index) === 0;
  let start = 0;
  let end = text.length;
  while (start < end && around(start)) start++;
  while (end > start && around(end - 1)) end--;
  if (end - start > 5) return null;
  const word = text.slice(start, end).toLowerCase();
  return word === "true" ? true : word === "false" ? false : null;
}

/** `bool.Parse`. @throws ArgumentNullException, FormatException */
export function parseBoolean(text: string | null): boolean {
  const value = readBoolean(requireText(text, "value"));
  if (value === null) throw new FormatException("String was not recognized as a valid Boolean.");
  return value;
}

const print = (value: boolean) => (value ? "True" : "False");
const compare = (a: boolean, b: boolean) => Number(a) - Number(b);

export const booleanType = declareType({
  name: "System.Boolean",
  kind: "struct",
  keyword: "bool",
  interfaces: ["System.IComparable"],
  is: (value) => typeof value === "boolean",
  toString: print,
  equals: (a: boolean, b: boolean) => a === b,
  members: {
    "new Boolean()": () => false,
    "static string FalseString { get; }": () => "False",
    "static string TrueString { get; }": () => "True",
    "static bool Parse(string value)": parseBoolean,
    "static bool TryParse(string value, out bool result)": (text: string | null, result: Cell<boolean>) => {
      const value = text === null ? null : readBoolean(text);
      result.value = value ?? false;
      return value !== null;
    },
    "int CompareTo(bool value)": compare,
    "int CompareTo(object obj)": (a: boolean, b: unknown) => {
      if (b === null) return 1;
      if (typeof b !== "boolean") throw new ArgumentException("Object must be of type Boolean.");
      return compare(a, b);
    },
    "bool Equals(bool obj)": (a: boolean, b: boolean) => a === b,
    "bool Equals(object obj)": (a: boolean, b: unknown) => a === b,
    "int GetHashCode()": (value: boolean) => (value ? 1 : 0),
    "string ToString()": print,
    "string ToString(IFormatProvider provider)": print,
  },
});
