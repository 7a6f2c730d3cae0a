import type { Diagnostic } from "../../../model/diagnostic.ts";
import { didYouMean } from "../../../model/nearest.ts";
import type { SourceText } from "../../../model/source-text.ts";
import type { Bound, ConstantValue, Conversion, Local, UnboundLambda } from "../bound.ts";
import type { KnownTypes } from "../known-types.ts";
import type { Language } from "../language.ts";
import type { Registry } from "../registry.ts";
import type { TypeRelations } from "../type-relations.ts";
import { errorType, isDelegate, type Type, voidType } from "../types.ts";
import { convertConstant } from "./constants.ts";
import { betterTarget, explicitConversion, implicitConversion } from "./conversions.ts";
import { betterLambdaConversion, bindLambda, bindMethodGroup } from "./lambdas.ts";
import { Scope } from "./scope.ts";

/** Where `return` leads: the expression itself, a lambda or a local function. */
export interface FunctionContext {
  kind: "main" | "lambda" | "function";
  /** Undefined while the type is still to be found from the values returned. */
  returnType: Type | undefined;
  returns: { value: Bound | undefined; at: number; set: (value: Bound | undefined) => void }[];
  /** Loops and switches around the current statement, innermost last. */
  targets: { id: number; kind: "loop" | "switch" }[];
  /** Depth of `finally` blocks, which `return` may not leave. */
  inFinally: number;
  /** Depth of `catch` blocks, in which a bare `throw` is allowed. */
  inCatch: number;
}

/** Nodes one expression may bind, speculation counted: hostile nesting of lambdas must not take for ever. */
const maxSteps = 30_000;

const maxDiagnostics = 20;

/** Stops the compile: too much work. Nothing in the text is to blame but its size. */
export class TooComplexError extends Error {}

/** The state of one type check. The rules themselves are functions in this folder that take it. */
export class Binder {
  readonly text: SourceText;
  readonly registry: Registry;
  readonly known: KnownTypes;
  readonly relations: TypeRelations;
  diagnostics: Diagnostic[] = [];
  scope = new Scope(undefined);
  context: FunctionContext = {
    kind: "main",
    returnType: undefined,
    returns: [],
    targets: [],
    inFinally: 0,
    inCatch: 0,
  };
  checked = false;
  /** Inside unchecked(…): constants wrap around too. */
  uncheckedConstants = false;
  /** What a conditional access's chain starts from, while that chain is bound. */
  receiver: Bound | undefined;
  readonly secrets = new Set<string>();
  #ids = 0;
  #steps = 0;

  constructor(text: SourceText, language: Language) {
    this.text = text;
    this.registry = language.registry;
    this.known = language.known;
    this.relations = language.relations;
  }

  nextId(): number {
    return ++this.#ids;
  }

