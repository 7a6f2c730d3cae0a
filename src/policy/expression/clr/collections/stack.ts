import type { ClrArray } from "../box.ts";
import { type Cell, declareType, withTypes } from "../declare.ts";
import { ArgumentNullException, InvalidOperationException } from "../exceptions.ts";
import { clrNameOf } from "../system/clr-names.ts";
import type { ClrObject } from "../system/protocol.ts";
import { checkCapacity } from "./dictionary.ts";
import { Enumerator } from "./enumerator.ts";
import { MODIFIED } from "./hash-table.ts";
import { copyTo, includes } from "./list.ts";
import { type Countable, type Enumerable, toArray, toItems } from "./protocol.ts";

/** `Stack<T>`: last in, first out. Items are boxed; iterates from the top. */
export class Stack implements Countable, ClrObject {
  /** Element type in C# form. */
  readonly elementType: string;
  readonly #items: unknown[];
  #version = 0;

  /** `items` from the bottom to the top. */
  constructor(elementType: string, items: unknown[] = []) {
    this.elementType = elementType;
    this.#items = items;
  }

  get count(): number {
    return this.#items.length;
  }

  push(item: unknown): void {
    this.#items.push(item);
    this.#version++;
  }

  /** The top item, or `undefined` when the stack is empty. */
  top(): unknown {
    return this.#items[this.#items.length - 1];
  }

  /** Takes the top item; `undefined` when the stack is empty. */
  take(): unknown {
    if (this.#items.length > 0) this.#version++;
    return this.#items.pop();
  }

  clear(): void {
    this.#items.length = 0;
    this.#version++;
  }

  get clrName(): string {
    return clrNameOf(`System.Collections.Generic.Stack<${this.elementType}>`);
  }

  *[Symbol.iterator](): Iterator<unknown> {
    const version = this.#version;
    for (let i = this.#items.length - 1; i >= 0; i--) {
      yield this.#items[i];
      if (version !== this.#version) throw new InvalidOperationException(MODIFIED);
    }
  }
}

function present(item: unknown): unknown {
  if (item === undefined) throw new InvalidOperationException("Stack empty.");
  return item;
}

export const stackType = declareType({
  name: "System.Collections.Generic.Stack<T>",
  kind: "class",
  interfaces: ["System.Collections.Generic.IReadOnlyCollection<T>", "System.Collections.ICollection"],
  is: (value) => value instanceof Stack,
  members: {
    "new Stack()": withTypes((types) => new Stack(types[0]?.name ?? "object")),
    "new Stack(int capacity)": withTypes((types, capacity: number) => {
      checkCapacity(capacity);
      return new Stack(types[0]?.name ?? "object");
    }),
    "new Stack(IEnumerable<T> collection)": withTypes((types, collection: Enumerable | null) => {
      if (collection === null) throw new ArgumentNullException("collection");
      return new Stack(types[0]?.name ?? "object", toItems(collection));
    }),
    "int Count { get; }": (stack: Stack) => stack.count,
    "void Clear()": (stack: Stack) => stack.clear(),
    "bool Contains(T item)": (stack: Stack, item: unknown) => includes(stack, item),
    "void CopyTo(T[] array, int arrayIndex)": (stack: Stack, array: ClrArray, at: number) =>
      copyTo([...stack], array, at),
    "IEnumerator<T> GetEnumerator()": (stack: Stack) => new Enumerator(stack),
    "T Peek()": (stack: Stack) => present(stack.top()),
    "T Pop()": (stack: Stack) => present(stack.take()),
    "void Push(T item)": (stack: Stack, item: unknown) => stack.push(item),
    "T[] ToArray()": (stack: Stack) => toArray(stack.elementType, [...stack]),
    "void TrimExcess()": () => undefined,
    "bool TryPeek(out T result)": withTypes((types, stack: Stack, result: Cell<unknown>) => {
      const item = stack.top();
      result.value = item === undefined ? (types[0]?.default ?? null) : item;
      return item !== undefined;
    }),
    "bool TryPop(out T result)": withTypes((types, stack: Stack, result: Cell<unknown>) => {
      const item = stack.take();
      result.value = item === undefined ? (types[0]?.default ?? null) : item;
      return item !== undefined;
    }),
  },
});
