import type {
  ApiPart,
  BackendPart,
  ContractPart,
  Hash,
  Plan,
  PlanOperation,
  PlanSubscription,
  PolicyPart,
  ProductPart,
  SchemaPart,
} from "../plan/plan.ts";
import { policies } from "../policy/catalog/index.ts";
import { Loader } from "../policy/compiler/loader.ts";
import type { LoadedStep } from "../policy/compiler/pipeline.ts";
import { ALL_SECTIONS } from "../policy/compiler/schema.ts";
import type { Contract } from "../policy/exchange/contract.ts";
import type { Section } from "../policy/exchange/errors.ts";
import type { MockResponse } from "../policy/exchange/exchange.ts";
import { ApiTable } from "./routing/api-table.ts";
import { OperationTable } from "./routing/operation-table.ts";

/** The effective steps of every section for one operation in one product context. */
export type Pipeline = Readonly<Record<Section, readonly LoadedStep[]>>;

/** The steps of one document; undefined marks the place of `<base />`. A section that is not there inherits nothing. */
type LoadedDocument = Partial<Record<Section, readonly (LoadedStep | undefined)[]>>;

export interface LoadedOperation {
  plan: PlanOperation;
  method: string;
  urlTemplate: string;
  mocks: readonly MockResponse[];
  contract: Contract | undefined;
  pipelines: Map<string, Pipeline>;
}

export interface LoadedApi {
  part: ApiPart;
  operations: OperationTable<LoadedOperation>;
  all: readonly LoadedOperation[];
  /** Pipelines for requests that match no operation, by product. */
  pipelines: Map<string, Pipeline>;
  /** The open product that contains it, if any. */
  openProduct: ProductPart | undefined;
}

/** Compiled documents by part hash, handed on from plan to plan so that unchanged parts keep their compiled form. */
export type DocumentCache = Map<Hash, LoadedDocument>;

/**
 * A plan made ready to run: routes, subscriptions by key hash, steps. Documents are compiled when a request first
 * needs them, so that loading takes time in proportion to routes, not to policies.
 */
export class LoadedPlan {
  readonly plan: Plan;
  readonly apis: ApiTable<LoadedApi>;
  readonly products = new Map<string, ProductPart>();
  readonly backends: readonly { hash: Hash; part: BackendPart }[];
  readonly documents: DocumentCache;
  readonly #subscriptions = new Map<Hash, PlanSubscription>();
  readonly #global: Pipeline;

