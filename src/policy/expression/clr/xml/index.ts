import type { TypeDeclaration } from "../declare.ts";

/** The types of System.Xml.Linq. */
export const declarations: TypeDeclaration[] = [];
