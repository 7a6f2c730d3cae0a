import type { TypeDeclaration } from "../declare.ts";
import { elementTypes } from "./element-types.ts";
import { extensionTypes } from "./extensions.ts";
import { nameTypes } from "./name-types.ts";
import { enumTypes } from "./node-type.ts";
import { nodeTypes } from "./node-types.ts";

/** The types of System.Xml.Linq, and System.Xml.XmlNodeType. */
export const declarations: TypeDeclaration[] = [
  ...enumTypes,
  ...nameTypes,
  ...nodeTypes,
  ...elementTypes,
  ...extensionTypes,
];
