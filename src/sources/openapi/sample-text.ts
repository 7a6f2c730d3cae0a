import { isRecord } from "../document/data-document.ts";

/** A sample longer than this is no sample; it would have to go into every plan. */
const MAX_TEXT = 64 * 1024;

/**
 * An example or sample as the text of a body.
 * @param rootName name of the outermost element where the media type is XML.
 * @returns undefined where there is no sample.
 */
export function sampleText(value: unknown, contentType: string, rootName: string): string | undefined {
  if (value === undefined) return undefined;
  const text = render(value, contentType, rootName);
  return text.length > MAX_TEXT ? undefined : text;
}

function render(value: unknown, contentType: string, rootName: string): string {
  const type = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const json = type.endsWith("/json") || type.endsWith("+json");
  if (typeof value === "string") return json && !isJson(value) ? JSON.stringify(value) : value;
  if (type.endsWith("/xml") || type.endsWith("+xml")) {
    return Array.isArray(value) ? `<${rootName}>${xml("item", value)}</${rootName}>` : xml(rootName, value);
  }
  return JSON.stringify(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function xml(name: string, value: unknown): string {
  const element = /^[A-Za-z_][\w.-]*$/.test(name) ? name : "item";
  if (Array.isArray(value)) return value.map((item) => xml(element, item)).join("");
  const content = isRecord(value)
    ? Object.entries(value)
        .map(([child, item]) => xml(child, item))
        .join("")
    : escapeText(value === null ? "" : String(value));
  return `<${element}>${content}</${element}>`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Media types that stand for many (`*`/`*`), as one that a response can have. */
export function concreteType(contentType: string): string {
  const type = contentType.trim();
  if (type.startsWith("*/") || type.startsWith("application/*")) return "application/json";
  return type.startsWith("text/*") ? "text/plain" : type;
}
