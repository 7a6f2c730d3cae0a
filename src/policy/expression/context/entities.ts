import type { LastError } from "../../exchange/errors.ts";
import type { ApiInfo, Exchange, GroupInfo, OperationInfo, ProductInfo, UserInfo } from "../../exchange/exchange.ts";
import { ClrArray, enumValue } from "../clr/box.ts";
import { declareType, type TypeDeclaration } from "../clr/declare.ts";
import { DateTime } from "../clr/system/date-time.ts";

/** An ISO 8601 date of a resource as a UTC DateTime; null when there is none. */
export function dateOf(text: string | null | undefined): DateTime | null {
  if (text === null || text === undefined) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : DateTime.fromUnixMilliseconds(time, 1);
}

const list = (type: string) => `System.Collections.Generic.IEnumerable<${type}>`;

const api: TypeDeclaration[] = [
  declareType({
    name: "Gatehouse.IApi",
    kind: "interface",
    members: {
      "string Id { get; }": (info: ApiInfo) => info.id,
      "string Name { get; }": (info: ApiInfo) => info.name,
      "string Path { get; }": (info: ApiInfo) => info.path,
      [`${list("string")} Protocols { get; }`]: (info: ApiInfo) => new ClrArray("string", [...info.protocols]),
      "IUrl ServiceUrl { get; }": (info: ApiInfo) => info.serviceUrl ?? null,
      "ISubscriptionKeyParameterNames SubscriptionKeyParameterNames { get; }": (info: ApiInfo) =>
        info.subscriptionKeyParameterNames,
    },
  }),
  declareType({
    name: "Gatehouse.IContextApi",
    kind: "interface",
    interfaces: ["Gatehouse.IApi"],
    members: {
      "bool IsCurrentRevision { get; }": (info: ApiInfo) => info.isCurrentRevision,
      "string Revision { get; }": (info: ApiInfo) => info.revision,
      "string Version { get; }": (info: ApiInfo) => info.version,
    },
  }),
  declareType({
    name: "Gatehouse.ISubscriptionKeyParameterNames",
    kind: "interface",
    members: {
      "string Header { get; }": (names: ApiInfo["subscriptionKeyParameterNames"]) => names.header,
      "string Query { get; }": (names: ApiInfo["subscriptionKeyParameterNames"]) => names.query,
    },
  }),
];

const operation = declareType({
  name: "Gatehouse.IOperation",
  kind: "interface",
  members: {
    "string Id { get; }": (info: OperationInfo) => info.id,
    "string Method { get; }": (info: OperationInfo) => info.method,
    "string Name { get; }": (info: OperationInfo) => info.name,
    "string UrlTemplate { get; }": (info: OperationInfo) => info.urlTemplate,
  },
});

const states = { NotPublished: 0, Published: 1 };

const product: TypeDeclaration[] = [
  declareType({ name: "Gatehouse.ProductState", kind: "enum", values: states }),
  declareType({
    name: "Gatehouse.IProduct",
    kind: "interface",
    members: {
      "bool ApprovalRequired { get; }": (info: ProductInfo) => info.approvalRequired,
      [`${list("IApi")} Apis { get; }`]: (info: ProductInfo) => new ClrArray("Gatehouse.IApi", [...info.apis]),
      [`${list("IGroup")} Groups { get; }`]: (info: ProductInfo) => groups(info.groups),
      "string Id { get; }": (info: ProductInfo) => info.id,
      "string Name { get; }": (info: ProductInfo) => info.name,
      "ProductState State { get; }": (info: ProductInfo) =>
        enumValue("Gatehouse.ProductState", states, states[info.state]),
      "int? SubscriptionLimit { get; }": (info: ProductInfo) => info.subscriptionsLimit,
      "int? SubscriptionsLimit { get; }": (info: ProductInfo) => info.subscriptionsLimit,
      "bool SubscriptionRequired { get; }": (info: ProductInfo) => info.subscriptionRequired,
    },
  }),
  declareType({
    name: "Gatehouse.IGroup",
    kind: "interface",
    members: {
      "string Id { get; }": (info: GroupInfo) => info.id,
      "string Name { get; }": (info: GroupInfo) => info.name,
    },
  }),
];

