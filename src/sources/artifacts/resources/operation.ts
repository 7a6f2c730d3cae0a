import type { OperationResource, ResponseRepresentation } from "../../../model/catalog.ts";
import { parseUrlTemplate } from "../../../plan/url-template.ts";
import { isRecord } from "../../document/data-document.ts";
import type { ImportedOperation } from "../../openapi/import.ts";
import { templateNames } from "../../openapi/parameters.ts";
import { sampleText } from "../../openapi/sample-text.ts";
import { defined, type ReadContext } from "../context.ts";
import { readInfo } from "../info.ts";
import { readPolicy } from "../policy-text.ts";
import type { Properties } from "../properties.ts";
import type { ResourceFolder } from "../tree.ts";
import { readContract } from "./operation-contract.ts";

const KNOWN = [
  "displayName",
  "method",
  "urlTemplate",
  "templateParameters",
  "description",
  "request",
  "responses",
  "policies",
];

const METHOD = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * One operation from `operations/{x}/` (2.4): its information file over what the specification says, and its policy.
 * @param imported the operation of the specification that the folder belongs to.
 * @returns undefined where it is broken or nothing but a policy; the reason is in the report.
 */
export function readOperation(
  folder: ResourceFolder,
  imported: ImportedOperation | undefined,
  context: ReadContext,
): OperationResource | undefined {
  const policy = readPolicy(folder, context);
  const info = readInfo(folder, KNOWN, context);
  if (!info) {
    if (!imported || folder.infos.length > 0) return undefined;
    return { ...asResource(imported), id: folder.name, ...defined({ policy }) };
  }
  const { properties, identity } = info;
  const method = readMethod(properties) ?? imported?.method;
  if (method === undefined && !properties.broken) properties.missing("method");
  const urlTemplate = readUrlTemplate(properties) ?? imported?.urlTemplate;
  if (urlTemplate === undefined && !properties.has("urlTemplate")) properties.missing("urlTemplate");
  const displayName =
    properties.text("displayName", { min: 1, max: 300 }) ?? imported?.displayName ?? `${method} ${urlTemplate}`;
  const description = properties.text("description", { max: 1000 }) ?? imported?.description;
  const queryParameters = readQueryParameters(properties) ?? imported?.queryParameters ?? [];
  const responses = readResponses(properties, imported) ?? imported?.responses ?? [];
  if (properties.broken || method === undefined || urlTemplate === undefined) return undefined;
  const contract = readContract(properties, imported?.contract);
  const optional = defined({ description, policy, contract });
  return { ...identity, displayName, method, urlTemplate, queryParameters, responses, ...optional };
}

/** An imported operation as a resource. */
export function asResource({ operationId: _, ...operation }: ImportedOperation): OperationResource {
  return operation;
}

function readMethod(properties: Properties): string | undefined {
  const method = properties.text("method", { min: 1 });
  if (method === undefined || METHOD.test(method)) return method?.toUpperCase();
  properties.error("method", "invalid-property", `"${method.slice(0, 40)}" is no HTTP method`);
  return undefined;
}

function readUrlTemplate(properties: Properties): string | undefined {
  const text = properties.text("urlTemplate", { min: 1, max: 1000 });
  if (text === undefined) return undefined;
  const template = text.startsWith("/") ? text : `/${text}`;
  try {
    parseUrlTemplate(template);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    properties.error("urlTemplate", "invalid-url-template", reason);
    return undefined;
  }
  checkTemplateParameters(properties, template);
  return template;
}

/** The template's names and its parameters must be the same; without any parameters the names declare themselves. */
function checkTemplateParameters(properties: Properties, template: string): void {
  const names = templateNames(template);
  const repeated = names.find((name, at) => names.findIndex((other) => same(other, name)) < at);
  if (repeated !== undefined) {
    const message = `the parameter "${repeated}" stands twice in "${template}"`;
    properties.error("urlTemplate", "invalid-url-template", message);
  }
  const parameters = properties.objects("templateParameters");
  const declared = parameters.flatMap((parameter) => {
    const name = parameter.requiredText("name");
    if (name === undefined || names.includes(name)) return name ?? [];
    const message = `the template parameter "${name}" does not stand in "${template}"`;
    parameter.error("name", "template-parameters", message);
    return [name];
  });
  for (const name of names) {
    if (declared.includes(name)) continue;
    const message = `"templateParameters" lacks the parameter "${name}" of "${template}"`;
    if (properties.has("templateParameters")) properties.error("templateParameters", "template-parameters", message);
    else properties.warning("urlTemplate", "template-parameters", message);
  }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function readQueryParameters(properties: Properties): string[] | undefined {
  const request = properties.object("request");
  if (!request) return undefined;
  request.expect(["description", "queryParameters", "headers", "representations"]);
  return request.objects("queryParameters").flatMap((parameter) => parameter.requiredText("name") ?? []);
}

function readResponses(
  properties: Properties,
  imported: ImportedOperation | undefined,
): OperationResource["responses"] | undefined {
  if (!properties.has("responses")) return undefined;
  return properties.objects("responses").flatMap((response) => {
    response.expect(["statusCode", "description", "representations", "headers"]);
    if (!response.has("statusCode")) response.missing("statusCode");
    const status = response.integer("statusCode", 100, 599);
    if (status === undefined) return [];
    const known = imported?.responses.find((other) => other.status === status)?.representations ?? [];
    const representations = response
      .objects("representations")
      .flatMap((representation) => readRepresentation(representation, known) ?? []);
    return [{ status, representations }];
  });
}

/** Samples come from the specification where the information file only names a schema. */
function readRepresentation(
  representation: Properties,
  known: readonly ResponseRepresentation[],
): ResponseRepresentation | undefined {
  representation.expect(["contentType", "schemaId", "typeName", "formParameters", "examples", "sample"]);
  const contentType = representation.requiredText("contentType");
  if (contentType === undefined) return undefined;
  const examples = representation.object("examples");
  const values = (examples?.names() ?? []).map((name) => {
    const example = examples?.raw(name);
    return isRecord(example) ? (example.value ?? undefined) : undefined;
  });
  // Older versions of the management API have one sample as text.
  if (values.length === 0) values.push(representation.text("sample") || undefined);
  const samples = values.flatMap((value) => sampleText(value, contentType, "root") ?? []);
  const imported = known.find((other) => same(other.contentType, contentType))?.samples ?? [];
  return { contentType, samples: samples.length > 0 ? samples : imported };
}
