import type { Exchange } from "../../exchange/exchange.ts";
import { declareType, type TypeDeclaration } from "../clr/declare.ts";
import { DateTime } from "../clr/system/date-time.ts";
import { Guid } from "../clr/system/guid.ts";
import { TimeSpan } from "../clr/system/time-span.ts";

/** Epoch milliseconds, possibly fractional, as ticks of 100 ns. */
function ticks(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 10_000));
}

/** `context`: the exchange. */
const context = declareType({
  name: "Gatehouse.IProxyRequestContext",
  kind: "interface",
  members: {
    "IContextApi Api { get; }": (x: Exchange) => x.api,
    "IBackend Backend { get; }": (x: Exchange) => x,
    "IDeployment Deployment { get; }": (x: Exchange) => x.services,
    "TimeSpan Elapsed { get; }": (x: Exchange) => new TimeSpan(ticks(x.services.clock.now() - x.startedAt)),
    "IGraphQL GraphQL { get; }": () => null,
    "ILastError LastError { get; }": (x: Exchange) => x.lastError,
    "IOperation Operation { get; }": (x: Exchange) => x.operation,
    "IProduct Product { get; }": (x: Exchange) => x.product,
    "IRequest Request { get; }": (x: Exchange) => x,
    "Guid RequestId { get; }": (x: Exchange) => Guid.parse(x.id),
    "IResponse Response { get; }": (x: Exchange) => x.response,
    "ISubscription Subscription { get; }": (x: Exchange) => (x.subscription === null ? null : x),
    "DateTime Timestamp { get; }": (x: Exchange) => DateTime.fromUnixMilliseconds(Math.floor(x.startedAt), 1),
    "bool Tracing { get; }": (x: Exchange) => x.tracing,
    "IUser User { get; }": (x: Exchange) => x.user,
    "IVariables Variables { get; }": (x: Exchange) => x.variables,
    "IWorkspace Workspace { get; }": (x: Exchange) => x.api?.workspace ?? null,
    "void Trace(string message)": (x: Exchange, message: string | null) =>
      x.trace({ source: "context", severity: "information", message: message ?? "" }),
  },
});

/** Only resolvers of GraphQL APIs have it, and they are not carried out here. */
const graphQl = declareType({
  name: "Gatehouse.IGraphQL",
  kind: "interface",
  members: {
    "JToken Parent { get; }": () => null,
    "JToken Arguments { get; }": () => null,
    "JToken GraphQLArguments { get; }": () => null,
  },
});

export const contextTypes: TypeDeclaration[] = [context, graphQl];
