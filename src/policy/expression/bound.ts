import type { Diagnostic } from "../../model/diagnostic.ts";
import type { Scope } from "./bind/scope.ts";
import type { Member } from "./registry.ts";
import type { BinaryOperator, Expression, UnaryOperator } from "./syntax.ts";
import type { NamedType, Type } from "./types.ts";

/**
 * The typed tree: every node has its C# static type, every name is resolved, every conversion is a node of its own.
 * `at` is the index in the expression's text.
 */
export type ConstantValue = string | number | bigint | boolean | null;

/** A local variable, parameter, or constant. Its name is for messages only: generated code uses `id`. */
export interface Local {
  kind: "local";
  name: string;
  type: Type;
  id: number;
  /** `out` and `ref` parameters hold a cell. */
  cell: boolean;
  /** Why it may not be assigned, if so: "foreach iteration variable", "constant". */
  readonly: string | undefined;
  constant: ConstantValue | undefined;
}

/** A local function. */
export interface LocalFunction {
  kind: "function";
  name: string;
  id: number;
  parameters: { name: string; type: Type; mode: "value" | "out" | "ref" | "params"; defaultValue: Bound | undefined }[];
  returnType: Type;
}

export type Conversion =
  | { kind: "identity" }
  | { kind: "numeric" }
  /** A constant that fits a smaller integral type. */
  | { kind: "constant" }
  | { kind: "enum" }
  | { kind: "null" }
  | { kind: "boxing" }
  /** To a base class or interface: no run-time work. */
  | { kind: "reference" }
  /** Explicit: checked when it runs. */
  | { kind: "unboxing" }
  | { kind: "cast" }
  /** `T` to `T?`, `T?` to `U?` (lifted), explicit `T?` to `U`. */
  | { kind: "nullable"; inner: Conversion; lift: "wrap" | "both" | "unwrap" }
  | {
      kind: "user";
      member: Member;
      owner: NamedType;
      before: Conversion;
      after: Conversion;
      source: Type;
      target: Type;
      lifted: boolean;
    }
  | { kind: "tuple"; items: Conversion[] }
  | { kind: "lambda" }
  | { kind: "method-group" }
  | { kind: "default" }
  | { kind: "throw" }
  | { kind: "error" };

export type Bound = { at: number; type: Type } & (
  | { kind: "constant"; value: ConstantValue }
  | { kind: "secret"; name: string }
  | { kind: "context" }
  | { kind: "local"; local: Local }
  | {
      kind: "call";
      member: Member;
      receiver: Bound | undefined;
      args: Bound[];
      typeArgs: readonly Type[];
      owner: NamedType | undefined;
    }
  | { kind: "call-function"; target: LocalFunction; args: Bound[] }
  | { kind: "invoke"; target: Bound; args: Bound[] }
  | { kind: "convert"; conversion: Conversion; operand: Bound; checked: boolean }
  | { kind: "unary"; operator: UnaryOperator; operand: Bound; checked: boolean }
  /** Operands already have the operator's own operand type, save for shifts. */
  | { kind: "binary"; operator: BinaryOperator; left: Bound; right: Bound; checked: boolean }
  | {
      kind: "lifted";
      left: Bound;
      right: Bound | undefined;
      leftHole: Bound;
      rightHole: Bound | undefined;
      body: Bound;
      whenNull: "null" | "false" | "equal" | "unequal";
    }
  | { kind: "lifted-logic"; operator: "&" | "|"; left: Bound; right: Bound }
  | { kind: "concat"; parts: Bound[] }
  | { kind: "format-hole"; value: Bound; alignment: number; format: string | undefined }
  | { kind: "logical"; operator: "&&" | "||"; left: Bound; right: Bound }
  | { kind: "conditional"; condition: Bound; whenTrue: Bound; whenFalse: Bound }
  | { kind: "coalesce"; left: Bound; hole: Bound; whenPresent: Bound; right: Bound }
  | { kind: "conditional-access"; target: Bound; hole: Bound; rest: Bound }
  /** A value computed elsewhere: the receiver of a conditional access, the old value of a compound assignment. */
  | { kind: "hole"; id: number }
  | { kind: "assign"; target: Bound; value: Bound }
  | { kind: "compound"; target: Bound; hole: Bound; value: Bound; returnsOld: boolean }
  | { kind: "deconstruct"; targets: (Bound | undefined)[]; value: Bound; hole: Bound; parts: Bound[] }
  | { kind: "lambda"; parameters: Local[]; body: BoundBody; result: Type }
  | { kind: "function-group"; target: LocalFunction }
  | { kind: "array"; element: Type; items: Bound[] | undefined; size: Bound | undefined; inner: Bound[] }
  | { kind: "element"; array: Bound; indexes: Bound[] }
  | { kind: "anonymous"; names: readonly string[]; values: Bound[] }
  | { kind: "anonymous-member"; target: Bound; index: number }
  | { kind: "tuple"; items: Bound[] }
  | { kind: "tuple-member"; target: Bound; index: number }
  | { kind: "initialized"; hole: Bound; creation: Bound; steps: Bound[] }
  | { kind: "is"; operand: Bound; test: Type | undefined; constant: Bound | undefined; local: Local | undefined }
  | { kind: "as"; operand: Bound }
  | { kind: "type-value"; of: Type }
  | { kind: "get-type"; operand: Bound }
  | { kind: "throw"; value: Bound }
  | { kind: "out"; target: Bound | undefined; mode: "out" | "ref" }
  /** `default(T)`. */
  | { kind: "default" }
  | { kind: "error" }
  // Below: not yet values. They get a type by conversion, by a call, or not at all.
  | { kind: "null" }
  | { kind: "default-literal" }
  | { kind: "unbound-lambda"; lambda: UnboundLambda }
  | { kind: "method-group"; group: MethodGroup }
  | { kind: "type"; of: Type }
  | { kind: "namespace"; name: string }
);

