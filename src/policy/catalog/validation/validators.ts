import type { DescribedSchema, SchemaDocument } from "../../../model/contract.ts";
import type { Contract } from "../../exchange/contract.ts";
import { AS_WRITTEN, compileSchema, type SchemaOptions, type SchemaValidator } from "./json-schema/compile.ts";
import type { SchemaBase } from "./json-schema/references.ts";
import type { XmlSchemaModel } from "./xsd/model.ts";
import { compileXmlSchema } from "./xsd/xml-schema.ts";

/**
 * Schemas made ready, each when it is first needed and kept as long as the plan's part is: parts that a new plan takes
 * over are the same objects.
 */
const jsonValidators = new WeakMap<object, Map<string, SchemaValidator>>();
const xmlModels = new WeakMap<object, XmlSchemaModel>();

/** The validator of a schema that a contract describes. @throws {SchemaError} */
export function describedValidator(
  described: DescribedSchema,
  contract: Contract,
  options = AS_WRITTEN,
): SchemaValidator {
  const document = contract.schemas.get(described.resource ?? "#json");
  return kept(described, optionsKey(options), () =>
    compileSchema(described.schema, baseOf(document, contract), options),
  );
}

/** The validator of a part of a document: `reference` into it, or all of it. @throws {SchemaError} */
export function referencedValidator(
  document: SchemaDocument,
  reference: string,
  contract: Contract,
  options: SchemaOptions,
): SchemaValidator {
  const make = () => compileSchema({ $ref: reference }, baseOf(document, contract), options);
  return kept(document, `${optionsKey(options)} ${reference}`, make);
}

/** The model of XML Schema documents, the first of which it is kept by. @throws {SchemaError} */
export function xmlModel(documents: readonly SchemaDocument[], contract: Contract): XmlSchemaModel {
  const key = documents[0] as SchemaDocument;
  let model = xmlModels.get(key);
  if (!model) {
    const texts = documents.flatMap((document) => (document.kind === "xml" ? [document.text] : []));
    model = compileXmlSchema(texts, (id) => {
      const other = contract.schemas.get(id);
      return other?.kind === "xml" ? other.text : undefined;
    });
    xmlModels.set(key, model);
  }
  return model;
}

function baseOf(document: SchemaDocument | undefined, contract: Contract): SchemaBase {
  return { document, others: (id) => contract.schemas.get(id) };
}

function kept(holder: object, key: string, make: () => SchemaValidator): SchemaValidator {
  let validators = jsonValidators.get(holder);
  if (!validators) jsonValidators.set(holder, (validators = new Map()));
  let validator = validators.get(key);
  if (!validator) validators.set(key, (validator = make()));
  return validator;
}

function optionsKey({ additionalProperties, ignoreCase }: SchemaOptions): string {
  return `${additionalProperties ?? "-"} ${ignoreCase}`;
}
