import type { TypeDeclaration } from "../declare.ts";
import { dictionaryType } from "./dictionary-type.ts";
import { hashSetType } from "./hash-set-type.ts";
import { interfaceTypes } from "./interfaces.ts";
import { keyValuePairType } from "./key-value-pair.ts";
import { listType } from "./list-type.ts";
import { queueType } from "./queue.ts";
import { stackType } from "./stack.ts";

/** The types of System.Collections.Generic, and the interfaces of System.Collections under them. */
export const declarations: TypeDeclaration[] = [
  ...interfaceTypes,
  keyValuePairType,
  listType,
  dictionaryType,
  hashSetType,
  queueType,
  stackType,
];
