import type { Credentials } from "./credentials.ts";
import { SCENARIO_NAMES, type ScenarioName } from "./names.ts";

/** One request; the host and the length are added where it is sent. */
export interface LoadRequest {
  method: "GET" | "POST";
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Bytes of the body. */
  bodyBytes?: number;
}

/** One request whose answer shows whether a peer does the work at all; asked before anything is measured. */
export interface Probe {
  name: string;
  request: LoadRequest;
  /** Any of these. */
  status: readonly number[];
  /** Header fields the answer has to carry. */
  headers?: Readonly<Record<string, string>>;
  /** Bytes of the answer's body. */
  bytes?: number;
}

/** What is asked of every peer, in the same words. */
export interface Scenario {
  name: ScenarioName;
  title: string;
  /** The work for each request. */
  work: string;
  /** Sent in turn, for ever. */
  requests(credentials: Credentials): LoadRequest[];
  probes(credentials: Credentials): Probe[];
  /** Bytes of a good answer's body. */
  bytes: number;
}

/** What the backend answers, but for /bench/body. */
export const GREETING = "Hello from the backend.\n";
export const LARGE = 65_536;
export const ROUTES = 1000;

/** Subscription key header of Azure API Management; the other peers are told to read the same. */
export const KEY_HEADER = "Ocp-Apim-Subscription-Key";
/** With this header the backend tells in `x-seen-caller` what it received in `x-caller`. */
const CHECK = { "x-check": "1" };

const REFUSED = [401, 403];
const ITEM: LoadRequest = { method: "GET", path: "/bench/items/1", headers: {} };

/** Name of a route in scenario `routes-1000`, from 0. */
export function routeName(index: number): string {
  return `api-${String(index + 1).padStart(4, "0")}`;
}

const SCENARIOS: Record<ScenarioName, Omit<Scenario, "name">> = {
  "pass-through": {
    title: "Pass-through",
    work: "Small GET, forwarded; keep-alive on both sides.",
    requests: () => [ITEM],
    probes: () => [{ name: "is forwarded", request: ITEM, status: [200], bytes: GREETING.length }],
    bytes: GREETING.length,
  },
  key: {
    title: "Key, rate limit, headers",
    work: "Subscription key looked up, calls of each caller counted against a limit they stay below, one request header set to the caller, one response header set.",
    requests: ({ keys }) => [...keys.values()].map((key) => withHeaders({ [KEY_HEADER]: key })),
    probes: ({ keys }) => [
      ...[...keys].slice(0, 2).map(([caller, key]) => ({
        name: `the key of ${caller}`,
        request: withHeaders({ [KEY_HEADER]: key, ...CHECK }),
        status: [200],
        headers: { "x-seen-caller": caller, "x-served-by": "bench" },
        bytes: GREETING.length,
      })),
      { name: "no key", request: ITEM, status: REFUSED },
      { name: "an unknown key", request: withHeaders({ [KEY_HEADER]: "unknown" }), status: REFUSED },
    ],
    bytes: GREETING.length,
  },
  jwt: {
    title: "JWT RS256",
    work: "Bearer token checked: signature (RS256, 2048 bits), expiry, audience, one claim. 64 callers take turns.",
    requests: ({ tokens }) => tokens.map((token) => withHeaders({ Authorization: `Bearer ${token}` })),
    probes: ({ tokens, badTokens }) => [
      ...tokens.slice(0, 2).map((token) => ({
        name: "a good token",
        request: withHeaders({ Authorization: `Bearer ${token}` }),
        status: [200],
        bytes: GREETING.length,
      })),
      { name: "no token", request: ITEM, status: REFUSED },
      ...[...badTokens].map(([what, token]) => ({
        name: `a token with ${what}`,
        request: withHeaders({ Authorization: `Bearer ${token}` }),
        status: REFUSED,
      })),
    ],
    bytes: GREETING.length,
  },
  "body-64k": {
    title: "64 KiB response",
    work: "GET whose answer has 64 KiB.",
    requests: () => [{ method: "GET", path: "/bench/body", headers: {} }],
    probes: () => [
      {
        name: "comes whole",
        request: { method: "GET", path: "/bench/body", headers: {} },
        status: [200],
        bytes: LARGE,
      },
    ],
    bytes: LARGE,
  },
  "upload-64k": {
    title: "64 KiB request",
    work: "POST of 64 KiB, small answer.",
    requests: () => [{ method: "POST", path: "/bench/items", headers: {}, bodyBytes: LARGE }],
    probes: () => [
      {
        name: "is forwarded",
        request: { method: "POST", path: "/bench/items", headers: {}, bodyBytes: LARGE },
        status: [200],
        bytes: GREETING.length,
      },
    ],
    bytes: GREETING.length,
  },
  "routes-1000": {
    title: "1,000 routes",
    work: "Small GET; 1,000 APIs, told apart by the first part of the path; the requests go through all of them in turn.",
    requests: () => Array.from({ length: ROUTES }, (_, index) => routed(routeName(index))),
    probes: () => [
      ...[0, ROUTES / 2, ROUTES - 1].map((index) => ({
        name: `route ${index + 1}`,
        request: routed(routeName(index)),
        status: [200],
        bytes: GREETING.length,
      })),
      { name: "an unknown route", request: routed("api-none"), status: [404] },
    ],
    bytes: GREETING.length,
  },
};

export function scenario(name: ScenarioName): Scenario {
  return { name, ...SCENARIOS[name] };
}

/** All scenarios, in the order of the report. */
export function allScenarios(): Scenario[] {
  return SCENARIO_NAMES.map(scenario);
}

function withHeaders(headers: Record<string, string>): LoadRequest {
  return { ...ITEM, headers };
}

function routed(name: string): LoadRequest {
  return { method: "GET", path: `/${name}/items/1`, headers: {} };
}
