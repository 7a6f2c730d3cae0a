import type {
  DescribedBody,
  DescribedHeader,
  DescribedParameter,
  DescribedResponse,
  DescribedSchema,
  OperationContract,
} from "../../../model/contract.ts";
import type { Properties } from "../properties.ts";

/**
 * What `operationInformation.json` (2.4) promises, over what the specification says: parts that it does not mention
 * stay those of the specification.
 */
export function readContract(
  properties: Properties,
  imported: OperationContract | undefined,
): OperationContract | undefined {
  const request = properties.object("request");
  const template = properties.has("templateParameters");
  if (!request && !template && !properties.has("responses")) return imported;
  return {
    parameters: readParameters(properties, request, imported?.parameters ?? []),
    bodyRequired: imported?.bodyRequired ?? false,
    bodies: request?.has("representations") ? readBodies(request, imported?.bodies ?? []) : (imported?.bodies ?? []),
    responses: properties.has("responses") ? readResponses(properties, imported) : (imported?.responses ?? []),
  };
}

function readParameters(
  properties: Properties,
  request: Properties | undefined,
  imported: readonly DescribedParameter[],
): DescribedParameter[] {
  const groups: readonly [DescribedParameter["in"], Properties | undefined, string][] = [
    ["path", properties, "templateParameters"],
    ["query", request, "queryParameters"],
    ["header", request, "headers"],
  ];
  return groups.flatMap(([where, owner, name]) => {
    const known = imported.filter((parameter) => parameter.in === where);
    if (!owner?.has(name)) return known;
    const written = owner.objects(name).flatMap((parameter) => {
      const value = readValue(parameter);
      if (!value) return [];
      const same = known.find((other) => other.name.toLowerCase() === value.name.toLowerCase());
      // A parameter that names no schema and no type keeps what the specification says of its values.
      const described = value.schema === undefined && same ? { ...same, required: value.required } : value;
      return [{ ...described, in: where, required: where === "path" || value.required }];
    });
    // The template also declares query parameters, which a specification lists as such.
    const rest = known.filter((other) => where === "query" && !written.some((one) => one.name === other.name));
    return [...written, ...rest];
  });
}

function readValue(parameter: Properties): DescribedHeader | undefined {
  const name = parameter.requiredText("name");
  if (name === undefined) return undefined;
  return { name, required: parameter.boolean("required") ?? false, list: ",", ...readSchema(parameter) };
}

const TYPES = ["string", "integer", "number", "boolean", "array", "object"];

/** `schemaId` with `typeName`, or a plain type with its listed values. */
function readSchema(properties: Properties): DescribedSchema {
  const resource = properties.text("schemaId")?.split("/").at(-1);
  const typeName = properties.text("typeName");
  if (resource && typeName) return { resource, schema: { $ref: typeName } };
  const type = properties.text("type")?.toLowerCase();
  if (type === undefined || !TYPES.includes(type)) return {};
  const values = properties.texts("values") ?? [];
  return { schema: { type, ...(type === "string" && values.length > 0 ? { enum: values } : {}) } };
}

function readBodies(owner: Properties, imported: readonly DescribedBody[]): DescribedBody[] {
  return owner.objects("representations").flatMap((representation) => {
    const contentType = representation.requiredText("contentType");
    if (contentType === undefined) return [];
    const described = readSchema(representation);
    if (described.schema !== undefined) {
      return [{ contentType, definition: representation.text("typeName") ?? "", ...described }];
    }
    const same = imported.find((other) => other.contentType.toLowerCase() === contentType.toLowerCase());
    return [same ?? { contentType, definition: "" }];
  });
}

function readResponses(properties: Properties, imported: OperationContract | undefined): DescribedResponse[] {
  return properties.objects("responses").flatMap((response) => {
    const status = response.integer("statusCode", 100, 599);
    if (status === undefined) return [];
    const known = imported?.responses.find((other) => other.status === String(status));
    const headers = response.has("headers")
      ? response.objects("headers").flatMap((header) => readValue(header) ?? [])
      : (known?.headers ?? []);
    const bodies = response.has("representations") ? readBodies(response, known?.bodies ?? []) : (known?.bodies ?? []);
    return [{ status: String(status), headers, bodies }];
  });
}
