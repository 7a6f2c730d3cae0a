/** Key under which `cache-store-value` keeps a value: apart from cached responses, which share the cache. */
export function valueKey(key: string): string {
  return `value:${key}`;
}
