import { Body } from "../exchange/body.ts";
import type { ApiInfo, Exchange, OperationInfo, UserInfo } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange, testServices } from "./exchange.ts";
import { loadXml } from "./load-policy.ts";

/** What a test varies between requests to {@link cachedApi}. */
export interface RequestOptions {
  method?: string;
  url?: string;
  headers?: Record<string, string>;
  user?: string;
  groups?: string[];
  templateQuery?: string[];
  api?: string;
  path?: string;
}

export const LOOKUP = '<cache-lookup vary-by-developer="false" vary-by-developer-groups="false" />';
export const STORE = '<cache-store duration="60" />';

/** An API with `cache-lookup` in inbound, `cache-store` in outbound, and a backend that answers with a new number each time. */
export function cachedApi(lookup = LOOKUP, store = STORE) {
  const services = testServices();
  const inbound = loadXml(lookup);
  const outbound = loadXml(store, { section: "outbound" });
  let backendCalls = 0;
  const begin = async (options: RequestOptions = {}) => {
    const x = testExchange({
      services,
      method: options.method ?? "GET",
      url: options.url ?? "http://gateway.test/orders/1",
      headers: options.headers ?? {},
    });
    x.api = { id: options.api ?? "orders", revision: "1" } as ApiInfo;
    x.operation = { id: "get", templateQuery: options.templateQuery ?? [] } as unknown as OperationInfo;
    if (options.path !== undefined) x.request.path = options.path;
    if (options.user !== undefined) {
      const groups = (options.groups ?? []).map((id) => ({ id, name: id }));
      x.user = { id: options.user, groups } as unknown as UserInfo;
    }
    await inbound(x);
    return x;
  };
  const end = async (x: Exchange, response?: ResponseMessage) => {
    if (!x.fromCache)
      x.response = response ?? new ResponseMessage(200, "", new HeaderList(), Body.text(`${++backendCalls}`));
    x.section = "outbound";
    await outbound(x);
    x.applyBeforeSend(x.response as ResponseMessage);
    return x;
  };
  const call = async (options?: RequestOptions, response?: ResponseMessage) => end(await begin(options), response);
  /** The number that the caller receives: of which call to the backend. */
  const answer = async (options?: RequestOptions) => bodyText(await call(options));
  return { services, begin, end, call, answer };
}

/** The body that the caller receives. */
export function bodyText(x: Exchange): string {
  return Buffer.from(x.response?.body.buffered ?? []).toString();
}
