import { ArgumentException } from "../exceptions.ts";
import { longHashCode } from "../system/equality.ts";
import type { ClrObject } from "../system/protocol.ts";

/** `System.Numerics.BigInteger`: what a JSON integer beyond 64 bits is read as. Expressions cannot name the type. */
export class BigInteger implements ClrObject {
  readonly clrName = "System.Numerics.BigInteger";
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }

  toClrString(): string {
    return String(this.value);
  }

  clrEquals(other: unknown): boolean {
    return other instanceof BigInteger && other.value === this.value;
  }

  clrHashCode(): number {
    return longHashCode(BigInt.asIntN(64, this.value));
  }

  clrCompareTo(other: unknown): number {
    if (!(other instanceof BigInteger)) throw new ArgumentException("Object must be of type BigInteger.");
    return this.value < other.value ? -1 : this.value > other.value ? 1 : 0;
  }
}
