import type { Catalog } from "../../model/catalog.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { Report } from "../report.ts";
import { checkApiPaths } from "./checks/api-paths.ts";
import { checkPools } from "./checks/backends.ts";
import { checkOpenProducts } from "./checks/products.ts";
import { checkEmails, checkKeys, checkNamedValues } from "./checks/unique.ts";
import { checkWorkspaceNames } from "./checks/workspaces.ts";
import { type Draft, defined, type ReadContext } from "./context.ts";
import { DocumentCache } from "./document-cache.ts";
import type { ArtifactFiles } from "./files.ts";
import type { FolderKind } from "./layout.ts";
import { applyOverrides, readOverrides, type TokenValues } from "./overrides.ts";
import { readPolicy } from "./policy-text.ts";
import { ResourceNames } from "./resource-names.ts";
import { type ApiDraft, readApi } from "./resources/api.ts";
import { readBackend } from "./resources/backend.ts";
import { readCertificate } from "./resources/certificate.ts";
import { readCredentialProvider } from "./resources/credential-provider.ts";
import { readFragment } from "./resources/fragment.ts";
import { builtInGroups, readGroup } from "./resources/group.ts";
import { readLogger } from "./resources/logger.ts";
import { readNamedValue } from "./resources/named-value.ts";
import { readProduct } from "./resources/product.ts";
import { settleRevisions } from "./resources/revisions.ts";
import { readSchema } from "./resources/schema.ts";
import { readSubscription } from "./resources/subscription.ts";
import { readUser } from "./resources/user.ts";
import { readVersionSet } from "./resources/version-set.ts";
import { readWorkspace } from "./resources/workspace.ts";
import { ImportCache } from "./specification.ts";
import { buildTree, childrenOf, type ResourceFolder } from "./tree.ts";

/** What was parsed when a folder was last read: give the same one each time, and only changed files are parsed again. */
export class ReadCache {
  readonly documents = new DocumentCache();
  readonly imports = new ImportCache();
}

export interface ReadOptions {
  /** The service's name, unless the overrides give one. */
  serviceName?: string;
  /** `configuration.{env}.yaml`: its name for findings, and its text. */
  overrides?: { file: string; text: string };
  /** Values of `{#[TOKEN]#}` in the overrides. */
  tokens?: TokenValues;
  cache?: ReadCache;
}

/**
 * Reads an artifacts folder (APIOps, all three layouts; management API reference, section 4) into a catalog. Pure: no
 * clock, no network, no disk, and the same files give the same catalog. Never throws: everything that is wrong is
 * reported at once, and what is broken is left out of the catalog.
 */
export function readArtifacts(
  files: ArtifactFiles,
  options: ReadOptions = {},
): { catalog: Catalog; diagnostics: Diagnostic[] } {
  const report = new Report();
  const cache = options.cache ?? new ReadCache();
  cache.documents.begin();
  const root = buildTree(files, report);
  if (root.files.size === 0 && root.children.size === 0) reportEmpty(files, report);
  const serviceName = overrideName(root, options, report) ?? options.serviceName ?? "gatehouse";
  const { documents, imports } = cache;
  const context = { files, documents, imports, report, names: new ResourceNames(root), workspace: undefined };
  const catalog = readService(root, context, serviceName);
  checkWorkspaceNames(catalog, report);
  return { catalog, diagnostics: report.diagnostics };
}

function overrideName(root: ResourceFolder, options: ReadOptions, report: Report): string | undefined {
  const { overrides } = options;
  const document = overrides && readOverrides(overrides.file, overrides.text, options.tokens ?? {}, report);
  return document && applyOverrides(root, document, report).serviceName;
}

function readService(root: ResourceFolder, context: ReadContext, name: string): Catalog {
  const workspaces = childrenOf(root, "workspace");
  /** The service and each workspace, with the context for their resources. */
  const owners = [
    { folder: root, context },
    ...workspaces.map((folder) => ({ folder, context: { ...context, workspace: folder.name } })),
  ];
  const read = <T>(kind: FolderKind, reader: (folder: ResourceFolder, context: ReadContext) => T | undefined): T[][] =>
    owners.map((owner) => childrenOf(owner.folder, kind).flatMap((folder) => reader(folder, owner.context) ?? []));

  const namedValues = read("named-value", readNamedValue);
  namedValues.forEach(checkNamedValues);
  const fragments = read("fragment", readFragment).flat();
  const certificates = read("certificate", readCertificate).flat();
  const schemas = read("schema", readSchema).flat();
  const credentialProviders = childrenOf(root, "credential-provider").flatMap(
    (folder) => readCredentialProvider(folder, context) ?? [],
  );
  const loggers = childrenOf(root, "logger").flatMap((folder) => readLogger(folder, context) ?? []);
  const backends = read("backend", readBackend);
  backends.forEach(checkPools);
  const versionSets = read("version-set", readVersionSet).flat();
  const apis: ApiDraft[] = read("api", readApi).flatMap(settleRevisions);
  checkApiPaths(apis);
  const groups = read("group", readGroup).flat();
  const products = read("product", readProduct).flat();
  checkOpenProducts(products, context.report);
  const subscriptions = read("subscription", readSubscription).flat();
  checkKeys(subscriptions);
  const users = childrenOf(root, "user").flatMap((folder) => readUser(folder, context) ?? []);
  checkEmails(users);

  const soundApis = sound(apis);
  const apiIds = new Set(soundApis.map((api) => api.id));
  const soundProducts = sound(products).map((product) => ({
    ...product,
    apis: product.apis.filter((id) => apiIds.has(id)),
  }));
  const productIds = new Set(soundProducts.map((product) => product.id));
  const soundGroups = sound(groups);
  return {
    name,
    apis: soundApis,
    versionSets: sound(versionSets),
    products: soundProducts,
    subscriptions: sound(subscriptions).filter(({ scope }) => {
      if (scope.kind === "api") return apiIds.has(scope.id);
      return scope.kind !== "product" || productIds.has(scope.id);
    }),
    users: sound(users),
    groups: [...builtInGroups(new Set(soundGroups.map((group) => group.id)), context.files.root), ...soundGroups],
    backends: sound(backends.flat()),
    namedValues: sound(namedValues.flat()),
    fragments,
    certificates: sound(certificates),
    credentialProviders: sound(credentialProviders),
    ...(loggers.length > 0 ? { loggers: sound(loggers) } : {}),
    ...(schemas.length > 0 ? { schemas } : {}),
    workspaces: workspaces.map((folder) => readWorkspace(folder, context)),
    ...defined({ policy: readPolicy(root, context) }),
  };
}

/** The resources without an error. */
function sound<T>(drafts: readonly Draft<T>[]): T[] {
  return drafts.flatMap((draft) => (draft.properties.broken ? [] : [draft.resource]));
}

/** A folder without one resource is most likely the wrong one. */
function reportEmpty(files: ArtifactFiles, report: Report): void {
  const known = /^(.*\/)(?:apis\/[^/]+\/apiInformation\.|products\/[^/]+\/productInformation\.)/;
  const inside = [...files.files.keys()].flatMap((path) => known.exec(path)?.[1] ?? [])[0];
  const hint =
    inside === undefined ? "apis/{name}/apiInformation.json makes an API" : `did you mean its folder "${inside}"?`;
  const place = { file: files.root === "" ? "." : files.root, line: 1, column: 1 };
  report.warning(place, "no-artifacts", "the folder holds no resources", hint);
}
