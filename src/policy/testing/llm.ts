import { Body } from "../exchange/body.ts";
import type { ApiInfo, Exchange } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import type { BackendChoice, OutgoingRequest } from "../exchange/services.ts";
import { parseUrl, type UrlParts } from "../exchange/url.ts";
import { ListCounters } from "./counters.ts";
import { testExchange, testServices } from "./exchange.ts";
import { loadXml } from "./load-policy.ts";

/** What a service behind a backend is asked, and how its breaker is told. */
export interface Asked {
  url: string;
  content: unknown;
  reports: object[];
}

/** A response with a JSON body. */
export function jsonResponse(content: unknown, status = 200): ResponseMessage {
  const headers = new HeaderList(["Content-Type", "application/json"]);
  return new ResponseMessage(status, "", headers, Body.text(JSON.stringify(content)));
}

/**
 * An API in front of a language model: `inbound` and `outbound` policies, counters, and the backends `embeddings` and
 * `safety`, answered by `service`.
 */
export function llmApi(
  inbound: string,
  {
    outbound = "",
    service = () => jsonResponse({}),
  }: { outbound?: string; service?: (asked: Asked) => ResponseMessage } = {},
) {
  const asked: Asked[] = [];
  const services = testServices((request) => {
    const body = Buffer.from(request.body.buffered ?? []).toString();
    const one = { url: urlOf(request), content: JSON.parse(body) as unknown, reports: [] };
    asked.push(one);
    return service(one);
  });
  services.counters = new ListCounters(services.clock);
  services.backends.choose = (id) => backend(id, asked);
  const before = loadXml(inbound);
  const after = outbound === "" ? undefined : loadXml(outbound, { section: "outbound" });
  /** Runs inbound for a request with this JSON body. @throws what a policy throws */
  const ask = async (body: unknown, options: { path?: string; headers?: Record<string, string> } = {}) => {
    const headers = { "content-type": "application/json", ...options.headers };
    const path = options.path ?? "/chat/completions";
    const url = `http://gateway.test/ai${path}`;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const x = testExchange({ services, method: "POST", url, headers, body: Body.text(text) });
    x.request.path = path;
    x.api = { id: "ai", revision: "1" } as ApiInfo;
    await before(x);
    return x;
  };
  /** The backend answers (unless the cache did): what waits for it runs, then outbound and what is postponed. */
  const answer = async (x: Exchange, response: ResponseMessage) => {
    if (!x.fromCache) {
      x.section = "backend";
      x.response = response;
      for (const action of x.takeAfterBackend() ?? []) await action();
    }
    x.section = "outbound";
    await after?.(x);
    const sent = x.response as ResponseMessage;
    x.applyBeforeSend(sent);
    return sent;
  };
  const call = async (body: unknown, response: ResponseMessage, options?: Parameters<typeof ask>[1]) =>
    answer(await ask(body, options), response);
  return { services, asked, ask, answer, call };
}

function backend(id: string, asked: readonly Asked[]): BackendChoice {
  return {
    id,
    base: parseUrl(`https://${id}.test/base`) as UrlParts,
    tls: undefined,
    proxy: undefined,
    authorize(request) {
      request.headers.push("api-key", `key of ${id}`);
    },
    report: (outcome) => void asked.at(-1)?.reports.push(outcome),
  };
}

function urlOf({ url }: OutgoingRequest): string {
  return `${url.scheme}://${url.host}${url.path}${url.query}`;
}