export interface MethodGroup {
  name: string;
  members: Member[];
  /** Undefined for static methods called on a type. */
  receiver: Bound | undefined;
  owner: Type | undefined;
  typeArgs: Type[];
  /** Whether extension methods of this name may be tried. */
  extensions: boolean;
}

export interface LambdaBody {
  parameters: Local[];
  body: BoundBody;
  /** Type of the body's value; undefined where it gives none that has a type. */
  inferred: Type | undefined;
  /** Values that the body gives, for conversion checks. */
  values: Bound[];
  /** What is wrong with the body under these parameter types. */
  diagnostics: Diagnostic[];
}

export interface UnboundLambda {
  syntax: Extract<Expression, { kind: "lambda" }>;
  scope: Scope;
  explicitTypes: Type[] | undefined;
  /** Bodies already bound, by parameter types. */
  bodies: Map<string, LambdaBody>;
}

export type BoundBody =
  | { kind: "expression"; value: Bound; locals: Local[] }
  | { kind: "statements"; statements: BoundStatement[] };

export interface BoundCatch {
  type: Type | undefined;
  local: Local | undefined;
  when: Bound | undefined;
  body: BoundStatement[];
}

export type BoundStatement = { at: number } & (
  | { kind: "block"; statements: BoundStatement[] }
  | { kind: "declare"; local: Local; value: Bound | undefined }
  | { kind: "expression"; value: Bound }
  | { kind: "function"; target: LocalFunction; parameters: Local[]; body: BoundBody }
  | { kind: "if"; condition: Bound; then: BoundStatement[]; otherwise: BoundStatement[] | undefined }
  | {
      kind: "loop";
      id: number;
      test: "before" | "after";
      condition: Bound | undefined;
      update: Bound[];
      body: BoundStatement[];
    }
  | {
      kind: "foreach";
      id: number;
      source: Bound;
      item: Type;
      local: Local;
      convert: Bound;
      hole: Bound;
      parts: { local: Local; value: Bound }[];
      body: BoundStatement[];
    }
  | {
      kind: "switch";
      id: number;
      value: Bound;
      hole: Bound;
      sections: { tests: (Bound | undefined)[]; locals: Local[]; body: BoundStatement[] }[];
    }
  | { kind: "try"; body: BoundStatement[]; catches: BoundCatch[]; finally: BoundStatement[] | undefined }
  | {
      kind: "using";
      declare: BoundStatement[];
      resource: Bound | undefined;
      dispose: Bound | undefined;
      hole: Bound | undefined;
      body: BoundStatement[];
    }
  | { kind: "return"; value: Bound | undefined }
  | { kind: "throw"; value: Bound | undefined }
  | { kind: "break"; target: number; fromSwitch: boolean }
  | { kind: "continue"; target: number }
);
