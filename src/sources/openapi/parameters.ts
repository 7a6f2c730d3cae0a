import type { DataPath } from "../document/data-document.ts";
import type { Report } from "../report.ts";
import type { References } from "./refs.ts";

/** A parameter of an operation, as far as it matters for routing. */
export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  at: DataPath;
}

/** Parameters of a path item and an operation together; the operation's replace those of the same name and place. */
export function readParameters(
  lists: readonly { value: unknown; at: DataPath }[],
  references: References,
): Parameter[] {
  const parameters = new Map<string, Parameter>();
  for (const list of lists) {
    if (!Array.isArray(list.value)) continue;
    for (const [index, item] of list.value.entries()) {
      const located = references.resolve(item, [...list.at, index], "error");
      const name = located?.value.name;
      const where = located?.value.in;
      if (!located || typeof name !== "string" || typeof where !== "string") continue;
      const required = located.value.required === true;
      parameters.set(`${where} ${name}`, { name, in: where, required, at: located.at });
    }
  }
  return [...parameters.values()];
}

/** How an import treats required query parameters: part of the URL template, or declared beside it. */
export type RequiredQueryParameters = "template" | "query";

/** Names that may stand as `?name={name}` in a URL template. */
const TEMPLATE_NAME = /^[^{}&=#?*\s]+$/;

/**
 * The URL template of an operation: its path, and its required query parameters unless these stay query parameters.
 * @returns the template, and the names of the query parameters outside of it.
 */
export function buildUrlTemplate(
  path: string,
  parameters: readonly Parameter[],
  required: RequiredQueryParameters,
): { urlTemplate: string; queryParameters: string[] } {
  const taken = new Set(templateNames(path).map((name) => name.toLowerCase()));
  const inTemplate: string[] = [];
  const queryParameters: string[] = [];
  for (const parameter of parameters) {
    if (parameter.in !== "query") continue;
    const { name } = parameter;
    // Names are unique in the whole template, whatever their case.
    const fits = TEMPLATE_NAME.test(name) && !taken.has(name.toLowerCase());
    if (parameter.required && required === "template" && fits) {
      taken.add(name.toLowerCase());
      inTemplate.push(`${name}={${name}}`);
    } else queryParameters.push(name);
  }
  if (inTemplate.length === 0) return { urlTemplate: path, queryParameters };
  return { urlTemplate: `${path}${path.includes("?") ? "&" : "?"}${inTemplate.join("&")}`, queryParameters };
}

/** Names of the parameters in a URL template, wildcards among them. */
export function templateNames(template: string): string[] {
  return [...template.matchAll(/\{\*?([^{}*]+)\}/g)].map((match) => match[1] as string);
}

/** Warns where the path and its declared parameters do not fit; requests are routed by the path. */
export function checkPathParameters(
  path: string,
  parameters: readonly Parameter[],
  at: DataPath,
  references: References,
  report: Report,
): void {
  const declared = parameters.filter((parameter) => parameter.in === "path");
  const names = templateNames(path);
  for (const name of names) {
    if (declared.some((parameter) => parameter.name === name)) continue;
    const message = `the path parameter "${name}" is not declared`;
    report.warning(references.document.place(at), "undeclared-parameter", message);
  }
  for (const parameter of declared) {
    if (names.includes(parameter.name)) continue;
    const message = `the path parameter "${parameter.name}" does not stand in the path "${path}"`;
    report.warning(references.document.place([...parameter.at, "name"]), "unused-parameter", message);
  }
}
