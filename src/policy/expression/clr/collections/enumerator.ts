import { NotSupportedException } from "../exceptions.ts";
import { type Enumerable, enumerate } from "./protocol.ts";

/** `IEnumerator<T>` over any enumerable, for code that calls MoveNext and Current itself. */
export class Enumerator {
  /** The item that MoveNext reached; null before the first and after the last. */
  current: unknown = null;
  readonly #iterator: Iterator<unknown>;

  constructor(source: Enumerable) {
    this.#iterator = enumerate(source)[Symbol.iterator]();
  }

  moveNext(): boolean {
    const next = this.#iterator.next();
    this.current = next.done ? null : next.value;
    return !next.done;
  }

  reset(): void {
    throw new NotSupportedException();
  }

  dispose(): void {
    this.#iterator.return?.();
  }
}