  constructor(plan: Plan, previous?: LoadedPlan) {
    this.plan = plan;
    this.documents = carryOver(plan, previous);
    const { root } = plan;
    for (const hash of root.products) {
      const part = this.#part<ProductPart>(hash);
      this.products.set(part.info.id, part);
    }
    for (const hash of root.subscriptions) {
      const part = plan.parts[hash];
      if (part?.kind !== "subscriptions") continue;
      for (const subscription of part.subscriptions) {
        for (const key of subscription.keys) this.#subscriptions.set(key, subscription);
      }
    }
    this.backends = root.backends.map((hash) => ({ hash, part: this.#part<BackendPart>(hash) }));
    const open = openProducts(this.products.values());
    this.apis = new ApiTable(root.apis.map((hash) => this.#api(this.#part<ApiPart>(hash), open)));
    this.#global = this.#flatten([root.policy]);
  }

  /** The subscription one of whose keys has this SHA-256 (hex). */
  subscription(keyHash: Hash): PlanSubscription | undefined {
    return this.#subscriptions.get(keyHash);
  }

  /** The effective pipeline for an operation of an API (null: none matched) in a product context. */
  pipeline(api: LoadedApi | null, operation: LoadedOperation | null, product: ProductPart | undefined): Pipeline {
    if (!api) return this.#global;
    const cache = operation ? operation.pipelines : api.pipelines;
    const key = product?.info.id ?? "";
    let pipeline = cache.get(key);
    if (!pipeline) {
      const { root } = this.plan;
      const workspace = root.workspaces.find((candidate) => candidate.id === api.part.workspace);
      const chain = [
        operation?.plan.policy ?? null,
        api.part.policy,
        product?.policy ?? null,
        workspace?.policy ?? null,
        root.policy,
      ];
      cache.set(key, (pipeline = this.#flatten(chain)));
    }
    return pipeline;
  }

  /** Compiles every document now, so that an error shows before the plan serves, and no request pays for it. */
  warm(): void {
    for (const [hash, part] of Object.entries(this.plan.parts)) if (part.kind === "policy") this.#document(hash);
  }

  /** Replaces `<base />` by the next broader scope that has a document (policy reference 2.2); `chain`: narrow to broad. */
  #flatten(chain: readonly (Hash | null)[]): Pipeline {
    const pipeline: Partial<Record<Section, readonly LoadedStep[]>> = {};
    const documents = chain.filter((hash) => hash !== null).map((hash) => this.#document(hash));
    for (const section of ALL_SECTIONS) {
      pipeline[section] = documents.reduceRight<readonly LoadedStep[]>((inherited, document) => {
        const steps = document[section] ?? [];
        return steps.flatMap((step) => (step === undefined ? inherited : [step]));
      }, []);
    }
    return pipeline as Pipeline;
  }

  #document(hash: Hash): LoadedDocument {
    let document = this.documents.get(hash);
    if (!document) this.documents.set(hash, (document = loadDocument(this.#part<PolicyPart>(hash))));
    return document;
  }

  #api(part: ApiPart, open: ReadonlyMap<string, ProductPart>): LoadedApi {
    const schemas = this.#schemas(part);
    const all = part.operations.map((plan) => ({
      plan,
      method: plan.info.method,
      urlTemplate: plan.info.urlTemplate,
      mocks: this.#mocks(plan.mocks),
      contract: this.#contract(plan.contract, schemas),
      pipelines: new Map<string, Pipeline>(),
    }));
    return {
      part,
      operations: new OperationTable(all),
      all,
      pipelines: new Map(),
      openProduct: open.get(part.info.id),
    };
  }

  #mocks(hash: Hash | null): readonly MockResponse[] {
    const part = hash === null ? undefined : this.plan.parts[hash];
    return part?.kind === "mocks" ? part.responses : [];
  }

  #schemas(api: ApiPart): Contract["schemas"] {
    return new Map(Object.entries(api.schemas ?? {}).map(([id, hash]) => [id, this.#part<SchemaPart>(hash).document]));
  }

  #contract(hash: Hash | undefined, schemas: Contract["schemas"]): Contract | undefined {
    return hash === undefined ? undefined : { operation: this.#part<ContractPart>(hash).contract, schemas };
  }

  #part<T>(hash: Hash): T {
    const part = this.plan.parts[hash];
    if (!part) throw new Error(`The plan names the part ${hash}, which it does not hold.`);
    return part as T;
  }
}

function loadDocument(part: PolicyPart): LoadedDocument {
  const loader = new Loader(policies, part.scope);
  const document: LoadedDocument = {};
  for (const section of ALL_SECTIONS) {
    const elements = part.sections[section];
    if (!elements) continue;
    document[section] = elements.map((element) => (element.name === "base" ? undefined : loader.load([element])[0]));
  }
  return document;
}

function openProducts(products: Iterable<ProductPart>): Map<string, ProductPart> {
  const open = new Map<string, ProductPart>();
  for (const product of products) {
    if (product.info.subscriptionRequired) continue;
    for (const api of product.apis) if (!open.has(api)) open.set(api, product);
  }
  return open;
}

function carryOver(plan: Plan, previous: LoadedPlan | undefined): DocumentCache {
  const documents: DocumentCache = new Map();
  if (!previous) return documents;
  for (const [hash, document] of previous.documents) if (Object.hasOwn(plan.parts, hash)) documents.set(hash, document);
  return documents;
}
