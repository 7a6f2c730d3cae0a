import type { Bound } from "../bound.ts";
import type { Member } from "../registry.ts";
import {
  errorType,
  isNamed,
  isReferenceType,
  mentions,
  nullableUnderlying,
  nullType,
  substitute,
  type Type,
  type TypeParameter,
  voidType,
} from "../types.ts";
import type { Binder } from "./binder.ts";
import { implicitFromType, standardImplicit } from "./conversions.ts";
import { delegateShape, groupResult, lambdaBody } from "./lambdas.ts";

/** One argument and the (unsubstituted) parameter type it is for. */
export interface InferencePair {
  argument: Bound;
  parameter: Type;
}

interface Bounds {
  exact: Set<Type>;
  lower: Set<Type>;
  upper: Set<Type>;
}

/**
 * Type arguments for a generic method from the types of its arguments (C# specification, 12.6.3).
 * @returns undefined where they do not follow.
 */
export function inferTypeArguments(b: Binder, member: Member, pairs: readonly InferencePair[]): Type[] | undefined {
  return new Inference(b, member.typeParameters).infer(pairs);
}

class Inference {
  readonly #b: Binder;
  readonly #parameters: ReadonlySet<TypeParameter>;
  readonly #bounds = new Map<TypeParameter, Bounds>();
  readonly #fixed = new Map<TypeParameter, Type>();

  constructor(b: Binder, parameters: readonly TypeParameter[]) {
    this.#b = b;
    this.#parameters = new Set(parameters);
    for (const parameter of parameters)
      this.#bounds.set(parameter, { exact: new Set(), lower: new Set(), upper: new Set() });
  }

