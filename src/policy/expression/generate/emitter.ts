import type { Bound, BoundBody, BoundStatement, Local } from "../bound.ts";
import { numericKind } from "../known-types.ts";
import type { Language } from "../language.ts";
import type { DelegateShape } from "../registry.ts";
import { boxOf } from "../runtime-types.ts";
import { isEnum, isReferenceType, nullableUnderlying, type Type, voidType } from "../types.ts";
import { expression } from "./expressions.ts";
import type { Module } from "./module.ts";

export type StatementWriter = (e: Emitter, list: readonly BoundStatement[]) => string;

/** The state of generation: the module's constants, and the function being written. */
export class Emitter {
  readonly language: Language;
  readonly module: Module;
  /** Concatenations are watched for growth. */
  readonly repeating: boolean;
  /** What stands for each hole of the tree: a temporary, mostly. */
  readonly holes = new Map<number, string>();
  #temporaries: string[] = [];
  /** Type that `return` boxes; undefined where it returns the plain representation. */
  returnBox: Type | undefined;
  writer: StatementWriter | undefined;

  constructor(language: Language, module: Module, repeating: boolean) {
    this.language = language;
    this.module = module;
    this.repeating = repeating;
  }

  /** A fresh variable of the current function. */
  temporary(): string {
    const name = this.module.temporary();
    this.#temporaries.push(name);
    return name;
  }

  op(name: Parameters<Module["op"]>[0]): string {
    return this.module.op(name);
  }

  /** The statements of a function with this body. `box`: the type of the values it returns, when they are to be boxed. */
  functionBody(parameters: readonly Parameter[], body: BoundBody, box: Type | undefined, write = this.writer): string {
    const outer = { temporaries: this.#temporaries, box: this.returnBox, writer: this.writer };
    this.#temporaries = [];
    this.returnBox = box;
    this.writer = write;
    const entry = parameters.flatMap(({ local, boxed }) => {
      const name = this.local(local);
      const open = boxed ? this.unbox(name, local.type) : name;
      return open === name ? [] : [`${name}=${open};`];
    });
    let code: string;
    if (body.kind === "statements") {
      code = write ? write(this, body.statements) : "";
    } else {
      const locals = body.locals.map((local) => `let ${this.local(local)}=${this.defaultValue(local.type)};`);
      const value = expression(this, body.value);
      const isVoid = body.value.type === voidType || box === voidType;
      code = locals.join("") + (isVoid ? `${value};` : `return ${box ? this.box(value, body.value.type) : value};`);
    }
    const temporaries = this.#temporaries.length > 0 ? `let ${this.#temporaries.join(",")};` : "";
    this.#temporaries = outer.temporaries;
    this.returnBox = outer.box;
    this.writer = outer.writer;
    return temporaries + entry.join("") + code;
  }

  local(local: Local): string {
    return `v${local.id}`;
  }

  /** A lambda; `declared` is the delegate as the receiving signature writes it, where type parameters are boxed. */
  lambda(node: Bound & { kind: "lambda" }, declared?: DelegateShape): string {
    const parameters = node.parameters.map((local, i) => ({ local, boxed: isOpen(declared?.parameters[i]) }));
    const boxes = isOpen(declared?.result) && node.result !== voidType;
    const names = parameters.map(({ local }) => this.local(local)).join(",");
    const isVoid = node.result === voidType;
    const spend = this.op("spend");
    const simple = node.body.kind === "expression" && node.body.locals.length === 0 && !isVoid;
    if (
      simple &&
      node.body.kind === "expression" &&
      parameters.every(({ local, boxed }) => !boxed || !this.needsUnboxing(local.type))
    ) {
      const outer = this.#temporaries;
      this.#temporaries = [];
      const value = expression(this, node.body.value);
      const used = this.#temporaries;
      this.#temporaries = outer;
      const result = boxes ? this.box(value, node.result) : value;
      if (used.length === 0) return `((${names})=>(${spend}(),${result}))`;
      return `((${names})=>{let ${used.join(",")};${spend}();return ${result};})`;
    }
    const code = this.functionBody(parameters, node.body, boxes ? node.result : isVoid ? voidType : undefined);
    return `((${names})=>{${spend}();${code}})`;
  }

  needsUnboxing(type: Type): boolean {
    return boxOf(type) !== undefined || hasOwnBox(type);
  }

  /** The value as `object`: boxes what JavaScript alone would not tell apart. */
  box(text: string, type: Type): string {
    const box = boxOf(type);
    if (box) return `${this.op(`box${box}`)}(${text})`;
    return hasOwnBox(type) && type.kind === "named" ? `${this.module.boxer(type)}(${text})` : text;
  }

  /** The value of a box whose type is certain. */
  unbox(text: string, type: Type): string {
    return this.needsUnboxing(type) ? `${this.op("open")}(${text})` : text;
  }

  /** A boxed value as a value type, its type checked. */
  checkedUnbox(text: string, type: Type): string {
    const underlying = nullableUnderlying(type);
    if (underlying) {
      const value = this.temporary();
      return `((${value}=${text})===null?null:${this.checkedUnbox(value, underlying)})`;
    }
    const box = boxOf(type);
    if (box) return `${this.op(`unbox${box}`)}(${text})`;
    const kind = numericKind(type);
    if (kind === "int") return `${this.op("unboxInt")}(${text})`;
    if (kind === "long") return `${this.op("unboxLong")}(${text})`;
    if (type === this.language.known.bool) return `${this.op("unboxBool")}(${text})`;
    return `${this.op("unboxAs")}(${this.module.type(type)},${text})`;
  }

  /** `default(T)` in the representation of T. */
  defaultValue(type: Type): string {
    if (isReferenceType(type) || nullableUnderlying(type) || type.kind === "special" || type.kind === "parameter")
      return "null";
    const kind = numericKind(type);
    if (kind === "long" || kind === "ulong") return "0n";
    if (kind === "decimal") return this.module.decimal("0");
    if (kind) return "0";
    if (type === this.language.known.bool) return "false";
    if (isEnum(type) && type.kind === "named") return this.module.enumValue(type.definition.fullName, 0);
    if (type.kind === "tuple") {
      return `${this.op("tuple")}([${type.elements.map((element) => this.box(this.defaultValue(element), element)).join(",")}])`;
    }
    return `${this.module.type(type)}.default`;
  }
}

/** Types of the gateway whose values are boxed in a way of their own. */
export function hasOwnBox(type: Type): boolean {
  return type.kind === "named" && type.definition.declaration.box !== undefined;
}

export interface Parameter {
  local: Local;
  /** Arrives boxed, because the receiving signature names a type parameter. */
  boxed: boolean;
}

/** A type that is a bare type parameter (or `T?`): such values cross a member's boundary boxed. */
export function isOpen(type: Type | undefined): boolean {
  if (!type) return false;
  return type.kind === "parameter" || nullableUnderlying(type)?.kind === "parameter";
}
