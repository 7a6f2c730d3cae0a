import type { OperationResource, ResponseRepresentation } from "../../model/catalog.ts";
import { type DataPath, isRecord } from "../document/data-document.ts";
import type { References } from "./refs.ts";
import type { SampleMaker } from "./sample.ts";
import { concreteType, sampleText } from "./sample-text.ts";

type Responses = OperationResource["responses"];

/** What reading responses needs of the document. */
export interface ResponseContext {
  references: References;
  samples: SampleMaker;
  /** Media types of Swagger 2.0 responses; undefined for OpenAPI 3, where each response says its own. */
  produces: readonly string[] | undefined;
}

/** Responses with a status of their own; `default` and `4XX` name none that could be sent. */
export function readResponses(value: unknown, at: DataPath, context: ResponseContext): Responses {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([status, written]) => {
    if (!/^[1-5]\d\d$/.test(status)) return [];
    const response = context.references.resolve(written, [...at, status], "warning");
    const representations = response
      ? context.produces
        ? swaggerRepresentations(response.value, response.at, context.produces, context)
        : openApiRepresentations(response.value, response.at, context)
      : [];
    return [{ status: Number(status), representations }];
  });
}

function openApiRepresentations(
  response: Record<string, unknown>,
  at: DataPath,
  context: ResponseContext,
): ResponseRepresentation[] {
  if (!isRecord(response.content)) return [];
  return Object.entries(response.content).flatMap(([contentType, media]) => {
    if (!isRecord(media)) return [];
    const mediaAt = [...at, "content", contentType];
    const examples = mediaExamples(media, mediaAt, context);
    return [representation(contentType, examples, media.schema, [...mediaAt, "schema"], context)];
  });
}

/** `example` and `examples` of a media type, in this order. */
function mediaExamples(media: Record<string, unknown>, at: DataPath, context: ResponseContext): unknown[] {
  const examples = media.example === undefined ? [] : [media.example];
  if (isRecord(media.examples)) {
    for (const [name, written] of Object.entries(media.examples)) {
      const example = context.references.resolve(written, [...at, "examples", name], "warning");
      if (example && example.value.value !== undefined) examples.push(example.value.value);
    }
  }
  return examples;
}

function swaggerRepresentations(
  response: Record<string, unknown>,
  at: DataPath,
  produces: readonly string[],
  context: ResponseContext,
): ResponseRepresentation[] {
  const examples = isRecord(response.examples) ? response.examples : {};
  const { schema } = response;
  const types = schema === undefined ? Object.keys(examples) : [...new Set([...produces, ...Object.keys(examples)])];
  return types.map((type) => {
    const given = Object.hasOwn(examples, type) ? [examples[type]] : [];
    return representation(type, given, schema, [...at, "schema"], context);
  });
}

function representation(
  written: string,
  examples: readonly unknown[],
  schema: unknown,
  schemaAt: DataPath,
  context: ResponseContext,
): ResponseRepresentation {
  const contentType = concreteType(written);
  const rootName = schemaName(schema);
  const values = examples.length > 0 ? examples : [context.samples.make(schema, schemaAt)];
  return { contentType, samples: values.flatMap((value) => sampleText(value, contentType, rootName) ?? []) };
}

/** Name of an XML document's root: the schema's own, or that of the definition it refers to. */
function schemaName(schema: unknown): string {
  const { xml, $ref } = isRecord(schema) ? schema : {};
  const name = isRecord(xml) ? xml.name : typeof $ref === "string" ? $ref.split("/").at(-1) : undefined;
  return typeof name === "string" && /^[A-Za-z_][\w.-]*$/.test(name) ? name : "root";
}
