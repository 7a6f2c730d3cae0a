import { declareType } from "../declare.ts";
import { ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";

const MAX = 0x7fff_ffff;

/**
 * `System.Random`: Knuth's subtractive generator, seeded as .NET Framework seeds it, so that a seed gives the
 * same sequence everywhere and always.
 */
export class Random {
  readonly clrName = "System.Random";
  readonly #state = new Int32Array(56);
  #next = 0;
  #lag = 21;

  constructor(seed: number) {
    const state = this.#state;
    let previous = 161_803_398 - Math.min(Math.abs(seed), MAX);
    state[55] = previous;
    let value = 1;
    for (let i = 1; i < 55; i++) {
      const at = (21 * i) % 55;
      state[at] = value;
      value = previous - value;
      if (value < 0) value += MAX;
      previous = state[at] ?? 0;
    }
    for (let round = 0; round < 4; round++) {
      for (let i = 1; i < 56; i++) {
        const mixed = ((state[i] ?? 0) - (state[1 + ((i + 30) % 55)] ?? 0)) | 0;
        state[i] = mixed < 0 ? mixed + MAX : mixed;
      }
    }
  }

  /** A generator that nobody can foresee from the time it was made. */
  static unseeded(): Random {
    return new Random(Math.floor(Math.random() * MAX));
  }

  /** 0 to 2147483646. */
  nextInteger(): number {
    this.#next = this.#next >= 55 ? 1 : this.#next + 1;
    this.#lag = this.#lag >= 55 ? 1 : this.#lag + 1;
    let value = (this.#state[this.#next] ?? 0) - (this.#state[this.#lag] ?? 0);
    if (value === MAX) value--;
    if (value < 0) value += MAX;
    this.#state[this.#next] = value;
    return value;
  }

  /** 0 to below 1. */
  nextDouble(): number {
    return this.nextInteger() * (1 / MAX);
  }

  /** `min` to `max - 1`. @throws ArgumentOutOfRangeException */
  nextBetween(min: number, max: number): number {
    if (min > max) throw new ArgumentOutOfRangeException("minValue", "'minValue' cannot be greater than maxValue.");
    const range = max - min;
    return range <= MAX ? Math.trunc(this.nextDouble() * range) + min : Math.trunc(this.#largeSample() * range) + min;
  }

  /** A sample fine enough for a range wider than 31 bits. */
  #largeSample(): number {
    let value = this.nextInteger();
    if (this.nextInteger() % 2 === 0) value = -value;
    return (value + (MAX - 1)) / (2 * MAX - 1);
  }
}

export const randomType = declareType({
  name: "System.Random",
  kind: "class",
  is: (value) => value instanceof Random,
  members: {
    "new Random()": () => Random.unseeded(),
    "new Random(int Seed)": (seed: number) => new Random(seed),
    "int Next()": (random: Random) => random.nextInteger(),
    "int Next(int maxValue)": (random: Random, max: number) => {
      if (max < 0) throw new ArgumentOutOfRangeException("maxValue", "'maxValue' must be greater than zero.");
      return random.nextBetween(0, max);
    },
    "int Next(int minValue, int maxValue)": (random: Random, min: number, max: number) => random.nextBetween(min, max),
    "void NextBytes(byte[] buffer)": (random: Random, buffer: Uint8Array | null) => {
      if (buffer === null) throw new ArgumentNullException("buffer");
      for (let i = 0; i < buffer.length; i++) buffer[i] = random.nextInteger() % 256;
    },
    "double NextDouble()": (random: Random) => random.nextDouble(),
  },
});
