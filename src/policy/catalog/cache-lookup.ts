import { literalText, type PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { HeaderList } from "../exchange/headers.ts";
import { CachedResponse } from "./caching/cached-response.ts";
import { CACHING_TYPE, loadCache } from "./caching/caching-type.ts";
import { notModified } from "./caching/conditional-request.ts";
import { lookUp } from "./caching/forgiving.ts";
import { readableBy } from "./caching/readable-by.ts";
import {
  type DownstreamCaching,
  promiseCacheControl,
  type ResponseCaching,
  rememberLookup,
} from "./caching/response-caching.ts";
import { responseKey, splitNames, type Variation } from "./caching/response-key.ts";

const DOWNSTREAM: readonly DownstreamCaching[] = ["none", "private", "public"];

export const cacheLookup = definePolicy({
  name: "cache-lookup",
  summary: "Answers from the cache where it can; `cache-store` fills it.",
  category: "caching",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  once: true,
  attributes: {
    "vary-by-developer": {
      type: "bool",
      expression: true,
      required: true,
      default: false,
      doc: "Keep the answers to each developer (owner of the subscription) apart.",
    },
    "vary-by-developer-groups": {
      type: "bool",
      expression: true,
      required: true,
      default: false,
      doc: "Keep the answers to developers of different groups apart.",
    },
    "caching-type": CACHING_TYPE,
    "downstream-caching-type": {
      type: DOWNSTREAM,
      expression: true,
      default: "none",
      doc: "Who else may cache the answer: nobody, only the caller, or every cache on the way.",
    },
    "must-revalidate": {
      type: "bool",
      expression: true,
      default: true,
      doc: "Whether caches on the way must ask again when their copy is old.",
    },
    "allow-private-response-caching": {
      type: "bool",
      expression: true,
      default: false,
      doc: "Whether answers to requests with an Authorization header may be cached.",
    },
  },
  order: "any",
  children: {
    "vary-by-header": {
      doc: "Keep answers apart by a request header.",
      text: { type: "string", expression: true, required: true, doc: "Header names, separated by `;`." },
    },
    "vary-by-query-parameter": {
      doc: "Keep answers apart by a query parameter; without any, by those of the operation's template.",
      text: { type: "string", expression: true, required: true, doc: "Parameter names, separated by `;`." },
    },
  },
  load(element, loader) {
    const allowPrivate = loader.bool(element, "allow-private-response-caching", false);
    const cacheOf = loadCache(element, loader);
    const variationOf = loadVariation(element, loader);
    const downstream = loader.word(element, "downstream-caching-type", DOWNSTREAM, "none");
    const mustRevalidate = loader.bool(element, "must-revalidate", true);
    return (x) => {
      const { request } = x;
      if (request.method !== "GET" || x.fromCache) return;
      if (request.headers.has("authorization") && !allowPrivate(x)) return;
      const directives = request.headers.get("cache-control") ?? "";
      const caching: ResponseCaching = {
        cache: cacheOf(x),
        key: responseKey(x, variationOf(x)),
        // The caller's no-store forbids to keep the answer (RFC 9111 section 5.2.1.5).
        storable: !hasDirective(directives, "no-store"),
        expires: undefined,
      };
      promiseCacheControl(x, caching, downstream(x), mustRevalidate(x));
      // A caller that asks for a new answer gets one.
      const skip = !caching.storable || hasDirective(directives, "no-cache");
      const found = skip ? undefined : lookUp(caching.cache, caching.key);
      if (found instanceof Promise) return found.then((value) => settle(x, caching, value));
      settle(x, caching, found);
    };
  },
});

function loadVariation(element: PlanElement, loader: Loader): Evaluate<Variation> {
  const names = (child: string, normalize: (name: string) => string): Evaluate<readonly string[]> => {
    const elements = loader.children(element, child);
    const split = (texts: readonly string[]) => texts.flatMap(splitNames).map(normalize);
    const literals = elements.map(({ text }) => literalText(text ?? ""));
    if (literals.every((text) => text !== undefined)) {
      const constant = split(literals);
      return () => constant;
    }
    const texts = elements.map(({ text }) => loader.textOf(text));
    return (x) => split(texts.map((text) => text(x)));
  };
  const headers = names("vary-by-header", (name) => name.toLowerCase());
  const parameters = names("vary-by-query-parameter", (name) => name);
  const byParameter = loader.child(element, "vary-by-query-parameter") !== undefined;
  const developer = loader.bool(element, "vary-by-developer", false);
  const groups = loader.bool(element, "vary-by-developer-groups", false);
  return (x) => ({
    headers: headers(x),
    queryParameters: byParameter ? parameters(x) : undefined,
    developer: developer(x),
    developerGroups: groups(x),
  });
}

function settle(x: Exchange, caching: ResponseCaching, found: unknown): void {
  const response =
    found instanceof CachedResponse ? (notModified(x.request.headers, found) ?? readableBy(x, found)) : undefined;
  if (!response) {
    missed(x, caching);
    return;
  }
  x.response?.body.discard();
  x.response = response;
  x.fromCache = true;
  x.facts.cache = "hit";
  caching.expires = (found as CachedResponse).expires;
}

/** Header fields that would make the backend's answer depend on what the caller has cached itself. */
const CONDITIONS = [
  "cache-control",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
];

/** The request goes on to the backend, without what would bring less than a full answer (`If-*`: unconfirmed). */
function missed(x: Exchange, caching: ResponseCaching): void {
  x.facts.cache = "miss";
  rememberLookup(x, caching);
  removeAll(x.request.headers, CONDITIONS);
}

function removeAll(headers: HeaderList, names: readonly string[]): void {
  for (const name of names) headers.delete(name);
}

function hasDirective(cacheControl: string, directive: string): boolean {
  return cacheControl !== "" && cacheControl.split(",").some((part) => part.trim().toLowerCase() === directive);
}
