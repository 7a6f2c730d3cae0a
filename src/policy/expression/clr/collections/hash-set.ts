import { ArgumentNullException } from "../exceptions.ts";
import { clrNameOf } from "../system/clr-names.ts";
import { defaultEqualityComparer } from "../system/equality.ts";
import type { ClrObject, EqualityComparer } from "../system/protocol.ts";
import { keyerOf } from "./comparer.ts";
import { HashTable } from "./hash-table.ts";
import { type Enumerable, enumerate, type MutableCollection } from "./protocol.ts";

/** `HashSet<T>`; items are boxed. */
export class HashSet implements MutableCollection, ClrObject {
  /** Element type in C# form. */
  readonly elementType: string;
  readonly comparer: EqualityComparer;
  readonly #table: HashTable;

  constructor(elementType: string, items: Iterable<unknown> = [], comparer: EqualityComparer | null = null) {
    this.elementType = elementType;
    this.comparer = comparer ?? defaultEqualityComparer;
    this.#table = new HashTable(keyerOf(comparer));
    for (const item of items) this.add(item);
  }

  get count(): number {
    return this.#table.size;
  }

  /** False when an equal item is there already. */
  add(item: unknown): boolean {
    return this.#table.add(item, item);
  }

  contains(item: unknown): boolean {
    return this.#table.find(item) !== undefined;
  }

  /** The item of the set that equals the given one, or `undefined`. */
  find(item: unknown): unknown {
    return this.#table.find(item)?.key;
  }

  remove(item: unknown): boolean {
    return this.#table.remove(item) !== undefined;
  }

  clear(): void {
    this.#table.clear();
  }

  unionWith(other: Enumerable | null): void {
    for (const item of given(other)) this.add(item);
  }

  exceptWith(other: Enumerable | null): void {
    for (const item of this.#setOf(other)) this.remove(item);
  }

  intersectWith(other: Enumerable | null): void {
    const kept = this.#setOf(other);
    for (const item of [...this]) if (!kept.contains(item)) this.remove(item);
  }

  symmetricExceptWith(other: Enumerable | null): void {
    for (const item of this.#setOf(other)) if (!this.remove(item)) this.add(item);
  }

  isSubsetOf(other: Enumerable | null): boolean {
    const set = this.#setOf(other);
    return this.count <= set.count && this.#inside(set);
  }

  isProperSubsetOf(other: Enumerable | null): boolean {
    const set = this.#setOf(other);
    return this.count < set.count && this.#inside(set);
  }

  isSupersetOf(other: Enumerable | null): boolean {
    return this.#setOf(other).#inside(this);
  }

  isProperSupersetOf(other: Enumerable | null): boolean {
    const set = this.#setOf(other);
    return set.count < this.count && set.#inside(this);
  }

  overlaps(other: Enumerable | null): boolean {
    for (const item of given(other)) if (this.contains(item)) return true;
    return false;
  }

  setEquals(other: Enumerable | null): boolean {
    const set = this.#setOf(other);
    return set.count === this.count && this.#inside(set);
  }

  get clrName(): string {
    return clrNameOf(`System.Collections.Generic.HashSet<${this.elementType}>`);
  }

  *[Symbol.iterator](): Iterator<unknown> {
    for (const slot of this.#table) yield slot.key;
  }

  #inside(set: HashSet): boolean {
    for (const item of this) if (!set.contains(item)) return false;
    return true;
  }

  #setOf(other: Enumerable | null): HashSet {
    return new HashSet(this.elementType, given(other), this.comparer);
  }
}

function given(other: Enumerable | null): Iterable<unknown> {
  if (other === null) throw new ArgumentNullException("other");
  return enumerate(other);
}
