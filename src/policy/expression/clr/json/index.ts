import type { TypeDeclaration } from "../declare.ts";
import { containerTypes } from "./container-types.ts";
import { extensionTypes } from "./extensions.ts";
import { jsonConvertTypes } from "./json-convert.ts";
import { tokenDeclarations } from "./jtoken-type.ts";
import { enumTypes } from "./token-type.ts";
import { valueTypes } from "./value-types.ts";

/** The types of Newtonsoft.Json and Newtonsoft.Json.Linq. */
export const declarations: TypeDeclaration[] = [
  ...enumTypes,
  ...tokenDeclarations,
  ...containerTypes,
  ...valueTypes,
  ...extensionTypes,
  ...jsonConvertTypes,
];
