/**
 * The path that is routed and forwarded: dot segments removed (RFC 3986 section 5.2.4), also when written as `%2e`,
 * so that a path can leave neither the API it matched nor the operation that was allowed.
 * @returns undefined for a path that no honest client sends (a backslash or a control character).
 */
export function normalizePath(path: string): string | undefined {
  if (!SUSPICIOUS.test(path)) return path;
  if (FORBIDDEN.test(path)) return undefined;
  const kept: string[] = [];
  const segments = path.replace(/%2e/gi, ".").split("/").slice(1);
  segments.forEach((segment, index) => {
    const last = index === segments.length - 1;
    if (segment === ".." || segment === ".") {
      if (segment === "..") kept.pop();
      if (last) kept.push("");
    } else {
      kept.push(segment);
    }
  });
  return `/${kept.join("/")}`;
}

const SUSPICIOUS = /\/\.|%2e|[^!-[\]-~\u0080-\uffff]/i;
const FORBIDDEN = /[^!-[\]-~\u0080-\uffff]/;
