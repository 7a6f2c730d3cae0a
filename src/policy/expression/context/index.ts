import type { TypeDeclaration } from "../clr/declare.ts";

export const declarations: TypeDeclaration[] = [];
