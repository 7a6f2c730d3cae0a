import type {
  DescribedBody,
  DescribedHeader,
  DescribedParameter,
  DescribedResponse,
  OperationContract,
  ValueList,
} from "../../model/contract.ts";
import { type DataPath, isRecord } from "../document/data-document.ts";
import type { References } from "./refs.ts";

/** What reading a contract needs of the document around the operation. */
export interface ContractContext {
  references: References;
  version: 2 | 3;
  /** Media types of Swagger 2.0 requests and responses. */
  consumes: readonly string[];
  produces: readonly string[];
  method: string;
  path: string;
}

type Written = Record<string, unknown>;

/** The contract of one operation. `lists`: parameters of the path item, then of the operation. */
export function readContract(
  operation: Written,
  at: DataPath,
  lists: readonly { value: unknown; at: DataPath }[],
  context: ContractContext,
): OperationContract {
  const parameters = locatedParameters(lists, context.references);
  const request = context.version === 2 ? swaggerRequest(parameters, context) : openApiRequest(operation, at, context);
  return {
    parameters: parameters.flatMap((parameter) => readParameter(parameter, context) ?? []),
    ...request,
    responses: readResponses(operation.responses, [...at, "responses"], context),
  };
}

/** As the operation's replace those of the path item with the same name and place. */
function locatedParameters(lists: readonly { value: unknown; at: DataPath }[], references: References): Written[] {
  const found = new Map<string, Written>();
  for (const { value, at } of lists) {
    if (!Array.isArray(value)) continue;
    for (const [index, item] of value.entries()) {
      const parameter = references.resolve(item, [...at, index], "error")?.value;
      if (parameter) found.set(`${parameter.in} ${parameter.name}`, parameter);
    }
  }
  return [...found.values()];
}

function readParameter(written: Written, context: ContractContext): DescribedParameter | undefined {
  const { name, in: where } = written;
  if (typeof name !== "string") return undefined;
  if (where !== "path" && where !== "query" && where !== "header") return undefined;
  const value = context.version === 2 ? swaggerValue(written) : openApiValue(written, where);
  const prefix = where === "path" ? pathPrefix(written, name) : undefined;
  return {
    name,
    in: where,
    required: where === "path" || written.required === true,
    ...value,
    ...(where === "query" && written.style === "deepObject" ? { deepObject: true } : {}),
    ...(prefix === undefined ? {} : { prefix }),
    ...(written.allowEmptyValue === true ? { allowEmptyValue: true } : {}),
  };
}

function pathPrefix({ style }: Written, name: string): string | undefined {
  return style === "label" ? "." : style === "matrix" ? `;${name}=` : undefined;
}

function openApiValue(written: Written, where: string): Pick<DescribedHeader, "list" | "schema" | "json"> {
  const [type, media] = isRecord(written.content) ? (Object.entries(written.content)[0] ?? []) : [];
  if (type !== undefined) {
    const json = /^(application|text)\/([\w.+-]+\+)?json\b/i.test(type);
    return { list: "multi", ...(json ? { json } : {}), ...schemaOf(media) };
  }
  const style = written.style ?? (where === "query" ? "form" : "simple");
  const explode = typeof written.explode === "boolean" ? written.explode : style === "form";
  return { list: openApiList(style, explode, where), ...schemaOf(written) };
}

function openApiList(style: unknown, explode: boolean, where: string): ValueList {
  if (where !== "query") return ",";
  if (explode) return "multi";
  return style === "spaceDelimited" ? " " : style === "pipeDelimited" ? "|" : ",";
}

const COLLECTION_FORMATS: Readonly<Record<string, ValueList>> = {
  csv: ",",
  ssv: " ",
  tsv: "\t",
  pipes: "|",
  multi: "multi",
};

/** Keywords of a Swagger 2.0 parameter or header that are those of a schema. */
const SCHEMA_KEYWORDS = [
  "type",
  "format",
  "items",
  "maximum",
  "exclusiveMaximum",
  "minimum",
  "exclusiveMinimum",
  "maxLength",
  "minLength",
  "pattern",
  "maxItems",
  "minItems",
  "uniqueItems",
  "enum",
  "multipleOf",
];

