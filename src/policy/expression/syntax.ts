import type { NumberType, SecretPart } from "./tokens.ts";

/**
 * The syntax tree of an expression, as parsed and before any meaning is known. `at` is the index in the expression's
 * text where a diagnostic about the node points; `end` is the index after its last character.
 */
export interface Node {
  at: number;
  end: number;
}

export type TypeSyntax =
  | (Node & { kind: "name-type"; parts: NamePart[] })
  | (Node & { kind: "keyword-type"; keyword: string })
  | (Node & { kind: "array-type"; element: TypeSyntax; rank: number })
  | (Node & { kind: "nullable-type"; inner: TypeSyntax })
  | (Node & { kind: "tuple-type"; elements: { type: TypeSyntax; name: string | undefined }[] });

/** One part of a dotted name: `Dictionary<string, int>`. */
export interface NamePart {
  name: string;
  args: TypeSyntax[];
  at: number;
}

export interface Argument {
  value: Expression;
  name: string | undefined;
  nameAt: number;
  mode: "value" | "out" | "ref";
}

export interface Parameter {
  name: string;
  type: TypeSyntax | undefined;
  at: number;
  mode: "value" | "out" | "ref" | "params";
  defaultValue?: Expression;
}

export interface InitializerElement {
  at: number;
  /** `Name = value` sets a property; `[key] = value` the indexer; several values call `Add(a, b)`. */
  target: { kind: "property"; name: string } | { kind: "index"; args: Argument[] } | { kind: "add" };
  values: (Expression | Initializer)[];
}

/** `{ a = 1, ["k"] = 2, { "x", 1 }, item }` after a construction. */
export interface Initializer extends Node {
  kind: "initializer";
  elements: InitializerElement[];
}

export type BinaryOperator =
  | "*"
  | "/"
  | "%"
  | "+"
  | "-"
  | "<<"
  | ">>"
  | "<"
  | ">"
  | "<="
  | ">="
  | "=="
  | "!="
  | "&"
  | "^"
  | "|"
  | "&&"
  | "||"
  | "??";

export type UnaryOperator = "+" | "-" | "!" | "~";

export type Expression =
  | (Node & { kind: "number"; type: NumberType; value: number | bigint | string })
  | (Node & { kind: "char"; value: number })
  | (Node & { kind: "bool"; value: boolean })
  | (Node & { kind: "null" })
  | (Node & { kind: "string"; parts: (string | SecretPart)[] })
  | (Node & { kind: "interpolated"; parts: (string | SecretPart | Hole)[] })
  | (Node & { kind: "name"; name: string; args: TypeSyntax[] })
  | (Node & { kind: "keyword-name"; keyword: string })
  | (Node & { kind: "member"; target: Expression; name: string; args: TypeSyntax[]; nameAt: number })
  | (Node & { kind: "call"; target: Expression; args: Argument[] })
  | (Node & { kind: "index"; target: Expression; args: Argument[] })
  /** `target?.rest`: `rest` holds one `receiver` leaf that stands for the target's value. */
  | (Node & { kind: "conditional-access"; target: Expression; rest: Expression })
  | (Node & { kind: "receiver" })
  | (Node & { kind: "parenthesized"; inner: Expression })
  | (Node & { kind: "unary"; operator: UnaryOperator; operand: Expression })
  | (Node & { kind: "increment"; operator: "++" | "--"; prefix: boolean; operand: Expression })
  | (Node & { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression; operatorAt: number })
  | (Node & { kind: "assign"; operator: BinaryOperator | undefined; target: Expression; value: Expression })
  | (Node & { kind: "cast"; type: TypeSyntax; operand: Expression })
  | (Node & { kind: "as"; operand: Expression; type: TypeSyntax })
  | (Node & { kind: "is"; operand: Expression; pattern: Pattern })
  | (Node & { kind: "conditional"; condition: Expression; whenTrue: Expression; whenFalse: Expression })
  | (Node & { kind: "lambda"; parameters: Parameter[]; body: Expression | Block })
  | (Node & { kind: "new"; type: TypeSyntax; args: Argument[]; initializer: Initializer | undefined })
  | (Node & {
      kind: "new-array";
      /** Element type; undefined in `new[] { … }`. */
      element: TypeSyntax | undefined;
      /** Sizes in the first brackets; empty when the items give the size. */
      sizes: Expression[];
      rank: number;
      items: ArrayItems | undefined;
    })
  | (Node & { kind: "array-items"; items: ArrayItems })
  | (Node & { kind: "anonymous"; members: { name: string; value: Expression; at: number }[] })
  | (Node & { kind: "typeof"; type: TypeSyntax })
  | (Node & { kind: "default"; type: TypeSyntax | undefined })
  | (Node & { kind: "nameof"; operand: Expression })
  | (Node & { kind: "checked"; checked: boolean; inner: Expression })
  | (Node & { kind: "throw"; value: Expression })
  | (Node & { kind: "tuple"; items: { value: Expression; name: string | undefined }[] })
  /** `out int n`, `out var n`, and `var (a, b)` as the target of a deconstruction. */
  | (Node & { kind: "declaration"; type: TypeSyntax | undefined; name: string })
  | (Node & { kind: "query"; query: Query });

