import type { ApiResource, Catalog, OperationResource, PolicyText } from "../model/catalog.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { didYouMean } from "../model/nearest.ts";
import { policies } from "../policy/catalog/index.ts";
import type { Scope } from "../policy/exchange/errors.ts";
import type { ApiInfo } from "../policy/exchange/exchange.ts";
import { parseUrl } from "../policy/exchange/url.ts";
import { checkCredentials, checkThumbprints } from "./check-credentials.ts";
import { compileBackend } from "./compile-backend.ts";
import { compileCredentialProvider, connectionSecrets } from "./compile-connections.ts";
import { ContractCompiler } from "./compile-contract.ts";
import { LoggerCompiler, ownSecrets } from "./compile-loggers.ts";
import { DEFAULT_GLOBAL_POLICY, PolicyCompiler, walkElements } from "./compile-policies.ts";
import { compileProducts, compileSubscriptions } from "./compile-products.ts";
import type { ApiPart, Hash, Plan, PlanOperation, PlanRoot, PolicyPart } from "./plan.ts";
import { PlanBuilder } from "./plan-builder.ts";
import { parseUrlTemplate } from "./url-template.ts";
import { together, type ValidationNeeds, validationNeeds } from "./validation-needs.ts";

export interface CompileResult {
  /** Absent when there are errors. */
  plan?: Plan;
  diagnostics: Diagnostic[];
}

/**
 * Compiles a catalog to a plan. Pure: the same catalog gives the same plan. Everything that is wrong is reported, not only the first
 * finding; with an error there is no plan.
 */
export function compilePlan(catalog: Catalog): CompileResult {
  const compilation = new Compilation(catalog);
  const root = compilation.run();
  const diagnostics = distinct(compilation.diagnostics);
  if (diagnostics.some((d) => d.severity === "error")) return { diagnostics };
  return { plan: compilation.builder.build(root), diagnostics };
}

