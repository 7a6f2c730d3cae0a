import type { TypeDeclaration } from "../clr/declare.ts";
import { bodyType } from "./body.ts";
import { certificateTypes } from "./certificate-types.ts";
import { contextTypes } from "./context-type.ts";
import { credentialTypes } from "./credentials.ts";
import { deploymentTypes } from "./deployment.ts";
import { dictionaryTypes } from "./dictionaries.ts";
import { encryptionTypes } from "./encryption.ts";
import { entityTypes } from "./entities.ts";
import { extensionTypes } from "./extensions.ts";
import { messageTypes } from "./message-types.ts";

/** `context` and everything it leads to, with the extension methods of policy expressions. */
export const declarations: TypeDeclaration[] = [
  ...contextTypes,
  ...messageTypes,
  bodyType,
  ...dictionaryTypes,
  ...entityTypes,
  ...deploymentTypes,
  ...credentialTypes,
  ...certificateTypes,
  ...encryptionTypes,
  ...extensionTypes,
];
