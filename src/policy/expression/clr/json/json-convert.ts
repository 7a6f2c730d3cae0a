import type { EnumValue } from "../box.ts";
import { declareType, type RuntimeType, type TypeDeclaration, withTypes } from "../declare.ts";
import { JsonSerializationException } from "../exceptions.ts";
import { deserialize } from "./deserialize.ts";
import { tokenFromObject } from "./from-object.ts";
import { parsedText } from "./jtoken-type.ts";
import { isBlankJson, parseJson } from "./read.ts";
import { FORMATTING, TokenType } from "./token-type.ts";
import { JValue } from "./value.ts";
import { writeJson } from "./write.ts";

function deserializeText(text: string | null, type: RuntimeType | undefined): unknown {
  const json = parsedText(text, "value");
  if (isBlankJson(json)) return type?.default ?? null;
  if (type === undefined || type.name === "object") {
    const token = parseJson(json);
    return token instanceof JValue ? token.value : token;
  }
  // Dates stay text where the type asks for text, so they are read as such; a tree of tokens has them as dates.
  if (!type.name.startsWith("Newtonsoft."))
    return deserialize(parseJson(json, { dates: false }), type, { parsed: true });
  const token = parseJson(json);
  if (type.is(token)) return token;
  if (token.type === TokenType.Null) return null;
  throw new JsonSerializationException(
    `Deserialized JSON type '${token.clrName}' is not compatible with expected type '${type.name}'. Path ''.`,
  );
}

const serialize = (value: unknown, formatting?: EnumValue) =>
  writeJson(tokenFromObject(value), formatting?.value === FORMATTING.Indented);

export const jsonConvertTypes: TypeDeclaration[] = [
  declareType({
    name: "Newtonsoft.Json.JsonConvert",
    kind: "static",
    members: {
      "static object DeserializeObject(string value)": (text: string | null) => deserializeText(text, undefined),
      "static T DeserializeObject<T>(string value)": withTypes((types, text: string | null) =>
        deserializeText(text, types[0]),
      ),
      "static string SerializeObject(object value)": (value: unknown) => serialize(value),
      "static string SerializeObject(object value, Formatting formatting)": serialize,
    },
  }),
];
