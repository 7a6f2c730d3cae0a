import { spend } from "../budget.ts";
import { type Enumerable, enumerate } from "../collections/protocol.ts";
import { ArgumentNullException } from "../exceptions.ts";

/** The `this` argument of a LINQ method: any enumerable, or null (which throws ArgumentNullException). */
export type Source = Enumerable | null;

/** A lazy `IEnumerable<T>`: every enumeration runs the generator again. */
export class Sequence implements Iterable<unknown> {
  readonly #start: () => Iterator<unknown>;
  constructor(start: () => Iterator<unknown>) {
    this.#start = start;
  }
  [Symbol.iterator](): Iterator<unknown> {
    return this.#start();
  }
}

/** `Enumerable.Empty<T>()`. */
export const EMPTY = new Sequence(() => [][Symbol.iterator]());

/**
 * The items of a LINQ argument; each takes one step of the evaluation's budget.
 * @throws {ArgumentNullException} at once, also where the items are used lazily
 */
export function given(source: Source, parameter = "source"): Iterable<unknown> {
  if (source === null || source === undefined) throw new ArgumentNullException(parameter);
  return new Metered(enumerate(source));
}

class Metered implements Iterable<unknown> {
  readonly #items: Iterable<unknown>;
  constructor(items: Iterable<unknown>) {
    this.#items = items;
  }
  [Symbol.iterator](): Iterator<unknown> {
    const iterator = this.#items[Symbol.iterator]();
    return {
      next() {
        spend();
        return iterator.next();
      },
      return(value) {
        return iterator.return?.(value) ?? { done: true, value };
      },
    };
  }
}
