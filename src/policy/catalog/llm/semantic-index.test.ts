import { describe, expect, it } from "vitest";
import { SemanticIndex } from "./semantic-index.ts";

/** A vector of length 1 in the plane, at so many degrees. */
function at(degrees: number): Float32Array {
  const angle = (degrees * Math.PI) / 180;
  return new Float32Array([Math.cos(angle), Math.sin(angle)]);
}

describe("SemanticIndex", () => {
  it("finds the nearest within the distance", () => {
    const index = new SemanticIndex();
    index.add(at(0), "zero", 1000, 0);
    index.add(at(40), "forty", 1000, 0);
    expect(index.nearest(at(0), 0, 1)).toBe("zero");
    expect(index.nearest(at(15), 0.1, 1)).toBe("zero");
    expect(index.nearest(at(25), 0.1, 1)).toBe("forty");
    // 1 - cos 60° is a half.
    expect(index.nearest(at(100), 0.51, 1)).toBe("forty");
    expect(index.nearest(at(100), 0.49, 1)).toBeUndefined();
    expect(index.nearest(at(-90), 1, 1)).toBe("zero");
  });

  it("does not find what is over, what is gone, or vectors of another model", () => {
    const index = new SemanticIndex();
    index.add(at(0), "a", 1000, 0);
    expect(index.nearest(at(0), 0.1, 1000)).toBeUndefined();
    expect(index.nearest(new Float32Array([1, 0, 0]), 1, 0)).toBeUndefined();
    index.remove("a");
    expect(index.nearest(at(0), 1, 0)).toBeUndefined();
    expect(index.byteLength).toBe(0);
  });

  it("replaces the vector of a key, and lives as long as its last entry", () => {
    const index = new SemanticIndex();
    index.add(at(0), "a", 1000, 0);
    index.add(at(90), "a", 3000, 0);
    index.add(at(45), "b", 2000, 0);
    expect(index.size).toBe(2);
    expect(index.expires).toBe(3000);
    expect(index.nearest(at(0), 0.01, 0)).toBeUndefined();
  });

  it("bounds itself by entries and by bytes, the oldest going first", () => {
    const many = new SemanticIndex();
    for (let i = 0; i < 1001; i++) many.add(at(i / 10), `k${i}`, 1000, 0);
    expect(many.size).toBe(1000);
    expect(many.nearest(at(0), 0, 0)).not.toBe("k0");
    const large = new SemanticIndex();
    const vector = new Float32Array(8192).fill(1 / Math.sqrt(8192));
    for (let i = 0; i < 300; i++) large.add(vector.slice(), `k${i}`, 1000, 0);
    expect(large.byteLength).toBeLessThanOrEqual(4 << 20);
    expect(large.size).toBeGreaterThan(100);
  });

  it("drops what is over when something is added", () => {
    const index = new SemanticIndex();
    index.add(at(0), "old", 10, 0);
    index.add(at(90), "new", 1000, 20);
    expect(index.size).toBe(1);
  });
});