function swaggerValue(written: Written): Pick<DescribedHeader, "list" | "schema"> {
  const format = typeof written.collectionFormat === "string" ? written.collectionFormat : "csv";
  const keywords = SCHEMA_KEYWORDS.filter((keyword) => written[keyword] !== undefined);
  const schema = Object.fromEntries(keywords.map((keyword) => [keyword, written[keyword]]));
  return { list: (Object.hasOwn(COLLECTION_FORMATS, format) && COLLECTION_FORMATS[format]) || ",", schema };
}

function schemaOf(written: unknown): { schema?: unknown } {
  return isRecord(written) && written.schema !== undefined ? { schema: written.schema } : {};
}

function openApiRequest(
  operation: Written,
  at: DataPath,
  context: ContractContext,
): Pick<OperationContract, "bodies" | "bodyRequired"> {
  const written = operation.requestBody;
  const body =
    written === undefined ? undefined : context.references.resolve(written, [...at, "requestBody"], "warning");
  return {
    bodies: contentBodies(body?.value.content, "Request", context),
    bodyRequired: body?.value.required === true,
  };
}

function swaggerRequest(
  parameters: readonly Written[],
  context: ContractContext,
): Pick<OperationContract, "bodies" | "bodyRequired"> {
  const body = parameters.find((parameter) => parameter.in === "body");
  const form = parameters.some((parameter) => parameter.in === "formData");
  if (!body && !form) return { bodies: [], bodyRequired: false };
  const forms = ["application/x-www-form-urlencoded", "multipart/form-data"];
  const types = form ? context.consumes.filter((type) => forms.includes(type.toLowerCase())) : context.consumes;
  const bodies = (form && types.length === 0 ? forms : types).map((contentType) => ({
    contentType,
    definition: definitionName(body?.schema, contentType, "Request", context),
    ...schemaOf(body),
  }));
  return { bodies, bodyRequired: body?.required === true };
}

function contentBodies(content: unknown, side: string, context: ContractContext): DescribedBody[] {
  if (!isRecord(content)) return [];
  return Object.entries(content).map(([contentType, media]) => {
    const described = schemaOf(media);
    return { contentType, definition: definitionName(described.schema, contentType, side, context), ...described };
  });
}

function readResponses(written: unknown, at: DataPath, context: ContractContext): DescribedResponse[] {
  if (!isRecord(written)) return [];
  return Object.entries(written).flatMap(([key, value]) => {
    const status = /^[1-5]xx$/i.test(key) ? key.toUpperCase() : key;
    if (!/^([1-5](\d\d|XX)|default)$/.test(status)) return [];
    const response = context.references.resolve(value, [...at, key], "warning")?.value;
    return [
      {
        status,
        headers: response ? readHeaders(response.headers, [...at, key, "headers"], context) : [],
        bodies: response ? responseBodies(response, status, context) : [],
      },
    ];
  });
}

function responseBodies(response: Written, status: string, context: ContractContext): DescribedBody[] {
  if (context.version === 3) return contentBodies(response.content, status, context);
  if (response.schema === undefined) return [];
  return context.produces.map((contentType) => ({
    contentType,
    definition: definitionName(response.schema, contentType, status, context),
    schema: response.schema,
  }));
}

function readHeaders(written: unknown, at: DataPath, context: ContractContext): DescribedHeader[] {
  if (!isRecord(written)) return [];
  return Object.entries(written).flatMap(([name, value]) => {
    const header = context.references.resolve(value, [...at, name], "warning")?.value;
    if (!header) return [];
    const described = context.version === 2 ? swaggerValue(header) : openApiValue(header, "header");
    return [{ name, required: header.required === true, ...described }];
  });
}

/**
 * The name of a body's definition: that of the schema referred to, else one made of path, method and content type, as
 * an import names schemas that stand in place (unconfirmed).
 */
function definitionName(schema: unknown, contentType: string, side: string, context: ContractContext): string {
  const reference = isRecord(schema) ? schema.$ref : undefined;
  const last = typeof reference === "string" ? reference.split("/").at(-1) : undefined;
  if (last) return last.replaceAll("~1", "/").replaceAll("~0", "~");
  const path = context.path.split("/").map(capitalized).join("");
  const method = capitalized(context.method.toLowerCase());
  if (side === "Request") return `${path}${method}Request`;
  return `${path}${method}${capitalized(side)}${contentType
    .split(/[^A-Za-z0-9]+/)
    .map(capitalized)
    .join("")}Response`;
}

function capitalized(text: string): string {
  const clean = text.replace(/[^A-Za-z0-9-]/g, "-");
  return clean.charAt(0).toUpperCase() + clean.slice(1);
}
