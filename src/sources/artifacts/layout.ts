/** What a folder of the tree stands for. Links are associations, as in `products/x/apis/a/`. */
export type FolderKind =
  | "service"
  | "workspace"
  | "api"
  | "operation"
  | "product"
  | "product-api"
  | "product-group"
  | "subscription"
  | "backend"
  | "named-value"
  | "fragment"
  | "version-set"
  | "group"
  | "user"
  | "user-group"
  | "certificate"
  | "credential-provider"
  | "connection"
  | "connection-access"
  | "logger"
  | "schema"
  | "other";

/** What may stand in a folder of one kind. */
export interface FolderLayout {
  kind: FolderKind;
  /** Name of the information file, without `.json`, `.yaml` or `.yml`. */
  info?: string;
  /** Other names that tools give it. */
  otherInfos?: readonly string[];
  /** False where the resource exists without an information file. */
  infoRequired?: boolean;
  /** Other files; one that ends in `.*` may have any extension. */
  files: readonly string[];
  /** Folders of resources by each name that is in use for them. */
  collections: ReadonlyMap<string, FolderLayout>;
}

/** Resources that the original tools write and a gateway has no use for: known, so that nobody is warned, and not read. */
const OTHER: FolderLayout = { kind: "other", files: [], collections: new Map() };

function collections(entries: Readonly<Record<string, FolderLayout>>): ReadonlyMap<string, FolderLayout> {
  return new Map(Object.entries(entries));
}

function leaf(kind: FolderKind, info: string): FolderLayout {
  return { kind, info, files: [], collections: new Map() };
}

function link(kind: FolderKind, info: string): FolderLayout {
  return { kind, info, infoRequired: false, files: [], collections: new Map() };
}

const OPERATION: FolderLayout = {
  kind: "operation",
  info: "operationInformation",
  infoRequired: false,
  files: ["policy.xml"],
  collections: collections({ tags: OTHER }),
};

/** `schemaInformation` in apiops-cli everywhere; toolkit v7 says `apiSchemaInformation` for the schemas of an API. */
const SCHEMA: FolderLayout = {
  kind: "schema",
  info: "schemaInformation",
  otherInfos: ["apiSchemaInformation"],
  files: [],
  collections: new Map(),
};

const API: FolderLayout = {
  kind: "api",
  info: "apiInformation",
  files: ["policy.xml", "specification.*", "wiki.md"],
  collections: collections({
    operations: OPERATION,
    diagnostics: OTHER,
    releases: OTHER,
    resolvers: OTHER,
    schemas: SCHEMA,
    tagDescriptions: OTHER,
    tags: OTHER,
    wikis: OTHER,
  }),
};

const PRODUCT: FolderLayout = {
  kind: "product",
  info: "productInformation",
  files: ["policy.xml", "apis.json", "apis.yaml", "apis.yml", "groups.json", "groups.yaml", "groups.yml", "wiki.md"],
  collections: collections({
    apis: link("product-api", "productApiInformation"),
    groups: link("product-group", "productGroupInformation"),
    tags: OTHER,
    wikis: OTHER,
  }),
};

const USER: FolderLayout = {
  kind: "user",
  info: "userInformation",
  files: ["groups.json", "groups.yaml", "groups.yml"],
  collections: collections({ groups: link("user-group", "userGroupInformation") }),
};

const FRAGMENT: FolderLayout = {
  kind: "fragment",
  info: "policyFragmentInformation",
  infoRequired: false,
  files: ["policy.xml"],
  collections: new Map(),
};

const CONNECTION: FolderLayout = {
  kind: "connection",
  info: "authorizationInformation",
  files: [],
  collections: collections({ accessPolicies: leaf("connection-access", "authorizationAccessPolicyInformation") }),
};

const CREDENTIAL_PROVIDER: FolderLayout = {
  kind: "credential-provider",
  info: "authorizationProviderInformation",
  infoRequired: false,
  files: [],
  collections: collections({ authorizations: CONNECTION }),
};

const NAMED_VALUE = leaf("named-value", "namedValueInformation");
const VERSION_SET = leaf("version-set", "versionSetInformation");

const LOGGER = link("logger", "loggerInformation");

/** What a service and a workspace both hold. Folders with a space: toolkit v4 to v7; in camel case: apiops-cli. */
const RESOURCES: Readonly<Record<string, FolderLayout>> = {
  apis: API,
  products: PRODUCT,
  subscriptions: leaf("subscription", "subscriptionInformation"),
  backends: leaf("backend", "backendInformation"),
  "named values": NAMED_VALUE,
  namedValues: NAMED_VALUE,
  "policy fragments": FRAGMENT,
  policyFragments: FRAGMENT,
  "version sets": VERSION_SET,
  versionSets: VERSION_SET,
  groups: leaf("group", "groupInformation"),
  certificates: leaf("certificate", "certificateInformation"),
  diagnostics: OTHER,
  loggers: LOGGER,
  schemas: SCHEMA,
  tags: OTHER,
};

const WORKSPACE: FolderLayout = {
  kind: "workspace",
  info: "workspaceInformation",
  infoRequired: false,
  files: ["policy.xml"],
  collections: collections(RESOURCES),
};

/** The whole tree, all three layouts at once (reference/management-api, section 4). */
export const SERVICE: FolderLayout = {
  kind: "service",
  files: ["policy.xml"],
  collections: collections({
    ...RESOURCES,
    authorizationProviders: CREDENTIAL_PROVIDER,
    users: USER,
    workspaces: WORKSPACE,
    documentations: OTHER,
    gateways: OTHER,
    policyRestrictions: OTHER,
  }),
};

/** Extensions of an information file. */
export const INFO_EXTENSIONS = [".json", ".yaml", ".yml"] as const;

/** `configuration.prod.yaml`, `configuration.extractor.yaml`: overrides and filters that live beside the resources. */
export const CONFIGURATION_FILE = /^configuration(\.[^/]+)?\.ya?ml$/i;
