import type { ApiResource, OperationResource, SchemaResource } from "../model/catalog.ts";
import type { DescribedSchema, OperationContract, SchemaDocument } from "../model/contract.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import { prepareSchema } from "../policy/catalog/validation/json-schema/prepare.ts";
import { readMetadata } from "../policy/catalog/validation/odata/metadata.ts";
import { schemaLocations } from "../policy/catalog/validation/xsd/read-schema.ts";
import { compileXmlSchema } from "../policy/catalog/validation/xsd/xml-schema.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Hash } from "./plan.ts";
import type { PlanBuilder } from "./plan-builder.ts";
import type { ValidationNeeds } from "./validation-needs.ts";

/** Largest schema that policies validate with (policy reference, section 9); in UTF-16 code units. */
const MAX_SCHEMA = 4 * 1024 * 1024;

/** Gathers what the validating policies of one API need: contracts of operations, and schemas. */
export class ContractCompiler {
  readonly #api: ApiResource;
  readonly #shared: readonly SchemaResource[];
  readonly #builder: PlanBuilder;
  readonly #diagnostics: Diagnostic[];
  /** References into the specification's definitions that are not followed yet. */
  readonly #references = new Set<string>();
  /** Ids of schema resources that are needed. */
  readonly #resources = new Set<string>();
  #ownXml = false;

  /** @param shared the schemas of the service (and of the API's workspace) */
  constructor(api: ApiResource, shared: readonly SchemaResource[], builder: PlanBuilder, diagnostics: Diagnostic[]) {
    this.#api = api;
    this.#shared = shared;
    this.#builder = builder;
    this.#diagnostics = diagnostics;
  }

