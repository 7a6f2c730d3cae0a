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

/** `Queue<T>`: first in, first out. Items are boxed. */
export class Queue implements Countable, ClrObject {
  /** Element type in C# form. */
  readonly elementType: string;
  #items: unknown[];
  /** Items before this index are gone; they are dropped from the array when they are the larger part. */
  #head = 0;
  #version = 0;

  constructor(elementType: string, items: unknown[] = []) {
    this.elementType = elementType;
    this.#items = items;
  }

  get count(): number {
    return this.#items.length - this.#head;
  }

  enqueue(item: unknown): void {
    this.#items.push(item);
    this.#version++;
  }

  /** The first item, or `undefined` when the queue is empty. */
  first(): unknown {
    return this.#items[this.#head];
  }

  /** Takes the first item; `undefined` when the queue is empty. */
  take(): unknown {
    if (this.count === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head > 32 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    this.#version++;
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
    this.#version++;
  }

  get clrName(): string {
    return clrNameOf(`System.Collections.Generic.Queue<${this.elementType}>`);
  }

  *[Symbol.iterator](): Iterator<unknown> {
    const version = this.#version;
    for (let i = this.#head; i < this.#items.length; i++) {
      yield this.#items[i];
      if (version !== this.#version) throw new InvalidOperationException(MODIFIED);
    }
  }
}

function present(item: unknown): unknown {
  if (item === undefined) throw new InvalidOperationException("Queue empty.");
  return item;
}

export const queueType = declareType({
  name: "System.Collections.Generic.Queue<T>",
  kind: "class",
  interfaces: ["System.Collections.Generic.IReadOnlyCollection<T>", "System.Collections.ICollection"],
  is: (value) => value instanceof Queue,
  members: {
    "new Queue()": withTypes((types) => new Queue(types[0]?.name ?? "object")),
    "new Queue(int capacity)": withTypes((types, capacity: number) => {
      checkCapacity(capacity);
      return new Queue(types[0]?.name ?? "object");
    }),
    "new Queue(IEnumerable<T> collection)": withTypes((types, collection: Enumerable | null) => {
      if (collection === null) throw new ArgumentNullException("collection");
      return new Queue(types[0]?.name ?? "object", toItems(collection));
    }),
    "int Count { get; }": (queue: Queue) => queue.count,
    "void Clear()": (queue: Queue) => queue.clear(),
    "bool Contains(T item)": (queue: Queue, item: unknown) => includes(queue, item),
    "void CopyTo(T[] array, int arrayIndex)": (queue: Queue, array: ClrArray, at: number) =>
      copyTo([...queue], array, at),
    "T Dequeue()": (queue: Queue) => present(queue.take()),
    "void Enqueue(T item)": (queue: Queue, item: unknown) => queue.enqueue(item),
    "IEnumerator<T> GetEnumerator()": (queue: Queue) => new Enumerator(queue),
    "T Peek()": (queue: Queue) => present(queue.first()),
    "T[] ToArray()": (queue: Queue) => toArray(queue.elementType, [...queue]),
    "void TrimExcess()": () => undefined,
    "bool TryDequeue(out T result)": withTypes((types, queue: Queue, result: Cell<unknown>) => {
      const item = queue.take();
      result.value = item === undefined ? (types[0]?.default ?? null) : item;
      return item !== undefined;
    }),
    "bool TryPeek(out T result)": withTypes((types, queue: Queue, result: Cell<unknown>) => {
      const item = queue.first();
      result.value = item === undefined ? (types[0]?.default ?? null) : item;
      return item !== undefined;
    }),
  },
});