  /** Counts one node of work. */
  step(): void {
    if (++this.#steps > maxSteps) throw new TooComplexError();
  }

  error(at: number, code: string, message: string, hint?: string): void {
    this.report("error", at, code, message, hint);
  }

  warning(at: number, code: string, message: string, hint?: string): void {
    this.report("warning", at, code, message, hint);
  }

  report(severity: "error" | "warning", at: number, code: string, message: string, hint?: string): void {
    if (this.diagnostics.length >= maxDiagnostics) return;
    const diagnostic = this.text.diagnostic(severity, code, at, message, hint);
    const repeated = this.diagnostics.some(
      (d) => d.line === diagnostic.line && d.column === diagnostic.column && d.message === message,
    );
    if (!repeated) this.diagnostics.push(diagnostic);
  }

  /** An error node, its error reported. */
  fail(at: number, code: string, message: string, hint?: string): Bound {
    this.error(at, code, message, hint);
    return this.errorNode(at);
  }

  errorNode(at: number): Bound {
    return { kind: "error", at, type: errorType };
  }

  /** What `bind` finds, its diagnostics kept apart. */
  speculate<T>(bind: () => T): { result: T; diagnostics: Diagnostic[] } {
    const outer = this.diagnostics;
    const secrets = new Set(this.secrets);
    this.diagnostics = [];
    try {
      const result = bind();
      return { result, diagnostics: this.diagnostics };
    } finally {
      this.diagnostics = outer;
      if (secrets.size !== this.secrets.size) {
        this.secrets.clear();
        for (const secret of secrets) this.secrets.add(secret);
      }
    }
  }

  /** Runs `bind` in a new scope inside the current one (or inside `parent`). */
  inScope<T>(bind: (scope: Scope) => T, parent: Scope = this.scope): T {
    const outer = this.scope;
    this.scope = new Scope(parent);
    try {
      return bind(this.scope);
    } finally {
      this.scope = outer;
    }
  }

  /** Declares a variable in the current scope; a name already used there or around it is an error. */
  declare(
    name: string,
    type: Type,
    at: number,
    more: Partial<Pick<Local, "cell" | "readonly" | "constant">> = {},
  ): Local {
    this.checkFree(name, at);
    const local: Local = {
      kind: "local",
      name,
      type,
      id: this.nextId(),
      cell: false,
      readonly: undefined,
      constant: undefined,
      ...more,
    };
    this.scope.add(local);
    return local;
  }

  checkFree(name: string, at: number): void {
    if (this.scope.has(name)) {
      this.error(
        at,
        "expression-name",
        `A local variable or function named '${name}' is already defined in this scope`,
      );
    } else if (this.scope.find(name) || name === "context") {
      this.error(
        at,
        "expression-name",
        `A local or parameter named '${name}' cannot be declared in this scope because that name is used in an enclosing local scope`,
      );
    }
  }

  constant(value: ConstantValue, type: Type, at: number): Bound {
    return { kind: "constant", value, type, at };
  }

  hole(type: Type, at: number): Bound & { kind: "hole" } {
    return { kind: "hole", id: this.nextId(), type, at };
  }

  /** The value converted to a type without a cast; reports when it does not convert. */
  convert(value: Bound, to: Type, at = value.at): Bound {
    const conversion = implicitConversion(this, value, to);
    if (conversion) return this.apply(value, conversion, to);
    this.#reportNoConversion(value, to, at);
    return this.errorNode(at);
  }

  #reportNoConversion(value: Bound, to: Type, at: number): void {
    switch (value.kind) {
      case "null":
        this.error(at, "expression-type", `Cannot convert null to '${to}' because it is a non-nullable value type`);
        return;
      case "unbound-lambda":
        if (!isDelegate(to)) {
          this.error(
            at,
            "expression-type",
            `Cannot convert lambda expression to type '${to}' because it is not a delegate type`,
          );
        } else {
          bindLambda(this, value.lambda, to, at);
        }
        return;
      case "method-group":
        this.error(
          at,
          "expression-type",
          `Cannot convert method group '${value.group.name}' to type '${to}'. Did you intend to invoke the method?`,
        );
        return;
      case "function-group":
        this.error(
          at,
          "expression-type",
          `Cannot convert method group '${value.target.name}' to type '${to}'. Did you intend to invoke the method?`,
        );
        return;
      case "type":
        this.error(at, "expression-type", `'${value.of}' is a type, which is not valid in the given context`);
        return;
      case "namespace":
        this.error(at, "expression-type", `'${value.name}' is a namespace but is used like a variable`);
        return;
    }
    const cast = explicitConversion(this, value, to);
    const hint = cast ? `an explicit conversion exists: write (${to})` : undefined;
    this.error(at, "expression-type", `Cannot implicitly convert type '${value.type}' to '${to}'`, hint);
  }

  /** The node that carries out a conversion already found. */
  apply(value: Bound, conversion: Conversion, to: Type): Bound {
    const { at } = value;
    switch (conversion.kind) {
      case "identity":
        return value.type === to ? value : { ...value, type: to };
      case "error":
        return { kind: "error", at, type: to };
      case "null":
        return this.constant(null, to, at);
      case "default":
        return { kind: "default", type: to, at };
      case "throw":
        return { ...value, type: to };
      case "lambda":
        return value.kind === "unbound-lambda" ? bindLambda(this, value.lambda, to, at) : this.errorNode(at);
      case "method-group":
        return bindMethodGroup(this, value, to);
      case "tuple":
        if (value.kind === "tuple" && to.kind === "tuple") {
          const items = value.items.map((item, i) =>
            this.apply(item, conversion.items[i] as Conversion, to.elements[i] as Type),
          );
          return { kind: "tuple", items, type: to, at };
        }
        break;
      case "numeric":
      case "constant": {
        const folded = convertConstant(this, value, to);
        if (folded) return folded;
        break;
      }
    }
    return { kind: "convert", conversion, operand: value, type: to, at, checked: this.checked };
  }

  /** A condition: bool, or what converts to it. */
  condition(value: Bound): Bound {
    return this.convert(value, this.known.bool);
  }

  betterLambda(lambda: UnboundLambda, first: Type, second: Type): -1 | 0 | 1 {
    return betterLambdaConversion(this, lambda, first, second, (a, c) => betterTarget(this, a, c));
  }

  /** How a cast converts; undefined when it cannot. */
  castConversion(value: Bound, to: Type): Conversion | undefined {
    return explicitConversion(this, value, to);
  }

  isException(type: Type): boolean {
    return type === this.known.exception || this.relations.convertsByReference(type, this.known.exception);
  }

  nearest(name: string, candidates: Iterable<string>): string | undefined {
    return didYouMean(name, candidates);
  }

  /** True for values that have a type of their own (not a bare `null`, lambda, method group, type or namespace). */
  isTyped(value: Bound): boolean {
    return (
      value.type !== errorType && value.type !== voidType && value.kind !== "null" && value.kind !== "default-literal"
    );
  }
}
