import { EnumValue } from "./box.ts";
import { declareType, type TypeDeclaration } from "./declare.ts";

/** Types that the language itself is made of and no library folder offers: nullables, delegates, the base of enums. */

const nullable = declareType({
  name: "System.Nullable<T>",
  kind: "struct",
  members: {
    // The receiver is null or the value; generated code carries these out itself.
    "bool HasValue { get; }": (value: unknown) => value !== null,
    "T Value { get; }": (value: unknown) => value,
    "T GetValueOrDefault()": (value: unknown) => value,
    "T GetValueOrDefault(T defaultValue)": (value: unknown, fallback: unknown) => value ?? fallback,
  },
});

const enumBase = declareType({
  name: "System.Enum",
  kind: "class",
  base: "System.ValueType",
  is: (value) => value instanceof EnumValue,
});

const delegateBase = declareType({
  name: "System.Delegate",
  kind: "class",
  is: (value) => typeof value === "function",
});

/** What calling each delegate type takes and gives: `[name, parameter types, result]`, in C# form. */
export const delegateShapes: readonly { name: string; parameters: readonly string[]; result: string }[] = [
  ...Array.from({ length: 9 }, (_, count) => {
    const names = Array.from({ length: count }, (_unused, i) => (count === 1 ? "T" : `T${i + 1}`));
    return { name: `System.Func<${[...names, "TResult"].join(", ")}>`, parameters: names, result: "TResult" };
  }),
  ...Array.from({ length: 9 }, (_, count) => {
    const names = Array.from({ length: count }, (_unused, i) => (count === 1 ? "T" : `T${i + 1}`));
    return {
      name: count === 0 ? "System.Action" : `System.Action<${names.join(", ")}>`,
      parameters: names,
      result: "void",
    };
  }),
  { name: "System.Predicate<T>", parameters: ["T"], result: "bool" },
  { name: "System.Comparison<T>", parameters: ["T", "T"], result: "int" },
  { name: "System.Converter<TInput, TOutput>", parameters: ["TInput"], result: "TOutput" },
  {
    name: "System.Text.RegularExpressions.MatchEvaluator",
    parameters: ["System.Text.RegularExpressions.Match"],
    result: "string",
  },
];

export const declarations: TypeDeclaration[] = [
  nullable,
  enumBase,
  delegateBase,
  ...delegateShapes.map(({ name }) =>
    declareType({ name, kind: "class", base: "System.Delegate", is: (value) => typeof value === "function" }),
  ),
];