  /** The contract of one operation, as far as the policies use it. */
  operation(operation: OperationResource, needs: ValidationNeeds): Hash {
    for (const { id } of needs.schemas) this.#resources.add(id);
    for (const reference of needs.references) this.#references.add(reference);
    if (needs.ownXml || needs.odata) this.#ownXml = true;
    const written = operation.contract;
    return this.#builder.add({
      kind: "contract",
      contract: written ? this.#contract(written, needs, operation) : null,
    });
  }

  /** The schemas that the operations so far need; undefined without any. */
  schemas(): Readonly<Record<string, Hash>> | undefined {
    const documents = new Map<string, SchemaDocument>();
    const definitions = this.#definitions();
    if (definitions) documents.set("#json", definitions);
    if (this.#ownXml) {
      for (const { id, document } of this.#api.schemas ?? []) if (document.kind === "xml") this.#resources.add(id);
    }
    this.#collect(documents);
    const hashes: [string, Hash][] = [];
    for (const [id, document] of documents) hashes.push([id, this.#builder.add({ kind: "schema", document })]);
    return hashes.length > 0 ? Object.fromEntries(hashes) : undefined;
  }

  #contract(written: OperationContract, needs: ValidationNeeds, operation: OperationResource): OperationContract {
    const prepare = <T extends DescribedSchema>(described: T): T => {
      if (described.resource !== undefined) this.#resources.add(described.resource);
      if (described.schema === undefined) return described;
      const prepared = prepareSchema(described.schema);
      this.#report(prepared.problems, operation.origin);
      if (described.resource === undefined)
        for (const reference of prepared.references) this.#references.add(reference);
      return { ...described, schema: prepared.schema };
    };
    const answers = needs.content || needs.headers || needs.statusCodes;
    return {
      parameters: needs.parameters ? written.parameters.map(prepare) : [],
      bodyRequired: needs.content && written.bodyRequired,
      bodies: needs.content ? written.bodies.map(prepare) : [],
      responses: (answers ? written.responses : []).map((response) => ({
        status: response.status,
        headers: needs.headers ? response.headers.map(prepare) : [],
        bodies: needs.content ? response.bodies.map(prepare) : [],
      })),
    };
  }

  /** The definitions that the contracts refer to, directly or through others. */
  #definitions(): SchemaDocument | undefined {
    const written = this.#references.size > 0 ? this.#api.definitions?.() : undefined;
    if (!written) return undefined;
    const definitions: [string, unknown][] = [];
    const problems = new Set<string>();
    for (const reference of this.#references) {
      const other = /^\/schemas\/([^/#]+)/.exec(reference)?.[1];
      if (other !== undefined) this.#resources.add(other);
      const name = definitionAround(reference, written);
      if (name === undefined || name !== reference) {
        if (name !== undefined) this.#references.add(name);
        continue;
      }
      const prepared = prepareSchema(written[name]);
      for (const problem of prepared.problems) problems.add(problem);
      // The set grows while it is walked, until nothing new is referred to.
      for (const inner of prepared.references) this.#references.add(inner);
      definitions.push([name, prepared.schema]);
    }
    this.#report(problems, this.#api.origin);
    const document: SchemaDocument = { kind: "definitions", definitions: Object.fromEntries(definitions) };
    if (canonicalJson(document).length <= MAX_SCHEMA) return document;
    this.#tooLarge(`the schemas of the API "${this.#api.id}"`, this.#api.origin);
    return undefined;
  }

  /** The schema resources that are needed, with those that they include by `/schemas/{id}`. */
  #collect(documents: Map<string, SchemaDocument>): void {
    const xml = new Map<string, SchemaResource>();
    for (const id of this.#resources) {
      const own = this.#api.schemas?.find((schema) => schema.id === id);
      const found = own ?? this.#shared.find((schema) => schema.id === id);
      if (!found) continue;
      const { document } = found;
      const size = document.kind === "xml" ? document.text.length : canonicalJson(document).length;
      if (size > MAX_SCHEMA) {
        this.#tooLarge(`the schema "${id}"`, found.origin);
        continue;
      }
      documents.set(id, document);
      if (own && document.kind === "xml") documents.set(`#xml/${id}`, document);
      if (document.kind === "xml") xml.set(id, found);
      // Both sets grow while they are walked.
      else if (document.kind === "json") this.#include(document.root, found);
      if (document.kind === "xml") for (const other of schemaLocations(document.text)) this.#resources.add(other);
    }
    for (const [id, resource] of xml) this.#checkXml(id, resource, documents);
  }

  #include(root: unknown, resource: SchemaResource): void {
    const prepared = prepareSchema(root);
    this.#report(prepared.problems, resource.origin);
    for (const reference of prepared.references) {
      const other = /^(?:https?:\/\/[^/#]+)?\/schemas\/([^/#?]+)/.exec(reference)?.[1];
      if (other !== undefined) this.#resources.add(other);
    }
  }

  /** Schemas of OData services are no XML Schemas, and only `validate-odata-request` reads them. */
  #checkXml(id: string, resource: SchemaResource, documents: ReadonlyMap<string, SchemaDocument>): void {
    const { document } = resource;
    if (document.kind !== "xml") return;
    try {
      if (/<(?:[\w.-]+:)?Edmx\b/.test(document.text.slice(0, 2000))) return void readMetadata(document.text);
      compileXmlSchema([document.text], (other) => {
        const found = documents.get(other);
        return found?.kind === "xml" ? found.text : undefined;
      });
    } catch (error) {
      this.#report(
        [`the schema "${id}" cannot be used: ${error instanceof Error ? error.message : error}`],
        resource.origin,
      );
    }
  }

  #report(problems: Iterable<string>, origin: SchemaResource["origin"]): void {
    for (const message of problems) this.#add("error", "unsupported-schema", message, origin);
  }

  /** The service saves such a schema, and fails when it should validate with it. */
  #tooLarge(what: string, origin: SchemaResource["origin"]): void {
    const message = `${what} is larger than 4 MB: policies that validate with it fail`;
    this.#add("warning", "schema-too-large", message, origin);
  }

  #add(severity: "error" | "warning", code: string, message: string, origin: SchemaResource["origin"]): void {
    const place = origin.locate?.([]) ?? { line: 1, column: 1 };
    this.#diagnostics.push({ severity, code, message, file: origin.file, ...place });
  }
}

/** The definition that a reference means, or that it leads into. */
function definitionAround(reference: string, definitions: Readonly<Record<string, unknown>>): string | undefined {
  for (let name = reference; name.length > 2; name = name.slice(0, Math.max(name.lastIndexOf("/"), 0))) {
    if (Object.hasOwn(definitions, name)) return name;
  }
  return undefined;
}
