/**
 * Goes on with a value as soon as it is there: at once when it already is, so that steps stay synchronous where a
 * store answers at once, else when the promise resolves.
 */
export function chain<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All values as soon as they are there: at once when none is a promise. */
export function allOf<T>(values: readonly (T | Promise<T>)[]): T[] | Promise<T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]);
}
