import { SourceText } from "../../model/source-text.ts";
import { isExpression, isWholeExpression } from "./csharp-scan.ts";
import { escapeForAttribute, escapeForRawExpression } from "./format.ts";
import type { Attribute, DocumentFormat, Element } from "./tree.ts";

/**
 * Gives an attribute a value (the characters it shall stand for, not yet escaped), or adds it as the last one.
 * Everything else about the element keeps its formatting. `format` is that of the document.
 */
export function setAttribute(element: Element, name: string, value: string, format: DocumentFormat = "rawxml"): void {
  const index = element.attributes.findIndex((a) => a.name === name);
  const old = element.attributes[index];
  const quote = old?.quote || '"';
  const raw = format === "rawxml" && isWholeExpression(value);
  const written = `${name}=${quote}${raw ? escapeForRawExpression(value) : escapeForAttribute(value, quote)}${quote}`;
  const changed = { quote, value: SourceText.of(value, element.file.name), expression: isExpression(value), written };
  if (old) element.attributes[index] = { ...old, ...changed };
  else element.attributes.push(added(element, name, changed));
}

/** An attribute that stands nowhere in the file: an empty range where the start tag's attributes end. */
function added(
  element: Element,
  name: string,
  changed: Pick<Attribute, "quote" | "value" | "expression"> & { written: string },
): Attribute {
  const { file, tailStart } = element;
  const at = { start: tailStart, end: tailStart, nameStart: tailStart, valueStart: tailStart };
  return { file, name, lead: " ", ...at, ...changed };
}
