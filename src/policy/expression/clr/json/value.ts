import { Box, EnumValue } from "../box.ts";
import { ArgumentException } from "../exceptions.ts";
import { DateTime } from "../system/date-time.ts";
import { DateTimeOffset } from "../system/date-time-offset.ts";
import { Decimal } from "../system/decimal.ts";
import { boxedHashCode } from "../system/equality.ts";
import { formatBoxed } from "../system/format.ts";
import { Guid } from "../system/guid.ts";
import { boxedToString, typeNameOf } from "../system/text.ts";
import { TimeSpan } from "../system/time-span.ts";
import { Uri } from "../system/uri.ts";
import { BigInteger } from "./big-integer.ts";
import { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { compareValues } from "./value-order.ts";

/** `JValue`: a JSON primitive. Holds a boxed .NET value: integers that were read are `long`, reals `double`. */
export class JValue extends JToken {
  readonly clrName: string = "Newtonsoft.Json.Linq.JValue";
  #value: unknown;
  #type: TokenType;

  /** `value` is boxed; `type` must fit it (see {@link JValue.of}). */
  constructor(value: unknown, type: TokenType) {
    super();
    this.#value = value;
    this.#type = type;
  }

  /** A token for any boxed value. @throws {ArgumentException} when JSON has no form for it */
  static of(value: unknown): JValue {
    return new JValue(value, valueType(value));
  }

  static createNull(): JValue {
    return new JValue(null, TokenType.Null);
  }

  static ofString(value: string | null): JValue {
    return value === null ? JValue.createNull() : new JValue(value, TokenType.String);
  }

  get type(): TokenType {
    return this.#type;
  }

  /** The boxed value. */
  get value(): unknown {
    return this.#value;
  }

  set value(value: unknown) {
    const text = this.#type === TokenType.Comment || this.#type === TokenType.Raw;
    if (!(text && typeof value === "string")) this.#type = valueType(value);
    this.#value = value;
  }

  deepClone(): JValue {
    return new JValue(this.#value, this.#type);
  }

  contentEquals(other: JToken): boolean {
    return other instanceof JValue && this.clrEquals(other);
  }

  toClrString(): string {
    return boxedToString(this.#value);
  }

  clrFormat(format: string | null): string {
    return formatBoxed(this.#value, format);
  }

  clrConvertible(): unknown {
    return this.#value;
  }

  clrEquals(other: unknown): boolean {
    if (!(other instanceof JValue)) return false;
    if (other === this) return true;
    return other.#type === this.#type && compareValues(this.#type, this.#value, other.#value) === 0;
  }

  clrHashCode(): number {
    const value = this.#value;
    // Integers of different widths are equal, so their codes must be.
    const plain = value instanceof Box && typeof value.value === "number" ? value.value : value;
    const narrow = typeof plain === "bigint" && BigInt.asIntN(32, plain) === plain ? Number(plain) : plain;
    return (this.#type * 397) ^ boxedHashCode(narrow);
  }

  clrCompareTo(other: unknown): number {
    if (!(other instanceof JValue)) return compareValues(this.#type, this.#value, other);
    const type = this.#type === TokenType.String ? other.#type : this.#type;
    return compareValues(type, this.#value, other.#value);
  }
}

/** `JRaw`: text that is written as it stands. */
export class JRaw extends JValue {
  override readonly clrName = "Newtonsoft.Json.Linq.JRaw";
  constructor(json: unknown) {
    super(json, TokenType.Raw);
  }
  override deepClone(): JRaw {
    return new JRaw(this.value);
  }
}

/** The type of token that a boxed value makes. @throws {ArgumentException} when JSON has no form for it */
export function valueType(value: unknown): TokenType {
  switch (typeof value) {
    case "string":
      return TokenType.String;
    case "number":
    case "bigint":
      return TokenType.Integer;
    case "boolean":
      return TokenType.Boolean;
  }
  if (value === null || value === undefined) return TokenType.Null;
  if (value instanceof Box) {
    if (value.type === "Double" || value.type === "Single") return TokenType.Float;
    if (value.type !== "Char") return TokenType.Integer;
  }
  if (value instanceof EnumValue || value instanceof BigInteger) return TokenType.Integer;
  if (value instanceof Decimal) return TokenType.Float;
  if (value instanceof DateTime || value instanceof DateTimeOffset) return TokenType.Date;
  if (value instanceof Uint8Array) return TokenType.Bytes;
  if (value instanceof Guid) return TokenType.Guid;
  if (value instanceof TimeSpan) return TokenType.TimeSpan;
  if (value instanceof Uri) return TokenType.Uri;
  throw new ArgumentException(`Could not determine JSON object type for type ${typeNameOf(value)}.`);
}
