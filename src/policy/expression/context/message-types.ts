import { STATUS_CODES } from "node:http";
import type { Exchange } from "../../exchange/exchange.ts";
import { type Message, RequestMessage, ResponseMessage } from "../../exchange/message.ts";
import { formatUrl, type UrlParts } from "../../exchange/url.ts";
import { declareType, type TypeDeclaration } from "../clr/declare.ts";
import { certificateOf } from "./certificate.ts";
import { UrlView } from "./views.ts";

const url = declareType({
  name: "Gatehouse.IUrl",
  kind: "interface",
  is: (value) => value instanceof UrlView,
  box: (value: UrlParts) => new UrlView(value),
  members: {
    "string Scheme { get; }": (parts: UrlParts) => parts.scheme,
    "string Host { get; }": (parts: UrlParts) => parts.host,
    "int Port { get; }": (parts: UrlParts) => parts.port,
    "string Path { get; }": (parts: UrlParts) => parts.path,
    "IQuery Query { get; }": (parts: UrlParts) => parts.query,
    "string QueryString { get; }": (parts: UrlParts) => parts.query,
    "string ToString()": formatUrl,
  },
});

/**
 * `IRequest`. The client's address, certificate and original URL belong to the exchange, so that is what stands for
 * the request; `context.Request` is the only request that an expression can reach.
 */
const request = declareType({
  name: "Gatehouse.IRequest",
  kind: "interface",
  is: (value) => value instanceof RequestMessage || isExchange(value),
  members: {
    "IMessageBody Body { get; }": (x: Exchange) => bodyOf(x.request),
    "X509Certificate2 Certificate { get; }": (x: Exchange) => certificateOf(x.client.certificate?.der),
    "IFoundry Foundry { get; }": (x: Exchange) => x,
    "IHeaders Headers { get; }": (x: Exchange) => x.request.headers,
    "string IpAddress { get; }": (x: Exchange) => x.client.address,
    "IMatchedParameters MatchedParameters { get; }": (x: Exchange) => x.matchedParameters,
    "string Method { get; }": (x: Exchange) => x.request.method,
    "IUrl OriginalUrl { get; }": (x: Exchange) => x.originalUrl,
    "IUrl Url { get; }": (x: Exchange) => x.request.url,
    "IPrivateEndpointConnection PrivateEndpointConnection { get; }": () => null,
    "IAzureVnetInfo AzureVnetInfo { get; }": () => null,
  },
});

function isExchange(value: unknown): boolean {
  return typeof value === "object" && value !== null && "request" in value && "services" in value;
}

/** The body as expressions see it: null when the message has none. */
function bodyOf(message: Message): Message | null {
  return message.body.absent ? null : message;
}

const response = declareType({
  name: "Gatehouse.IResponse",
  kind: "interface",
  is: (value) => value instanceof ResponseMessage,
  members: {
    "IMessageBody Body { get; }": bodyOf,
    "IHeaders Headers { get; }": (message: ResponseMessage) => message.headers,
    "int StatusCode { get; }": (message: ResponseMessage) => message.status,
    "string StatusReason { get; }": (message: ResponseMessage) =>
      message.reason || (STATUS_CODES[message.status] ?? ""),
  },
});

/** Facts of the service that this gateway has no counterpart for: always absent, but known to the type checker. */
const serviceOnly: TypeDeclaration[] = [
  declareType({
    name: "Gatehouse.IFoundry",
    kind: "interface",
    members: { "string Deployment { get; }": (x: Exchange) => deploymentOf(x.request.path) },
  }),
  declareType({
    name: "Gatehouse.IPrivateEndpointConnection",
    kind: "interface",
    members: {
      "string Name { get; }": () => null,
      "string GroupId { get; }": () => null,
      "string MemberName { get; }": () => null,
    },
  }),
  declareType({
    name: "Gatehouse.IAzureVnetInfo",
    kind: "interface",
    members: {
      "string VnetTrafficTag { get; }": () => null,
      "string SubnetId { get; }": () => null,
      "int PrivateLinkId { get; }": () => 0,
      "string SnatVip { get; }": () => null,
    },
  }),
];

/** The model deployment that the request's path names (`/deployments/{id}/`), as Azure OpenAI paths do. */
function deploymentOf(path: string): string | null {
  return /\/deployments\/([^/?]+)/.exec(path)?.[1] ?? null;
}

export const messageTypes: TypeDeclaration[] = [url, request, response, ...serviceOnly];
