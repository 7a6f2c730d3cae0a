import type { TypeDeclaration } from "../../declare.ts";
import { certificateMemberTypes } from "./certificate-members.ts";
import { hashAlgorithmNameType } from "./hash-name.ts";
import { hashAlgorithmTypes } from "./hash-types.ts";
import { oidType } from "./oid.ts";
import { paddingTypes } from "./padding.ts";
import { randomGeneratorTypes } from "./random-generator.ts";
import { rsaTypes } from "./rsa-types.ts";
import { symmetricTypes } from "./symmetric-types.ts";

/** System.Security.Cryptography. */
export const cryptographyTypes: TypeDeclaration[] = [
  hashAlgorithmNameType,
  oidType,
  ...hashAlgorithmTypes,
  ...paddingTypes,
  ...rsaTypes,
  ...symmetricTypes,
  ...randomGeneratorTypes,
  ...certificateMemberTypes,
];
