import type { OperationResource } from "../../model/catalog.ts";
import { parseUrlTemplate } from "../../plan/url-template.ts";
import { type DataDocument, type DataPath, isRecord } from "../document/data-document.ts";
import type { Report } from "../report.ts";
import { readContract } from "./contract.ts";
import { readDefinitions } from "./definitions.ts";
import { OperationNames } from "./operation-names.ts";
import { buildUrlTemplate, checkPathParameters, type RequiredQueryParameters, readParameters } from "./parameters.ts";
import { References } from "./refs.ts";
import { type ResponseContext, readResponses } from "./responses.ts";
import { SampleMaker } from "./sample.ts";
import { openApiServiceUrl, swaggerServiceUrl } from "./servers.ts";

/** An operation as a specification describes it. */
export interface ImportedOperation extends Omit<OperationResource, "policy"> {
  /** As written, before it became the resource's name. */
  operationId: string | undefined;
}

/** What a specification says about an API. */
export interface ImportedApi {
  title: string | undefined;
  description: string | undefined;
  serviceUrl: string | undefined;
  operations: ImportedOperation[];
  /** Schemas by the text of references to them; made when first asked for, as most APIs validate nothing. */
  definitions?(): Readonly<Record<string, unknown>>;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

const MAX_DISPLAY_NAME = 300;

/**
 * Reads an OpenAPI 3.0 or 3.1 or Swagger 2.0 document as the service imports it (management API reference, 2.5).
 * @returns undefined where the document is none; what is wrong is in the report. Operations with an error are left out.
 */
export function importOpenApi(
  document: DataDocument,
  requiredQueryParameters: RequiredQueryParameters,
  report: Report,
): ImportedApi | undefined {
  const { value } = document;
  if (!isRecord(value)) {
    report.error(document.place([]), "invalid-specification", "the specification must hold an object");
    return undefined;
  }
  const version = specificationVersion(value, document, report);
  if (version === undefined) return undefined;
  const info = isRecord(value.info) ? value.info : {};
  const importing = new Importing(document, value, version, requiredQueryParameters, report);
  const operations = importing.operations();
  let definitions: Record<string, unknown> | undefined;
  return {
    title: nonEmpty(info.title),
    description: nonEmpty(info.description),
    serviceUrl: version === 2 ? swaggerServiceUrl(value) : openApiServiceUrl(value),
    operations,
    definitions: () =>
      (definitions ??= readDefinitions(
        document,
        operations.map((operation) => operation.contract),
      )),
  };
}

function specificationVersion(
  value: Record<string, unknown>,
  document: DataDocument,
  report: Report,
): 2 | 3 | undefined {
  const name = Object.hasOwn(value, "swagger") ? "swagger" : "openapi";
  const version = value[name];
  // An unquoted version in YAML is a number: 2.0 is 2 then.
  const text = typeof version === "number" ? document.written([name]) : version;
  if (name === "openapi" && typeof text === "string" && /^3\.\d/.test(text)) return 3;
  if (name === "swagger" && typeof text === "string" && /^2(\.0)?$/.test(text)) return 2;
  const message =
    text === undefined
      ? 'the specification has neither "openapi" nor "swagger"'
      : `${name} ${String(text).slice(0, 20)} is not supported`;
  report.error(document.place([name]), "invalid-specification", message, "OpenAPI 3.0, 3.1 and Swagger 2.0 are read");
  return undefined;
}

class Importing {
  readonly #document: DataDocument;
  readonly #root: Record<string, unknown>;
  readonly #version: 2 | 3;
  readonly #required: RequiredQueryParameters;
  readonly #report: Report;
  readonly #references: References;
  readonly #samples: SampleMaker;
  readonly #names = new OperationNames();

  constructor(
    document: DataDocument,
    root: Record<string, unknown>,
    version: 2 | 3,
    required: RequiredQueryParameters,
    report: Report,
  ) {
    this.#document = document;
    this.#root = root;
    this.#version = version;
    this.#required = required;
    this.#report = report;
    this.#references = new References(document, report);
    this.#samples = new SampleMaker(this.#references);
  }

  operations(): ImportedOperation[] {
    return ["paths", "x-ms-paths"].flatMap((section) => {
      const paths = this.#root[section];
      if (isRecord(paths)) return Object.entries(paths).flatMap(([path, item]) => this.#pathItem(section, path, item));
      if (paths !== undefined && paths !== null) {
        this.#report.error(this.#document.place([section]), "invalid-specification", `"${section}" must be an object`);
      }
      return [];
    });
  }

  #pathItem(section: string, path: string, written: unknown): ImportedOperation[] {
    if (path.startsWith("x-")) return [];
    const at = [section, path];
    const item = this.#references.resolve(written, at, "error");
    if (!item) return [];
    if (!this.#checkPath(path, at)) return [];
    return METHODS.flatMap((method) => {
      const operation = item.value[method];
      if (!isRecord(operation)) return [];
      const lists = [
        { value: item.value.parameters, at: [...item.at, "parameters"] },
        { value: operation.parameters, at: [...item.at, method, "parameters"] },
      ];
      const parameters = readParameters(lists, this.#references);
      checkPathParameters(path, parameters, [...item.at, method], this.#references, this.#report);
      const template = buildUrlTemplate(path, parameters, this.#required);
      const imported = this.#operation(operation, [...item.at, method], method.toUpperCase(), path, template);
      const contract = readContract(operation, [...item.at, method], lists, {
        references: this.#references,
        version: this.#version,
        consumes: this.#mediaTypes(operation, "consumes"),
        produces: this.#mediaTypes(operation, "produces"),
        method,
        path,
      });
      return [{ ...imported, contract }];
    });
  }

  #checkPath(path: string, at: DataPath): boolean {
    let problem = path.startsWith("/") ? undefined : `the path "${path.slice(0, 200)}" must begin with "/"`;
    try {
      parseUrlTemplate(path);
    } catch (error) {
      problem ??= error instanceof Error ? error.message : String(error);
    }
    if (problem === undefined) return true;
    this.#report.error(this.#document.place(at), "invalid-url-template", problem);
    return false;
  }

  #operation(
    operation: Record<string, unknown>,
    at: DataPath,
    method: string,
    path: string,
    template: { urlTemplate: string; queryParameters: string[] },
  ): ImportedOperation {
    const operationId = nonEmpty(operation.operationId);
    const description = nonEmpty(operation.description);
    const title =
      nonEmpty(operation.summary) ?? operationId ?? `${method[0]}${method.slice(1).toLowerCase()} - ${path}`;
    const { locator } = this.#document;
    return {
      id: this.#names.next(operationId, method, template.urlTemplate),
      operationId,
      displayName: title.slice(0, MAX_DISPLAY_NAME),
      method,
      urlTemplate: template.urlTemplate,
      queryParameters: template.queryParameters,
      responses: readResponses(operation.responses, [...at, "responses"], this.#responseContext(operation)),
      origin: { file: this.#document.file, locate: () => locator.place(at) },
      ...(description === undefined ? {} : { description }),
    };
  }

  #responseContext(operation: Record<string, unknown>): ResponseContext {
    return {
      references: this.#references,
      samples: this.#samples,
      produces: this.#version === 2 ? this.#mediaTypes(operation, "produces") : undefined,
    };
  }

  /** Media types of a Swagger 2.0 operation, its own or the document's. */
  #mediaTypes(operation: Record<string, unknown>, name: "consumes" | "produces"): string[] {
    const written = operation[name] ?? this.#root[name];
    const types = Array.isArray(written) ? written.filter((type) => typeof type === "string") : [];
    return types.length > 0 ? types : ["application/json"];
  }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
