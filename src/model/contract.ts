/**
 * What the description of an operation promises of its requests and responses: what the `validate-…` policies check
 * messages against. Schemas are kept as written, their references with them.
 */

/** A schema, and where its references lead. */
export interface DescribedSchema {
  /** JSON Schema as written; absent where the description gives none. */
  schema?: unknown;
  /** Id of the schema resource that its references mean; absent: the API's own specification. */
  resource?: string;
}

/** How several values stand in one parameter: on lines (or pairs) of their own, or with a separator between them. */
export type ValueList = "multi" | "," | " " | "\t" | "|";

export interface DescribedParameter extends DescribedSchema {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  list: ValueList;
  /** `name[property]=value` pairs make an object. */
  deepObject?: boolean;
  /** What stands before the value (`.` or `;name=` in a path). */
  prefix?: string;
  /** The value is JSON text. */
  json?: boolean;
  allowEmptyValue?: boolean;
}

/** A response header. */
export type DescribedHeader = Omit<DescribedParameter, "in" | "deepObject" | "prefix" | "allowEmptyValue">;

export interface DescribedBody extends DescribedSchema {
  /** A media type, or a range such as `application/*`. */
  contentType: string;
  /** What messages call its definition. */
  definition: string;
}

export interface DescribedResponse {
  /** `200`, `4XX` or `default`. */
  status: string;
  headers: readonly DescribedHeader[];
  bodies: readonly DescribedBody[];
}

export interface OperationContract {
  parameters: readonly DescribedParameter[];
  bodyRequired: boolean;
  bodies: readonly DescribedBody[];
  responses: readonly DescribedResponse[];
}

/**
 * A document that schemas are looked up in: the definitions of a specification by the text of their references
 * (`#/components/schemas/order`), a JSON Schema, or an XML Schema as text.
 */
export type SchemaDocument =
  | { kind: "definitions"; definitions: Readonly<Record<string, unknown>> }
  | { kind: "json"; root: unknown }
  | { kind: "xml"; text: string };
