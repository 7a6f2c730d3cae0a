const START =
  "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD";
const PART = `${START}\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040`;
const LOCAL_NAME = new RegExp(`^[${START}][${PART}]*$`);
const NOT_PART = new RegExp(`[^${PART}]`, "g");
const NOT_START = new RegExp(`^[^${START}]`);

/** Is it a name without prefix (an NCName, Namespaces in XML section 3)? */
export function isLocalName(name: string): boolean {
  return LOCAL_NAME.test(name);
}

/**
 * A local name out of any text: characters that no name may hold become `replacement`, or `_xHHHH_` as .NET's
 * XmlConvert writes them.
 */
export function toLocalName(text: string, replacement: string | undefined): string {
  if (LOCAL_NAME.test(text)) return text;
  const replace = (c: string) => replacement ?? `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
  const name = text.replace(NOT_PART, replace).replace(NOT_START, replace);
  return LOCAL_NAME.test(name) ? name : `_${name}`.replace(NOT_PART, "_");
}
