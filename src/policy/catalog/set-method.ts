import { literalText, type PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { RequestMessage } from "../exchange/message.ts";

/** A method is a token (RFC 9110 section 9.1). */
const METHOD = /^\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+\s*$/;

/** Methods of RFC 9110 and PATCH: written in any case they mean these. */
const STANDARD: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
]);

/**
 * Where sources disagree, the wider form: the reference lists inbound and on-error, the toolkit every section; one page
 * says that expressions are not allowed here, published policies write them.
 */
export const setMethod = definePolicy({
  name: "set-method",
  summary: "Changes the method of the request.",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  text: {
    type: "string",
    expression: true,
    required: true,
    pattern: METHOD,
    patternDoc: "an HTTP method",
    doc: "The HTTP method.",
  },
  load(element, loader) {
    const method = methodOf(element, loader);
    return (x) => {
      x.request.method = method(x);
    };
  },
  edit(element, loader) {
    const method = methodOf(element, loader);
    return (x, message) => {
      if (message instanceof RequestMessage) message.method = method(x);
    };
  },
});

function methodOf(element: PlanElement, loader: Loader): Evaluate<string> {
  const literal = literalText(element.text);
  if (literal !== undefined) {
    const method = normalized(literal);
    return () => method;
  }
  const text = loader.textOf(element.text);
  return (x) => normalized(text(x));
}

function normalized(written: string): string {
  if (!METHOD.test(written)) throw expressionFailure("The result is not an HTTP method.");
  const method = written.trim();
  const upper = method.toUpperCase();
  return STANDARD.has(upper) ? upper : method;
}