  infer(pairs: readonly InferencePair[]): Type[] | undefined {
    for (const pair of pairs) this.#firstPhase(pair);
    for (let round = 0; round <= this.#parameters.size + pairs.length; round++) {
      if (this.#fixed.size === this.#parameters.size) break;
      if (!this.#secondPhase(pairs)) return undefined;
    }
    if (this.#fixed.size !== this.#parameters.size) return undefined;
    return [...this.#parameters].map((parameter) => this.#fixed.get(parameter) as Type);
  }

  #firstPhase({ argument, parameter }: InferencePair): void {
    if (argument.kind === "unbound-lambda") {
      const shape = delegateShape(parameter);
      argument.lambda.explicitTypes?.forEach((type, i) => {
        const wanted = shape?.parameters[i];
        if (wanted) this.#exact(type, wanted);
      });
    } else if (argument.kind === "out") {
      // `out T x` with its type written; `out var x` tells nothing.
      if (argument.type !== errorType) this.#exact(argument.type, parameter);
    } else if (argument.kind === "tuple" && parameter.kind === "tuple") {
      argument.items.forEach((item, i) => {
        const wanted = parameter.elements[i];
        if (wanted) this.#firstPhase({ argument: item, parameter: wanted });
      });
    } else if (hasType(argument)) {
      this.#lower(argument.type, parameter);
    }
  }

  /** Fixes what depends on nothing unfixed, then looks at the lambdas whose inputs are known. */
  #secondPhase(pairs: readonly InferencePair[]): boolean {
    const waiting = this.#waiting(pairs);
    const ready = [...this.#parameters].filter((p) => !this.#fixed.has(p) && !waiting.has(p) && this.#hasBounds(p));
    const fixable = ready.length > 0 ? ready : this.#cornered(pairs);
    let progress = false;
    for (const parameter of fixable) {
      const type = this.#fix(parameter);
      if (!type) return false;
      this.#fixed.set(parameter, type);
      progress = true;
    }
    for (const pair of pairs) if (this.#inferOutput(pair)) progress = true;
    return progress;
  }

  /** Parameters that only a lambda's result can tell. */
  #waiting(pairs: readonly InferencePair[]): Set<TypeParameter> {
    const waiting = new Set<TypeParameter>();
    for (const { argument, parameter } of pairs) {
      const shape = isFunctionArgument(argument) ? delegateShape(parameter) : undefined;
      if (!shape || !this.#unfixedIn(shape.parameters)) continue;
      for (const p of this.#parameters) if (!this.#fixed.has(p) && mentions(shape.result, new Set([p]))) waiting.add(p);
    }
    return waiting;
  }

  /** When everything depends on everything: fix what has bounds and is an input of some lambda. */
  #cornered(pairs: readonly InferencePair[]): TypeParameter[] {
    return [...this.#parameters].filter(
      (p) =>
        !this.#fixed.has(p) &&
        this.#hasBounds(p) &&
        pairs.some(({ argument, parameter }) => {
          const shape = isFunctionArgument(argument) ? delegateShape(parameter) : undefined;
          return shape?.parameters.some((type) => mentions(type, new Set([p])));
        }),
    );
  }

  #unfixedIn(types: readonly Type[]): boolean {
    const unfixed = new Set([...this.#parameters].filter((p) => !this.#fixed.has(p)));
    return types.some((type) => mentions(type, unfixed));
  }

  #hasBounds(parameter: TypeParameter): boolean {
    const bounds = this.#bounds.get(parameter);
    return bounds !== undefined && bounds.exact.size + bounds.lower.size + bounds.upper.size > 0;
  }

  /** The result of a lambda or method group whose parameter types are all known gives bounds for the result type. */
  #inferOutput({ argument, parameter }: InferencePair): boolean {
    if (!isFunctionArgument(argument)) return false;
    const shape = delegateShape(parameter);
    if (!shape || shape.result === voidType || !this.#unfixedIn([shape.result])) return false;
    if (this.#unfixedIn(shape.parameters)) return false;
    const inputs = shape.parameters.map((type) => substitute(type, this.#fixed));
    const result = this.#outputType(argument, inputs);
    if (!result || result === voidType || result === nullType || result === errorType) return false;
    const before = this.#size();
    this.#lower(result, shape.result);
    return this.#size() > before;
  }

  #outputType(argument: Bound, inputs: readonly Type[]): Type | undefined {
    if (argument.kind === "unbound-lambda") {
      if (argument.lambda.syntax.parameters.length !== inputs.length) return undefined;
      return lambdaBody(this.#b, argument.lambda, argument.lambda.explicitTypes ?? inputs).inferred;
    }
    if (argument.kind === "function-group") return argument.target.returnType;
    return argument.kind === "method-group" ? groupResult(this.#b, argument.group, inputs) : undefined;
  }

  #size(): number {
    let size = 0;
    for (const bounds of this.#bounds.values()) size += bounds.exact.size + bounds.lower.size + bounds.upper.size;
    return size;
  }

  #exact(from: Type, to: Type): void {
    if (to.kind === "parameter" && this.#open(to)) {
      this.#bounds.get(to)?.exact.add(from);
      return;
    }
    if (from.kind === "array" && to.kind === "array" && from.rank === to.rank) {
      this.#exact(from.element, to.element);
      return;
    }
    if (from.kind === "tuple" && to.kind === "tuple") {
      from.elements.forEach((element, i) => {
        const wanted = to.elements[i];
        if (wanted) this.#exact(element, wanted);
      });
      return;
    }
    if (from.kind === "named" && to.kind === "named" && from.definition === to.definition) {
      from.args.forEach((arg, i) => {
        this.#exact(arg, to.args[i] as Type);
      });
    }
  }

  #lower(from: Type, to: Type): void {
    if (to.kind === "parameter" && this.#open(to)) {
      if (from !== errorType) this.#bounds.get(to)?.lower.add(from);
      return;
    }
    const target = nullableUnderlying(to);
    if (target) {
      this.#lower(nullableUnderlying(from) ?? from, target);
      return;
    }
    if (from.kind === "array" && to.kind === "array" && from.rank === to.rank) {
      this.#inner(from.element, to.element);
      return;
    }
    if (from.kind === "tuple" && to.kind === "tuple") {
      from.elements.forEach((element, i) => {
        const wanted = to.elements[i];
        if (wanted) this.#lower(element, wanted);
      });
      return;
    }
    if (to.kind !== "named" || !mentions(to, this.#parameters)) return;
    const fromShape = delegateShape(from);
    const toShape = delegateShape(to);
    if (fromShape && toShape && from.kind === "named" && from.definition === to.definition) {
      fromShape.parameters.forEach((type, i) => {
        this.#exact(type, toShape.parameters[i] as Type);
      });
      this.#lower(fromShape.result, toShape.result);
      return;
    }
    const instances = this.#b.relations.instancesOf(from, to.definition);
    // Several instances of one interface (`IEnumerable<A>` and `IEnumerable<B>`) give no bound.
    if (instances.length !== 1) return;
    const covariant = !isNamed(to, "System.Collections.Generic.IDictionary") && to.definition.kind === "interface";
    instances[0]?.args.forEach((arg, i) => {
      const wanted = to.args[i] as Type;
      if (covariant) this.#inner(arg, wanted);
      else this.#exact(arg, wanted);
    });
  }

  /** Items of covariant types: reference types may still be converted, value types may not. */
  #inner(from: Type, to: Type): void {
    if (isReferenceType(from)) this.#lower(from, to);
    else this.#exact(from, to);
  }

  #open(parameter: TypeParameter): boolean {
    return this.#parameters.has(parameter) && !this.#fixed.has(parameter);
  }

  #fix(parameter: TypeParameter): Type | undefined {
    const bounds = this.#bounds.get(parameter);
    if (!bounds) return undefined;
    const { exact, lower } = bounds;
    if (exact.size > 0) {
      const [only] = exact;
      if (exact.size > 1 || only === undefined) return undefined;
      for (const type of lower) if (!standardImplicit(this.#b, type, only)) return undefined;
      return only;
    }
    for (const type of lower) {
      if ([...lower].every((other) => other === type || standardImplicit(this.#b, other, type))) return type;
    }
    for (const type of lower) {
      if ([...lower].every((other) => other === type || implicitFromType(this.#b, other, type, true))) return type;
    }
    return undefined;
  }
}

function isFunctionArgument(argument: Bound): boolean {
  return argument.kind === "unbound-lambda" || argument.kind === "method-group" || argument.kind === "function-group";
}

function hasType(argument: Bound): boolean {
  return (
    !["null", "default-literal", "throw", "method-group", "function-group", "type", "namespace", "out"].includes(
      argument.kind,
    ) &&
    argument.type !== errorType &&
    argument.type !== voidType
  );
}
