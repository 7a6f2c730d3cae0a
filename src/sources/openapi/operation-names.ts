const MAX_LENGTH = 76;

/**
 * The resource name that the service makes of an operation id: lower case, `-` for every run of other characters than
 * letters and digits, at most 76 characters (management API reference, 2.5).
 */
export function normalizeOperationId(id: string): string {
  const dashed = id.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const start = dashed.startsWith("-") ? 1 : 0;
  const end = dashed.length > start && dashed.endsWith("-") ? dashed.length - 1 : dashed.length;
  return dashed.slice(start, end).slice(0, MAX_LENGTH);
}

/** Gives each operation of an API a name of its own: the second `get-x` becomes `get-x-1`. */
export class OperationNames {
  readonly #taken = new Set<string>();
  readonly #next = new Map<string, number>();

  /** @param path the URL template's path, for operations without an id. */
  next(operationId: string | undefined, method: string, path: string): string {
    const base = normalizeOperationId(operationId ?? "") || normalizeOperationId(`${method}-${path}`);
    let name = base;
    let count = this.#next.get(base) ?? 1;
    while (this.#taken.has(name)) name = `${base}-${count++}`;
    this.#next.set(base, count);
    this.#taken.add(name);
    return name;
  }
}
