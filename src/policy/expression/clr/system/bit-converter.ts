import { declareType, type MemberFunction } from "../declare.ts";
import { ArgumentException, ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { checkTextLength } from "./text-limit.ts";

/** A number type as DataView reads and writes it, little-endian. */
interface Layout {
  clr: string;
  keyword: string;
  size: number;
  read: (view: DataView) => number | bigint;
  write: (view: DataView, value: never) => void;
}

const LAYOUTS: readonly Layout[] = [
  {
    clr: "Char",
    keyword: "char",
    size: 2,
    read: (v) => v.getUint16(0, true),
    write: (v, x: number) => v.setUint16(0, x, true),
  },
  {
    clr: "Int16",
    keyword: "short",
    size: 2,
    read: (v) => v.getInt16(0, true),
    write: (v, x: number) => v.setInt16(0, x, true),
  },
  {
    clr: "UInt16",
    keyword: "ushort",
    size: 2,
    read: (v) => v.getUint16(0, true),
    write: (v, x: number) => v.setUint16(0, x, true),
  },
  {
    clr: "Int32",
    keyword: "int",
    size: 4,
    read: (v) => v.getInt32(0, true),
    write: (v, x: number) => v.setInt32(0, x, true),
  },
  {
    clr: "UInt32",
    keyword: "uint",
    size: 4,
    read: (v) => v.getUint32(0, true),
    write: (v, x: number) => v.setUint32(0, x, true),
  },
  {
    clr: "Int64",
    keyword: "long",
    size: 8,
    read: (v) => v.getBigInt64(0, true),
    write: (v, x: bigint) => v.setBigInt64(0, x, true),
  },
  {
    clr: "UInt64",
    keyword: "ulong",
    size: 8,
    read: (v) => v.getBigUint64(0, true),
    write: (v, x: bigint) => v.setBigUint64(0, x, true),
  },
  {
    clr: "Single",
    keyword: "float",
    size: 4,
    read: (v) => v.getFloat32(0, true),
    write: (v, x: number) => v.setFloat32(0, x, true),
  },
  {
    clr: "Double",
    keyword: "double",
    size: 8,
    read: (v) => v.getFloat64(0, true),
    write: (v, x: number) => v.setFloat64(0, x, true),
  },
];

function viewAt(bytes: Uint8Array | null, start: number, size: number): DataView {
  if (bytes === null) throw new ArgumentNullException("value");
  if (start < 0 || start >= bytes.length) {
    throw new ArgumentOutOfRangeException(
      "startIndex",
      "Index was out of range. Must be non-negative and less than the size of the collection.",
    );
  }
  if (start > bytes.length - size) {
    throw new ArgumentException(
      "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
      "value",
    );
  }
  return new DataView(bytes.buffer, bytes.byteOffset + start, size);
}

function bytesOf(layout: Layout, value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  layout.write(new DataView(bytes.buffer), value as never);
  return bytes;
}

function layoutMembers(): Record<string, MemberFunction> {
  const members: Record<string, MemberFunction> = {};
  for (const layout of LAYOUTS) {
    const { clr, keyword, size, read } = layout;
    members[`static byte[] GetBytes(${keyword} value)`] = (value: number | bigint) => bytesOf(layout, value);
    members[`static ${keyword} To${clr}(byte[] value, int startIndex)`] = (bytes: Uint8Array | null, start: number) =>
      read(viewAt(bytes, start, size));
  }
  return members;
}

/** The bits of one number type read as another of the same size. */
function reinterpret(from: string, to: string): (value: number | bigint) => number | bigint {
  const source = LAYOUTS.find((layout) => layout.clr === from) as Layout;
  const target = LAYOUTS.find((layout) => layout.clr === to) as Layout;
  return (value) => target.read(new DataView(bytesOf(source, value).buffer));
}

/** Upper-case hexadecimal pairs with dashes. */
function print(bytes: Uint8Array | null, start = 0, length?: number): string {
  if (bytes === null) throw new ArgumentNullException("value");
  const count = length ?? bytes.length - start;
  if (start < 0 || (start >= bytes.length && start > 0)) {
    throw new ArgumentOutOfRangeException("startIndex", "StartIndex cannot be less than zero.");
  }
  if (count < 0) throw new ArgumentOutOfRangeException("length", "Value must be positive.");
  if (start + count > bytes.length)
    throw new ArgumentException(
      "Destination array is not long enough to copy all the items in the collection. Check array index and length.",
    );
  checkTextLength(count * 3);
  return Array.from(bytes.subarray(start, start + count), (byte) =>
    byte.toString(16).toUpperCase().padStart(2, "0"),
  ).join("-");
}

export const bitConverterType = declareType({
  name: "System.BitConverter",
  kind: "static",
  members: {
    ...layoutMembers(),
    "static bool IsLittleEndian { get; }": () => true,
    "static byte[] GetBytes(bool value)": (value: boolean) => Uint8Array.of(value ? 1 : 0),
    "static bool ToBoolean(byte[] value, int startIndex)": (bytes: Uint8Array | null, start: number) =>
      viewAt(bytes, start, 1).getUint8(0) !== 0,
    "static long DoubleToInt64Bits(double value)": reinterpret("Double", "Int64"),
    "static double Int64BitsToDouble(long value)": reinterpret("Int64", "Double"),
    "static float Int32BitsToSingle(int value)": reinterpret("Int32", "Single"),
    "static int SingleToInt32Bits(float value)": reinterpret("Single", "Int32"),
    "static string ToString(byte[] value)": (bytes: Uint8Array | null) => print(bytes),
    "static string ToString(byte[] value, int startIndex)": (bytes: Uint8Array | null, start: number) =>
      print(bytes, start),
    "static string ToString(byte[] value, int startIndex, int length)": print,
  },
});
