import { type EnumValue, enumValue } from "../box.ts";
import { declareType, type TypeDeclaration } from "../declare.ts";

/** `Newtonsoft.Json.Linq.JTokenType`, as numbers. */
export const TokenType = {
  None: 0,
  Object: 1,
  Array: 2,
  Constructor: 3,
  Property: 4,
  Comment: 5,
  Integer: 6,
  Float: 7,
  String: 8,
  Boolean: 9,
  Null: 10,
  Undefined: 11,
  Date: 12,
  Raw: 13,
  Bytes: 14,
  Guid: 15,
  Uri: 16,
  TimeSpan: 17,
} as const;

export type TokenType = (typeof TokenType)[keyof typeof TokenType];

const NAMES = Object.keys(TokenType);

/** The member's name, as messages print it. */
export function tokenTypeName(type: TokenType): string {
  return NAMES[type] ?? String(type);
}

/** The enum object that expressions see. */
export function tokenTypeValue(type: TokenType): EnumValue {
  return enumValue("Newtonsoft.Json.Linq.JTokenType", TokenType, type);
}

/** `Newtonsoft.Json.Formatting`. */
export const FORMATTING = { None: 0, Indented: 1 } as const;

export const enumTypes: TypeDeclaration[] = [
  declareType({ name: "Newtonsoft.Json.Linq.JTokenType", kind: "enum", values: TokenType }),
  declareType({ name: "Newtonsoft.Json.Formatting", kind: "enum", values: FORMATTING }),
];
