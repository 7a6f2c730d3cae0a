import type { BackendPart, PlanText } from "../../plan/plan.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import type { OutgoingRequest } from "../../policy/exchange/services.ts";
import { queryPairs } from "../../policy/exchange/url.ts";

/** Finds the value of a secret named value; throws where this gateway was not given it. */
export type SecretResolver = (name: string) => string;

/** A text of a plan with its secrets in place. */
export function resolveText(text: PlanText, secret: SecretResolver): string {
  if (typeof text === "string") return text;
  return text.template.map((part) => (typeof part === "string" ? part : secret(part.secret))).join("");
}

/**
 * Adds a backend's credentials to a request. What the client sent under the same name is replaced: it must neither
 * stand beside nor hide what the gateway says.
 */
export function addCredentials(
  part: Pick<BackendPart, "headers" | "query" | "authorization">,
  request: OutgoingRequest,
  secret: SecretResolver,
): void {
  const headers = new HeaderList(request.headers);
  for (const [name] of part.headers) headers.delete(name);
  for (const [name, value] of part.headers) headers.append(name, resolveText(value, secret));
  if (part.authorization) {
    const { scheme, parameter } = part.authorization;
    headers.set("Authorization", `${scheme} ${resolveText(parameter, secret)}`);
  }
  request.headers = headers.raw;
  if (part.query.length > 0) {
    const own = new Set(part.query.map(([name]) => name.toLowerCase()));
    const kept = withoutParameters(request.url.query, own);
    const added = part.query.map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(resolveText(value, secret))}`,
    );
    request.url = { ...request.url, query: `?${[...kept, ...added].join("&")}` };
  }
}

/** Sends a token with a request, in place of any other Authorization. */
export function addBearer(request: OutgoingRequest, token: string): void {
  const headers = new HeaderList(request.headers);
  headers.set("Authorization", `Bearer ${token}`);
  request.headers = headers.raw;
}

/** The parameters of a query as written, but for those named (lower case). */
function withoutParameters(query: string, names: ReadonlySet<string>): string[] {
  const text = query.startsWith("?") ? query.slice(1) : query;
  return text.split("&").filter((part) => {
    const [pair] = queryPairs(part);
    return pair !== undefined && !names.has(pair[0].toLowerCase());
  });
}