/** Items of an array initialiser; nested braces are arrays of arrays' dimensions. */
export type ArrayItems = Expression[];

export interface Hole {
  value: Expression;
  alignment: Expression | undefined;
  format: string | undefined;
}

export type Pattern =
  /** `is Type` or `is Type name`; `is var name` has no type. */
  | (Node & { kind: "type-pattern"; type: TypeSyntax | undefined; name: string | undefined; nameAt: number })
  | (Node & { kind: "constant-pattern"; value: Expression });

/** `from x in xs where … select …`, before it is rewritten to method calls. */
export interface Query {
  clauses: QueryClause[];
  /** The ending `select` or `group … by …`. */
  result: { kind: "select"; value: Expression } | { kind: "group"; value: Expression; by: Expression };
  into: { name: string; query: Query } | undefined;
}

export type QueryClause =
  | { kind: "from"; name: string; type: TypeSyntax | undefined; source: Expression; at: number }
  | { kind: "let"; name: string; value: Expression; at: number }
  | { kind: "where"; condition: Expression; at: number }
  | { kind: "orderby"; keys: { value: Expression; descending: boolean }[]; at: number }
  | {
      kind: "join";
      name: string;
      source: Expression;
      left: Expression;
      right: Expression;
      into: string | undefined;
      at: number;
    };

export interface Declarator {
  name: string;
  at: number;
  value: Expression | undefined;
}

export interface Block extends Node {
  kind: "block";
  statements: Statement[];
}

export interface Catch {
  at: number;
  type: TypeSyntax | undefined;
  name: string | undefined;
  nameAt: number;
  when: Expression | undefined;
  body: Block;
}

export interface SwitchSection {
  at: number;
  labels: ({ at: number; pattern: Pattern; when: Expression | undefined } | { at: number; pattern: undefined })[];
  statements: Statement[];
}

export type Statement =
  | Block
  | (Node & { kind: "empty" })
  | (Node & { kind: "local"; type: TypeSyntax | undefined; constant: boolean; declarators: Declarator[] })
  | (Node & {
      kind: "local-function";
      returnType: TypeSyntax;
      name: string;
      parameters: Parameter[];
      body: Block | Expression;
      nameAt: number;
    })
  | (Node & { kind: "expression"; value: Expression })
  | (Node & { kind: "if"; condition: Expression; then: Statement; otherwise: Statement | undefined })
  | (Node & {
      kind: "for";
      initial: Statement[];
      condition: Expression | undefined;
      update: Expression[];
      body: Statement;
    })
  | (Node & {
      kind: "foreach";
      type: TypeSyntax | undefined;
      name: string;
      nameAt: number;
      names: { name: string; at: number }[] | undefined;
      source: Expression;
      body: Statement;
    })
  | (Node & { kind: "while"; condition: Expression; body: Statement })
  | (Node & { kind: "do"; condition: Expression; body: Statement })
  | (Node & { kind: "switch"; value: Expression; sections: SwitchSection[] })
  | (Node & { kind: "try"; body: Block; catches: Catch[]; finally: Block | undefined })
  | (Node & { kind: "using"; resource: Statement | Expression; body: Statement })
  | (Node & { kind: "lock"; value: Expression; body: Statement })
  | (Node & { kind: "checked-block"; checked: boolean; body: Block })
  | (Node & { kind: "throw-statement"; value: Expression | undefined })
  | (Node & { kind: "return"; value: Expression | undefined })
  | (Node & { kind: "break" })
  | (Node & { kind: "continue" });
