/**
 * HTTP header fields as a flat list `[name, value, name, value, …]` in the order received: the form node:http and
 * undici read and write, so a request that no policy looks into is never turned into a map. Names compare without case.
 */
export class HeaderList {
  /** The flat list itself. Owned by this object: callers may read it, and hand over a list they no longer use. */
  raw: string[];

  constructor(raw: string[] = []) {
    this.raw = raw;
  }

  /** The values of every line with this name. */
  all(name: string): string[] {
    const wanted = name.toLowerCase();
    const values: string[] = [];
    const raw = this.raw;
    for (let i = 0; i < raw.length; i += 2) {
      if (sameName(raw[i] as string, wanted)) values.push(raw[i + 1] as string);
    }
    return values;
  }

  /** The values joined with `,` (as policy expressions see them), or undefined where the header is absent. */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const raw = this.raw;
    let found: string | undefined;
    for (let i = 0; i < raw.length; i += 2) {
      if (!sameName(raw[i] as string, wanted)) continue;
      found = found === undefined ? (raw[i + 1] as string) : `${found},${raw[i + 1]}`;
    }
    return found;
  }

  has(name: string): boolean {
    const wanted = name.toLowerCase();
    const raw = this.raw;
    for (let i = 0; i < raw.length; i += 2) if (sameName(raw[i] as string, wanted)) return true;
    return false;
  }

  /** Replaces every line of this name by one line per value. */
  set(name: string, ...values: string[]): void {
    this.delete(name);
    for (const value of values) this.raw.push(name, value);
  }

  append(name: string, value: string): void {
    this.raw.push(name, value);
  }

  delete(name: string): void {
    const wanted = name.toLowerCase();
    const raw = this.raw;
    let kept = 0;
    for (let i = 0; i < raw.length; i += 2) {
      if (sameName(raw[i] as string, wanted)) continue;
      raw[kept] = raw[i] as string;
      raw[kept + 1] = raw[i + 1] as string;
      kept += 2;
    }
    raw.length = kept;
  }

  /** Distinct names as first written, each once. */
  names(): string[] {
    const seen = new Map<string, string>();
    for (let i = 0; i < this.raw.length; i += 2) {
      const name = this.raw[i] as string;
      const key = name.toLowerCase();
      if (!seen.has(key)) seen.set(key, name);
    }
    return [...seen.values()];
  }

  clone(): HeaderList {
    return new HeaderList(this.raw.slice());
  }
}

/** `wanted` is lower-case already. */
function sameName(name: string, wanted: string): boolean {
  return name.length === wanted.length && (name === wanted || name.toLowerCase() === wanted);
}
