/** Bits of remembered failures one search may hold (32 MiB). */
const MAX_BITS = 1 << 28;

/**
 * Which operations are known to fail at which positions of one input: a table of bits for each operation that
 * memo-safety.ts allows it, made when the operation first fails.
 */
export class Failures {
  readonly #tables: (Uint32Array | undefined)[];
  readonly #size: number;
  #bits = 0;

  /** @param memos number of operations; @param length of the input */
  constructor(memos: number, length: number) {
    this.#tables = new Array(memos).fill(undefined);
    this.#size = length + 1;
  }

  /** True when any failure of the operation is on record. */
  any(memo: number): boolean {
    return this.#tables[memo] !== undefined;
  }

  has(memo: number, position: number): boolean {
    const table = this.#tables[memo];
    return table !== undefined && (((table[position >> 5] as number) >>> (position & 31)) & 1) === 1;
  }

  add(memo: number, position: number): void {
    const table = this.#tables[memo] ?? this.#make(memo);
    if (table) table[position >> 5] = (table[position >> 5] as number) | (1 << (position & 31));
  }

  /** Beyond the limit nothing more is remembered; the budget still ends the search. */
  #make(memo: number): Uint32Array | null {
    this.#bits += this.#size;
    if (this.#bits > MAX_BITS) return null;
    return (this.#tables[memo] = new Uint32Array((this.#size >> 5) + 1));
  }
}
