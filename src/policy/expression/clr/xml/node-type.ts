import { type EnumValue, enumValue } from "../box.ts";
import { declareType, type TypeDeclaration } from "../declare.ts";

/** `System.Xml.XmlNodeType`. */
export const NodeType = {
  None: 0,
  Element: 1,
  Attribute: 2,
  Text: 3,
  CDATA: 4,
  EntityReference: 5,
  Entity: 6,
  ProcessingInstruction: 7,
  Comment: 8,
  Document: 9,
  DocumentType: 10,
  DocumentFragment: 11,
  Notation: 12,
  Whitespace: 13,
  SignificantWhitespace: 14,
  EndElement: 15,
  EndEntity: 16,
  XmlDeclaration: 17,
} as const;

export type NodeType = (typeof NodeType)[keyof typeof NodeType];

/** The enum object that expressions see. */
export function nodeTypeValue(type: NodeType): EnumValue {
  return enumValue("System.Xml.XmlNodeType", NodeType, type);
}

/** `System.Xml.Linq.SaveOptions`. */
export const SAVE_OPTIONS = { None: 0, DisableFormatting: 1, OmitDuplicateNamespaces: 2 } as const;

/** `System.Xml.Linq.LoadOptions`. */
export const LOAD_OPTIONS = { None: 0, PreserveWhitespace: 1, SetBaseUri: 2, SetLineInfo: 4 } as const;

export const enumTypes: TypeDeclaration[] = [
  declareType({ name: "System.Xml.XmlNodeType", kind: "enum", values: NodeType }),
  declareType({ name: "System.Xml.Linq.SaveOptions", kind: "enum", values: SAVE_OPTIONS }),
  declareType({ name: "System.Xml.Linq.LoadOptions", kind: "enum", values: LOAD_OPTIONS }),
];