function groups(infos: readonly GroupInfo[]): ClrArray {
  return new ClrArray("Gatehouse.IGroup", [...infos]);
}

type Identity = UserInfo["identities"][number];

const user: TypeDeclaration[] = [
  declareType({
    name: "Gatehouse.IUser",
    kind: "interface",
    members: {
      "string Email { get; }": (info: UserInfo) => info.email,
      "string FirstName { get; }": (info: UserInfo) => info.firstName,
      [`${list("IGroup")} Groups { get; }`]: (info: UserInfo) => groups(info.groups),
      "string Id { get; }": (info: UserInfo) => info.id,
      [`${list("IUserIdentity")} Identities { get; }`]: (info: UserInfo) =>
        new ClrArray("Gatehouse.IUserIdentity", [...info.identities]),
      "string LastName { get; }": (info: UserInfo) => info.lastName,
      "string Note { get; }": (info: UserInfo) => info.note,
      "DateTime RegistrationDate { get; }": (info: UserInfo) => dateOf(info.registrationDate) ?? DateTime.minValue,
    },
  }),
  declareType({
    name: "Gatehouse.IUserIdentity",
    kind: "interface",
    members: {
      "string Id { get; }": (info: Identity) => info.id,
      "string Provider { get; }": (info: Identity) => info.provider,
    },
  }),
];

/** The exchange stands for its subscription: the key the caller sent is known there only. */
const subscription = declareType({
  name: "Gatehouse.ISubscription",
  kind: "interface",
  members: {
    "DateTime CreatedDate { get; }": (x: Exchange) => dateOf(x.subscription?.createdDate) ?? DateTime.minValue,
    "DateTime CreatedTime { get; }": (x: Exchange) => dateOf(x.subscription?.createdDate) ?? DateTime.minValue,
    "DateTime? StartDate { get; }": (x: Exchange) => dateOf(x.subscription?.startDate),
    "DateTime? EndDate { get; }": (x: Exchange) => dateOf(x.subscription?.endDate),
    "string Id { get; }": (x: Exchange) => x.subscription?.id ?? null,
    "string Name { get; }": (x: Exchange) => x.subscription?.name ?? null,
    "string Key { get; }": (x: Exchange) => x.subscriptionKey,
    // The gateway holds hashes of the keys; the one the caller sent is the only one it can show.
    "string PrimaryKey { get; }": (x: Exchange) => x.subscriptionKey,
    "string SecondaryKey { get; }": (x: Exchange) => x.subscriptionKey,
  },
});

const lastError = declareType({
  name: "Gatehouse.ILastError",
  kind: "interface",
  members: {
    "string Source { get; }": (error: LastError) => error.source,
    "string Reason { get; }": (error: LastError) => error.reason,
    "string Message { get; }": (error: LastError) => error.message,
    "string Scope { get; }": (error: LastError) => error.scope,
    "string Section { get; }": (error: LastError) => error.section,
    "string Path { get; }": (error: LastError) => error.path,
    "string PolicyId { get; }": (error: LastError) => error.policyId,
    "int HttpErrorCode { get; }": (error: LastError) => error.httpErrorCode,
  },
});

const workspace = declareType({
  name: "Gatehouse.IWorkspace",
  kind: "interface",
  members: {
    "string Id { get; }": (info: { id: string }) => info.id,
    "string Name { get; }": (info: { name: string }) => info.name,
  },
});

/** Resources of the catalog as the context shows them. */
export const entityTypes: TypeDeclaration[] = [
  ...api,
  operation,
  ...product,
  ...user,
  subscription,
  lastError,
  workspace,
];
