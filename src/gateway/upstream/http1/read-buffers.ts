/**
 * Memory that sockets read into. A connection keeps its buffer for as long as what was read has been copied or taken by
 * the network before the next read; else the buffer goes with the bytes, and the connection takes another.
 */
const BYTES = 64 * 1024;
/** Buffers that wait for their next use, of all connections. */
const MOST_SPARE = 32;
const spare: Buffer[] = [];

export function takeReadBuffer(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(BYTES);
}

/** Takes a buffer back that nobody refers to any more, also not in part. */
export function returnReadBuffer(buffer: Buffer): void {
  if (spare.length < MOST_SPARE) spare.push(buffer);
}
