import type { TypeDeclaration } from "../declare.ts";
import { arrayType } from "./array.ts";
import { bitConverterType } from "./bit-converter.ts";
import { booleanType } from "./boolean.ts";
import { charType, unicodeCategoryType } from "./char.ts";
import { base64FormattingOptionsType, convertType } from "./convert.ts";
import { cryptographyTypes } from "./cryptography/index.ts";
import { dateTimeOffsetType } from "./date-time-offset-type.ts";
import { dateTimeKindType, dateTimeType, dayOfWeekType } from "./date-time-type.ts";
import { decimalType } from "./decimal-type.ts";
import { encodingType } from "./encoding-type.ts";
import { enumType } from "./enum.ts";
import { exceptionTypes } from "./exception-types.ts";
import { floatTypes } from "./floats.ts";
import { guidType } from "./guid.ts";
import { integerTypes } from "./integers.ts";
import { addressFamilyType, ipAddressType } from "./ip-address.ts";
import { mathType } from "./math.ts";
import { basicInterfaceTypes, objectType, valueTypeType } from "./object.ts";
import { randomType } from "./random.ts";
import { regexTypes } from "./regex/types.ts";
import { midpointRoundingType } from "./rounding.ts";
import { stringBuilderType } from "./string-builder.ts";
import { stringComparerType } from "./string-comparer.ts";
import { stringIoTypes } from "./string-io.ts";
import { stringComparisonType, stringSplitOptionsType, stringType } from "./string-type.ts";
import { timeSpanType } from "./time-span.ts";
import { adjustmentRuleType, transitionTimeType } from "./time-zone-rules.ts";
import { timeZoneInfoType, timeZoneType } from "./time-zone-type.ts";
import { tupleTypes } from "./tuple.ts";
import { typeType } from "./type.ts";
import { uriHostNameTypeType, uriKindType, uriPartialType, uriType } from "./uri-type.ts";
import { webUtilityType } from "./web-utility.ts";
import { xmlNodeTypeType } from "./xml-node-type.ts";

/** The types of the `System` namespaces, without collections, LINQ, JSON and XML. */
export const declarations: TypeDeclaration[] = [
  objectType,
  valueTypeType,
  typeType,
  ...basicInterfaceTypes,
  booleanType,
  charType,
  unicodeCategoryType,
  ...integerTypes,
  ...floatTypes,
  decimalType,
  stringType,
  stringComparisonType,
  stringSplitOptionsType,
  stringComparerType,
  arrayType,
  enumType,
  ...tupleTypes,
  ...exceptionTypes,
  mathType,
  midpointRoundingType,
  convertType,
  base64FormattingOptionsType,
  bitConverterType,
  randomType,
  guidType,
  dateTimeType,
  dateTimeKindType,
  dayOfWeekType,
  dateTimeOffsetType,
  timeSpanType,
  encodingType,
  stringBuilderType,
  ...stringIoTypes,
  webUtilityType,
  ipAddressType,
  addressFamilyType,
  timeZoneInfoType,
  timeZoneType,
  adjustmentRuleType,
  transitionTimeType,
  uriType,
  uriPartialType,
  uriKindType,
  uriHostNameTypeType,
  ...regexTypes,
  ...cryptographyTypes,
  xmlNodeTypeType,
];