class Compilation {
  readonly diagnostics: Diagnostic[] = [];
  readonly builder = new PlanBuilder();
  readonly #catalog: Catalog;
  readonly #policies: PolicyCompiler;
  readonly #loggers: LoggerCompiler;
  readonly #secrets = new Set<string>();
  readonly #backendIds: ReadonlySet<string>;
  readonly #certificateIds: ReadonlySet<string>;
  /** A document outside APIs may mock for any operation. */
  #mocksEverywhere = false;
  /** What documents outside APIs validate, of any operation. */
  #validatedEverywhere: ValidationNeeds | undefined;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#backendIds = new Set(catalog.backends.map((backend) => backend.id));
    this.#certificateIds = new Set(catalog.certificates.map((certificate) => certificate.id));
    this.#loggers = new LoggerCompiler(catalog);
    this.#policies = new PolicyCompiler(catalog, this.diagnostics);
  }

  run(): PlanRoot {
    const catalog = this.#catalog;
    for (const backend of catalog.backends) this.diagnostics.push(...checkThumbprints(backend, catalog));
    const backends = catalog.backends.map((backend) =>
      this.builder.add(compileBackend(backend, this.#policies.namedValues, this.diagnostics)),
    );
    const credentialProviders = (catalog.credentialProviders ?? []).map((provider) =>
      this.builder.add(compileCredentialProvider(provider, this.#policies.namedValues, this.diagnostics)),
    );
    for (const { name } of connectionSecrets(catalog)) this.#secrets.add(name);
    const global = this.#policy(catalog.policy ?? DEFAULT_GLOBAL_POLICY, "global");
    const workspaces = catalog.workspaces.map((workspace) => ({
      id: workspace.id,
      name: workspace.displayName,
      policy: this.#policyHash(workspace.policy, "workspace"),
    }));
    const products = compileProducts(catalog, (policy) => this.#policyHash(policy, "product")).map((part) =>
      this.builder.add(part),
    );
    const apis = [...catalog.apis].sort(byIdAndRevision).map((api) => this.builder.add(this.#api(api)));
    const subscriptions = compileSubscriptions(catalog).map((part) => this.builder.add(part));
    for (const named of catalog.namedValues) {
      if (named.secret || named.secretIdentifier) this.#secrets.add(named.displayName);
    }
    const loggers = this.#loggers.compile(this.#policies.namedValues, this.diagnostics);
    for (const name of ownSecrets(loggers)) this.#secrets.add(name);
    return {
      format: "gatehouse-plan/1",
      service: catalog.name,
      policy: this.builder.add(global),
      workspaces,
      apis,
      products,
      backends,
      ...(credentialProviders.length > 0 ? { credentialProviders } : {}),
      ...(loggers.length > 0 ? { loggers: loggers.map((part) => this.builder.add(part)) } : {}),
      subscriptions,
      secrets: [...this.#secrets].sort(),
      certificates: catalog.certificates.map((certificate) => ({
        id: certificate.id,
        thumbprint: certificate.thumbprint,
        certificate: certificate.certificate,
        hasKey: certificate.key !== undefined,
        ...(certificate.storeName === undefined ? {} : { storeName: certificate.storeName }),
      })),
    };
  }

  #policyHash(policy: PolicyText | undefined, scope: Scope): Hash | null {
    return policy ? this.builder.add(this.#policy(policy, scope)) : null;
  }

  #policy(policy: PolicyText, scope: Scope): PolicyPart {
    const part = this.#policies.compile(policy, scope);
    this.#checkReferences(part);
    this.#loggers.check(part, (...finding) => this.#reportAt(...finding));
    if (scope === "api" || scope === "operation") return part;
    if (mocks(part)) this.#mocksEverywhere = true;
    const needs = validationNeeds(part);
    this.#checkSchemas(needs, undefined);
    this.#validatedEverywhere = together(this.#validatedEverywhere, needs);
    return part;
  }

  #api(api: ApiResource): ApiPart {
    const policy = api.policy ? this.#policy(api.policy, "api") : undefined;
    const mocksApi = this.#mocksEverywhere || (policy !== undefined && mocks(policy));
    const needs = validationNeeds(policy);
    this.#checkSchemas(needs, api);
    const validated = together(this.#validatedEverywhere, needs);
    const shared = (this.#catalog.schemas ?? []).filter(
      (schema) => (schema.workspace ?? api.workspace) === api.workspace,
    );
    const contracts = new ContractCompiler(api, shared, this.builder, this.diagnostics);
    const operations = api.operations.flatMap((operation) =>
      this.#operation(operation, api, mocksApi, validated, contracts),
    );
    const schemas = contracts.schemas();
    return {
      kind: "api",
      info: this.#apiInfo(api),
      isCurrent: api.isCurrent,
      version: this.#version(api),
      subscriptionRequired: api.subscriptionRequired,
      type: api.type,
      policy: policy ? this.builder.add(policy) : null,
      workspace: api.workspace ?? null,
      operations,
      ...(schemas ? { schemas } : {}),
      origin: api.origin.file,
    };
  }

  #apiInfo(api: ApiResource): ApiInfo {
    const workspace = this.#catalog.workspaces.find((candidate) => candidate.id === api.workspace);
    return {
      id: api.id,
      name: api.displayName,
      path: api.path,
      revision: api.revision,
      version: api.apiVersion,
      isCurrentRevision: api.isCurrent,
      serviceUrl: api.serviceUrl === undefined ? undefined : parseUrl(api.serviceUrl),
      protocols: api.protocols,
      subscriptionKeyParameterNames: api.subscriptionKeyParameterNames,
      workspace: workspace && { id: workspace.id, name: workspace.displayName },
    };
  }

  #version(api: ApiResource): ApiPart["version"] {
    const set = this.#catalog.versionSets.find((candidate) => candidate.id === api.versionSetId);
    if (!set) return null;
    const name = { Segment: "", Query: set.versionQueryName ?? "", Header: set.versionHeaderName ?? "" };
    return { scheme: set.versioningScheme, name: name[set.versioningScheme], value: api.apiVersion };
  }

  #operation(
    operation: OperationResource,
    api: ApiResource,
    mocksApi: boolean,
    validated: ValidationNeeds | undefined,
    contracts: ContractCompiler,
  ): PlanOperation[] {
    const policy = operation.policy ? this.#policy(operation.policy, "operation") : undefined;
    const template = this.#template(operation);
    if (!template) return [];
    const own = validationNeeds(policy);
    this.#checkSchemas(own, api);
    const needs = together(validated, own);
    const mayMock = mocksApi || (policy !== undefined && mocks(policy));
    return [
      {
        info: {
          id: operation.id,
          name: operation.displayName,
          method: operation.method,
          urlTemplate: operation.urlTemplate,
          templateQuery: template.query.map((parameter) => parameter.name),
        },
        policy: policy ? this.builder.add(policy) : null,
        mocks: mayMock ? this.builder.add({ kind: "mocks", responses: operation.responses }) : null,
        ...(needs ? { contract: contracts.operation(operation, needs) } : {}),
      },
    ];
  }

  /** Schema resources that policies name must exist: of the service, or of the API (undefined: of any). */
  #checkSchemas(needs: ValidationNeeds | undefined, api: ApiResource | undefined): void {
    const apis = api ? [api] : this.#catalog.apis;
    for (const { id, at, xml } of needs?.schemas ?? []) {
      const known = [...(this.#catalog.schemas ?? []), ...apis.flatMap((one) => one.schemas ?? [])];
      const found = known.filter((schema) => schema.id === id);
      if (found.length === 0) {
        const hint =
          didYouMean(
            id,
            known.map((schema) => schema.id),
          ) ?? `add "schemas/${id}/schemaInformation.json"`;
        this.#reportAt(at, "unknown-schema", `<content> names the schema "${id}", which does not exist`, hint);
      } else if (!found.some((schema) => (schema.document.kind === "xml") === xml)) {
        const message = `<content> validates as ${xml ? "XML" : "JSON"}, but the schema "${id}" is ${xml ? "JSON" : "XML"}`;
        this.#reportAt(at, "unknown-schema", message, undefined);
      }
    }
  }

  #template(operation: OperationResource): ReturnType<typeof parseUrlTemplate> | undefined {
    try {
      return parseUrlTemplate(operation.urlTemplate);
    } catch (error) {
      const position = operation.origin.locate?.(["properties", "urlTemplate"]) ?? { line: 1, column: 1 };
      this.diagnostics.push({
        severity: "error",
        code: "invalid-url-template",
        message: `operation "${operation.id}": ${(error as Error).message}`,
        file: operation.origin.file,
        ...position,
      });
      return undefined;
    }
  }

  /** Literal references to backends and certificates must exist: at run time it would be a 500. */
  #checkReferences(part: PolicyPart): void {
    this.diagnostics.push(...checkCredentials(part, this.#catalog));
    const backends = this.#backendIds;
    const certificates = this.#certificateIds;
    for (const element of walkElements(part)) {
      const id = element.attributes?.["backend-id"];
      const entity = typeof id === "string" && element.attributes?.["dapr-app-id"] === undefined;
      if (entity && element.name !== "include-fragment" && !backends.has(id)) {
        this.#reportAt(
          element.at,
          "unknown-backend",
          `<${element.name}> names the backend "${id}", which does not exist`,
          didYouMean(id, backends),
        );
      }
      const certificate = element.attributes?.["certificate-id"];
      if (typeof certificate === "string" && !certificates.has(certificate)) {
        this.#reportAt(
          element.at,
          "unknown-certificate",
          `<${element.name}> names the certificate "${certificate}", which does not exist`,
          didYouMean(certificate, certificates),
        );
      }
    }
  }

  #reportAt(at: string, code: string, message: string, hint: string | undefined): void {
    const [, file = at, line = "1", column = "1"] = /^(.*):(\d+):(\d+)$/.exec(at) ?? [];
    this.diagnostics.push({
      severity: "error",
      code,
      message,
      file,
      line: Number(line),
      column: Number(column),
      ...(hint ? { hint } : {}),
    });
  }
}

function mocks(part: PolicyPart): boolean {
  for (const element of walkElements(part)) {
    if (element.name === "mock-response" && policies.has("mock-response")) return true;
  }
  return false;
}

function byIdAndRevision(a: ApiResource, b: ApiResource): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.revision < b.revision ? -1 : a.revision > b.revision ? 1 : 0;
}

/** A fragment is compiled wherever it is included; what is wrong with it is said once. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const d of diagnostics) seen.set(`${d.file}:${d.line}:${d.column}:${d.code}:${d.message}`, d);
  return [...seen.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}
