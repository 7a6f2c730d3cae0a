import type { TypeDeclaration } from "../declare.ts";
import { xmlDocumentTypes } from "./xml-document.ts";
import { xmlReaderTypes } from "./xml-reader.ts";

/** Types that the service's list leaves out and published samples use nevertheless. */
export const declarations: TypeDeclaration[] = [...xmlReaderTypes, ...xmlDocumentTypes];
