/**
 * The two spellings of a type's name: C# form (`int`, `string[]`, `List<int>`) and what reflection prints
 * (`System.Int32`, `System.String[]`, ``System.Collections.Generic.List`1[System.Int32]``).
 */
const KEYWORDS: Readonly<Record<string, string>> = {
  bool: "System.Boolean",
  byte: "System.Byte",
  char: "System.Char",
  decimal: "System.Decimal",
  double: "System.Double",
  float: "System.Single",
  int: "System.Int32",
  long: "System.Int64",
  object: "System.Object",
  sbyte: "System.SByte",
  short: "System.Int16",
  string: "System.String",
  uint: "System.UInt32",
  ulong: "System.UInt64",
  ushort: "System.UInt16",
  void: "System.Void",
};

/** C# form to the name that reflection prints. Names without a keyword must be full names already. */
export function clrNameOf(csharp: string): string {
  const text = csharp.trim();
  if (text.endsWith("[]")) return `${clrNameOf(text.slice(0, -2))}[]`;
  if (text.endsWith("?")) return `System.Nullable\`1[${clrNameOf(text.slice(0, -1))}]`;
  const open = text.indexOf("<");
  if (open < 0) return KEYWORDS[text] ?? text;
  const args = splitArguments(text.slice(open + 1, text.lastIndexOf(">")));
  return `${text.slice(0, open)}\`${args.length}[${args.map(clrNameOf).join(",")}]`;
}

/** `Dictionary<string, List<int>>` arguments to their parts, at the commas outside brackets. */
function splitArguments(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    const c = list[i];
    if (c === "<") depth++;
    else if (c === ">") depth--;
    else if (c === "," && depth === 0) {
      parts.push(list.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(list.slice(start));
  return parts;
}

/** The last part of a full name, without generic arguments: ``List`1`` of ``System.Collections.Generic.List`1[System.Int32]``. */
export function simpleName(fullName: string): string {
  const array = fullName.endsWith("[]") ? "[]" : "";
  const bracket = fullName.indexOf("[");
  const bare = bracket < 0 ? fullName : fullName.slice(0, bracket);
  return bare.slice(bare.lastIndexOf(".") + 1) + array;
}
