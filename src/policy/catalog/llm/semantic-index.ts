interface Entry {
  vector: Float32Array;
  /** Key of the cached answer. */
  key: string;
  /** Epoch milliseconds. */
  expires: number;
}

/** Answers of one partition: looking for the nearest goes through all of them. */
const MOST_ENTRIES = 1000;
/** Bytes of vectors in one partition; caches do not keep much more in one entry. */
const MOST_BYTES = 4 << 20;

/** Vectors of the prompts that have been answered, in one partition of a semantic cache. */
export class SemanticIndex {
  /** Oldest first. */
  #entries: Entry[] = [];
  #bytes = 0;

  /** What it takes in memory, roughly: caches bound themselves by it. */
  get byteLength(): number {
    return this.#bytes;
  }

  /** Epoch milliseconds until which anything in it lives. */
  get expires(): number {
    return this.#entries.reduce((latest, { expires }) => Math.max(latest, expires), 0);
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Adds a vector (of length 1); one of the very same direction is replaced, and the oldest makes room. */
  add(vector: Float32Array, key: string, expires: number, now: number): void {
    this.#keep((entry) => entry.expires > now && entry.key !== key);
    this.#entries.push({ vector, key, expires });
    this.#bytes += sizeOf(vector);
    while (this.#entries.length > MOST_ENTRIES || (this.#bytes > MOST_BYTES && this.#entries.length > 1)) {
      const oldest = this.#entries.shift();
      if (oldest) this.#bytes -= sizeOf(oldest.vector);
    }
  }

  /** The key of the nearest vector, if its distance (1 minus the cosine) is not more than `distance`. */
  nearest(vector: Float32Array, distance: number, now: number): string | undefined {
    let best: string | undefined;
    let most = 1 - distance - ROUNDING;
    for (const entry of this.#entries) {
      if (entry.expires <= now || entry.vector.length !== vector.length) continue;
      const cosine = product(entry.vector, vector);
      if (cosine < most) continue;
      most = cosine;
      best = entry.key;
    }
    return best;
  }

  /** Forgets what has gone from the cache. */
  remove(key: string): void {
    this.#keep((entry) => entry.key !== key);
  }

  #keep(wanted: (entry: Entry) => boolean): void {
    this.#entries = this.#entries.filter((entry) => {
      if (wanted(entry)) return true;
      this.#bytes -= sizeOf(entry.vector);
      return false;
    });
  }
}

/** Equal texts have a distance of 0, but for what rounding to 32 bits leaves. */
const ROUNDING = 1e-6;
const OVERHEAD = 200;

function sizeOf(vector: Float32Array): number {
  return vector.byteLength + OVERHEAD;
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
