import { Box, EnumValue } from "../box.ts";
import { ArgumentNullException, FormatException } from "../exceptions.ts";
import { formatEnum } from "./enum-format.ts";
import { formatFloating, formatInteger } from "./number-format.ts";
import { asClrObject } from "./protocol.ts";
import { boxedToString } from "./text.ts";
import { checkTextLength, MAX_TEXT_LENGTH } from "./text-limit.ts";

const BITS: Readonly<Record<string, number>> = { Byte: 8, SByte: 8, Int16: 16, UInt16: 16, UInt32: 32, UInt64: 64 };

/**
 * What `{value:format}` prints in interpolation and `string.Format`, without alignment: null prints nothing,
 * values that have no formats ignore it.
 * @param value boxed
 * @throws FormatException for a format the value's type does not have
 */
export function formatBoxed(value: unknown, format: string | null): string {
  if (format === null || format === "") return boxedToString(value);
  if (typeof value === "number") return formatInteger(value, format, 32);
  if (typeof value === "bigint") return formatInteger(value, format, 64);
  if (value instanceof Box) return formatBox(value, format);
  if (value instanceof EnumValue) return formatEnum(value, format);
  return asClrObject(value)?.clrFormat?.(format) ?? boxedToString(value);
}

function formatBox(box: Box, format: string): string {
  if (box.type === "Char") return boxedToString(box);
  if (box.type === "Double" || box.type === "Single") {
    return formatFloating(Number(box.value), format, box.type === "Single");
  }
  return formatInteger(box.value, format, BITS[box.type] ?? 32);
}

/** Pads to the width of `{0,5}` (right-aligned) or `{0,-5}` (left-aligned). */
export function alignText(text: string, width: number): string {
  if (Math.abs(width) <= text.length) return text;
  checkTextLength(Math.abs(width));
  return width < 0 ? text.padEnd(-width) : text.padStart(width);
}

const BAD_FORMAT = "Input string was not in a correct format.";
const BAD_INDEX =
  "Index (zero based) must be greater than or equal to zero and less than the size of the argument list.";
/** Index, alignment and the start of a format or the end of an item. Runs only at an opening brace. */
const ITEM = /^\{([0-9]{1,7}) *(?:, *(-?)([0-9]{1,7}) *)?([:}])/;

/**
 * Composite formatting: `{index[,alignment][:format]}` items in literal text, `{{` and `}}` for braces.
 * @param args boxed
 * @throws ArgumentNullException, FormatException
 */
export function compositeFormat(template: string | null, args: readonly unknown[]): string {
  if (template === null) throw new ArgumentNullException("format");
  let out = "";
  let i = 0;
  while (i < template.length) {
    const brace = nextBrace(template, i);
    out += template.slice(i, brace);
    if (brace === template.length) break;
    if (template[brace] === template[brace + 1]) {
      out += template[brace];
      i = brace + 2;
      continue;
    }
    const item = template[brace] === "{" ? ITEM.exec(template.slice(brace, brace + 64)) : null;
    if (!item) throw new FormatException(BAD_FORMAT);
    const index = Number(item[1]);
    if (index >= args.length) throw new FormatException(BAD_INDEX);
    i = brace + item[0].length;
    let format: string | null = null;
    if (item[4] === ":") [format, i] = itemFormat(template, i);
    const width = item[3] === undefined ? 0 : Number(item[3]) * (item[2] === "-" ? -1 : 1);
    out += alignText(formatBoxed(args[index] ?? null, format), width);
    if (out.length > MAX_TEXT_LENGTH) break;
  }
  checkTextLength(out.length);
  return out;
}

function nextBrace(template: string, from: number): number {
  let i = from;
  while (i < template.length && template[i] !== "{" && template[i] !== "}") i++;
  return i;
}

/** The format between the colon and the closing brace, in which doubled braces stand for one. */
function itemFormat(template: string, from: number): [format: string, end: number] {
  let format = "";
  for (let i = from; i < template.length; i++) {
    const c = template[i];
    if ((c === "{" || c === "}") && template[i + 1] === c) i++;
    else if (c === "}") return [format, i + 1];
    else if (c === "{") break;
    format += c;
  }
  throw new FormatException(BAD_FORMAT);
}
