import { EnumValue, enumValue } from "../box.ts";
import { type Cell, declareType, type RuntimeType, type TypeDeclaration, withTypes } from "../declare.ts";
import { ArgumentException, ArgumentNullException } from "../exceptions.ts";
import { formatEnum } from "./enum-format.ts";
import type { ClrType } from "./type.ts";

type Members = Readonly<Record<string, number>>;

const registered = new Map<string, Members>();

/** Makes enums known to `Enum.Parse`; called once with every declaration an expression may use. */
export function registerEnums(declarations: readonly TypeDeclaration[]): void {
  for (const { kind, name, values } of declarations) {
    if (kind === "enum" && values) registered.set(name, values);
  }
}

/** The member(s) that a text names: a name, names with commas, or a number. Null when it names none. */
function read(type: string, members: Members, text: string, ignoreCase: boolean): EnumValue | null {
  const trimmed = text.trim();
  if (/^[+-]?[0-9]{1,10}$/.test(trimmed)) return enumValue(type, members, Number(trimmed));
  let value = 0;
  for (const part of trimmed.split(",")) {
    const name = part.trim();
    const found = Object.keys(members).find(
      (member) => member === name || (ignoreCase && member.toLowerCase() === name.toLowerCase()),
    );
    if (found === undefined) return null;
    value |= members[found] ?? 0;
  }
  return enumValue(type, members, value);
}

function membersOf(type: string): Members {
  const members = registered.get(type);
  if (!members) throw new ArgumentException("Type provided must be an Enum.", "enumType");
  return members;
}

function parse(type: ClrType | null, text: string | null, ignoreCase: boolean): EnumValue {
  if (type === null) throw new ArgumentNullException("enumType");
  if (text === null) throw new ArgumentNullException("value");
  const members = membersOf(type.fullName);
  if (text.trim() === "")
    throw new ArgumentException("Must specify valid information for parsing in the string.", "value");
  const value = read(type.fullName, members, text, ignoreCase);
  if (value === null) throw new ArgumentException(`Requested value '${text}' was not found.`, "value");
  return value;
}

function tryParse(
  types: readonly RuntimeType[],
  text: string | null,
  ignoreCase: boolean,
  result: Cell<unknown>,
): boolean {
  const type = types[0];
  if (!type) throw new ArgumentException("Type provided must be an Enum.", "enumType");
  const value = text === null ? null : read(type.name, membersOf(type.name), text, ignoreCase);
  result.value = value ?? type.default;
  return value !== null;
}

export const enumType = declareType({
  name: "System.Enum",
  kind: "class",
  base: "System.ValueType",
  is: (value) => value instanceof EnumValue,
  toString: (value: EnumValue) => value.name,
  members: {
    "static object Parse(Type enumType, string value)": (type: ClrType | null, text: string | null) =>
      parse(type, text, false),
    "static object Parse(Type enumType, string value, bool ignoreCase)": parse,
    "static bool TryParse<TEnum>(string value, out TEnum result)": withTypes(
      (types, text: string | null, result: Cell<unknown>) => tryParse(types, text, false, result),
    ),
    "static bool TryParse<TEnum>(string value, bool ignoreCase, out TEnum result)": withTypes(tryParse),
    "string ToString()": (value: EnumValue) => value.name,
    "string ToString(string format)": formatEnum,
  },
});
