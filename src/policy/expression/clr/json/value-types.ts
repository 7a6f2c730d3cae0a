import { Box } from "../box.ts";
import { declareType, type MemberFunction, type TypeDeclaration } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { boxedHashCode } from "../system/equality.ts";
import { formatBoxed } from "../system/format.ts";
import { TokenType } from "./token-type.ts";
import { JRaw, JValue } from "./value.ts";

function copyOf(other: JValue | null): JValue {
  if (other === null) throw new ArgumentNullException("other");
  return other.deepClone();
}

/** A constructor whose value is already boxed, or is boxed by `box`. */
function from(type: TokenType, box: (value: never) => unknown = (value: unknown) => value): MemberFunction {
  return (value: never) => new JValue(box(value), type);
}

const valueType = declareType({
  name: "Newtonsoft.Json.Linq.JValue",
  kind: "class",
  base: "Newtonsoft.Json.Linq.JToken",
  interfaces: ["System.IComparable", "System.IFormattable"],
  is: (value) => value instanceof JValue,
  equals: (a: JValue, b: JValue) => a.clrEquals(b),
  members: {
    "new JValue(JValue other)": copyOf,
    "new JValue(long value)": from(TokenType.Integer),
    "new JValue(decimal value)": from(TokenType.Float),
    "new JValue(char value)": from(TokenType.String, (value: number) => new Box("Char", value)),
    "new JValue(ulong value)": from(TokenType.Integer, (value: bigint) => new Box("UInt64", value)),
    "new JValue(double value)": from(TokenType.Float, (value: number) => new Box("Double", value)),
    "new JValue(float value)": from(TokenType.Float, (value: number) => new Box("Single", value)),
    "new JValue(DateTime value)": from(TokenType.Date),
    "new JValue(DateTimeOffset value)": from(TokenType.Date),
    "new JValue(bool value)": from(TokenType.Boolean),
    "new JValue(string value)": from(TokenType.String),
    "new JValue(Guid value)": from(TokenType.Guid),
    "new JValue(Uri value)": (value: unknown) => new JValue(value, value === null ? TokenType.Null : TokenType.Uri),
    "new JValue(TimeSpan value)": from(TokenType.TimeSpan),
    "new JValue(object value)": (value: unknown) => JValue.of(value),
    "object Value { get; set; }": {
      get: (token: JValue) => token.value,
      set: (token: JValue, value: unknown) => {
        token.value = value;
      },
    },
    "int CompareTo(JValue obj)": (token: JValue, other: JValue | null) =>
      other === null ? 1 : token.clrCompareTo(other),
    "bool Equals(JValue other)": (token: JValue, other: JValue | null) => other !== null && token.clrEquals(other),
    "bool Equals(object obj)": (token: JValue, other: unknown) => other !== null && token.clrEquals(other),
    "int GetHashCode()": (token: JValue) => boxedHashCode(token),
    "static JValue CreateComment(string value)": from(TokenType.Comment),
    "static JValue CreateNull()": () => JValue.createNull(),
    "static JValue CreateString(string value)": from(TokenType.String),
    "static JValue CreateUndefined()": () => new JValue(null, TokenType.Undefined),
    "string ToString()": (token: JValue) => token.toClrString(),
    "string ToString(string format)": (token: JValue, format: string | null) => formatBoxed(token.value, format),
    "string ToString(IFormatProvider formatProvider)": (token: JValue) => token.toClrString(),
    "string ToString(string format, IFormatProvider formatProvider)": (token: JValue, format: string | null) =>
      formatBoxed(token.value, format),
  },
});

const rawType = declareType({
  name: "Newtonsoft.Json.Linq.JRaw",
  kind: "class",
  base: "Newtonsoft.Json.Linq.JValue",
  is: (value) => value instanceof JRaw,
  members: {
    "new JRaw(JRaw other)": copyOf,
    "new JRaw(object rawJson)": (json: unknown) => new JRaw(json),
  },
});

export const valueTypes: TypeDeclaration[] = [valueType, rawType];
