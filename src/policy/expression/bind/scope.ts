import type { Local, LocalFunction } from "../bound.ts";

export type Symbol = Local | LocalFunction;

/** The names that a block, lambda or statement declares, inside the names around it. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly #names = new Map<string, Symbol>();
  /** Variables that expressions declare (`out var x`, `is T x`); the statement around them emits their declarations. */
  readonly expressionLocals: Local[] = [];

  constructor(parent: Scope | undefined) {
    this.parent = parent;
  }

  find(name: string): Symbol | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.#names.get(name);
      if (found) return found;
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  add(symbol: Symbol): void {
    this.#names.set(symbol.name, symbol);
  }

  /** All names visible here, for "did you mean". */
  *visible(): Generator<string> {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) yield* scope.#names.keys();
  }
}
