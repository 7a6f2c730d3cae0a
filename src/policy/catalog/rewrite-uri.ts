import { literalText } from "../compiler/element.ts";
import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { joinQuery, parameterName, queryParts } from "./messages/query-string.ts";
import {
  expandPath,
  expandQuery,
  parameterNames,
  parseUriTemplate,
  refuseDotSegments,
  URI_TEMPLATE,
  type UriTemplate,
} from "./messages/uri-template.ts";

export const rewriteUri = definePolicy({
  name: "rewrite-uri",
  summary: "Replaces the path and query that the backend is called with.",
  category: "transformation",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    template: {
      type: "string",
      expression: true,
      required: true,
      pattern: URI_TEMPLATE,
      patternDoc: "a path with balanced {parameter} braces",
      doc: "Path and query relative to the backend's base URL; {name} stands for a parameter of the operation.",
    },
    "copy-unmatched-params": {
      type: "bool",
      expression: true,
      default: true,
      doc: "Append the query parameters that the operation's URL template does not declare.",
    },
  },
  load(element, loader) {
    const literal = literalText(element.attributes?.template);
    const copy = loader.bool(element, "copy-unmatched-params", true);
    if (literal !== undefined) {
      const template = parseUriTemplate(literal);
      return (x) => rewrite(x, template, copy(x));
    }
    const text = loader.text(element, "template");
    return (x) => {
      const template = parseUriTemplate(text(x));
      if (!template.dynamic) refuseDotSegments(template.path.join(""));
      rewrite(x, template, copy(x));
    };
  },
});

function rewrite(x: Exchange, template: UriTemplate, copyUnmatched: boolean): void {
  const { request, operation, matchedParameters } = x;
  const path = expandPath(template, matchedParameters, operation?.urlTemplate ?? "");
  const query = expandQuery(template, matchedParameters);
  if (copyUnmatched && request.query !== "") {
    const written = parameterNames(query);
    const declared = operation?.templateQuery;
    for (const part of queryParts(request.query)) {
      const name = parameterName(part);
      if (!written.has(name) && !declared?.includes(name)) query.push(part);
    }
  }
  request.path = path;
  request.query = joinQuery(query);
}
