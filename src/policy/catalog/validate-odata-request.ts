import { literalText } from "../compiler/element.ts";
import { definePolicy } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { ERRORS_VARIABLE } from "./validation/actions.ts";
import { type ODataMetadata, readMetadata } from "./validation/odata/metadata.ts";
import { checkODataRequest } from "./validation/odata/request.ts";
import { type Violation, violationHandler } from "./validation/violations.ts";

const VERSION = /^\d{1,2}\.\d{1,2}$/;

const version = (doc: string) =>
  ({ type: "string", expression: false, pattern: VERSION, patternDoc: "a version such as 4.01", doc }) as const;

export const validateOdataRequest = definePolicy({
  name: "validate-odata-request",
  summary: "Validates URL, headers and query options of requests to an OData API.",
  category: "validation",
  sections: ["inbound"],
  scopes: ["global", "workspace", "product", "api"],
  once: true,
  attributes: {
    "error-variable-name": ERRORS_VARIABLE,
    "default-odata-version": { ...version("Version of requests without an OData-Version header."), default: "4.0" },
    "min-odata-version": version("Lowest version that is accepted."),
    "max-odata-version": version("Highest version that is accepted."),
    "max-size": { type: "long", expression: false, min: 0, doc: "Largest body in bytes." },
  },
  check(element, report) {
    const [low, high] = ["min-odata-version", "max-odata-version"].map((name) =>
      attribute(element, name)?.value.text.trim(),
    );
    if (low && high && VERSION.test(low) && VERSION.test(high) && compare(low, high) > 0) {
      report(element, `"min-odata-version" ${low} is above "max-odata-version" ${high}`);
    }
  },
  load(element, loader) {
    const text = (name: string) => literalText(element.attributes?.[name])?.trim();
    const initial = text("default-odata-version") ?? "4.0";
    const lowest = text("min-odata-version");
    const highest = text("max-odata-version");
    const maxSize = loader.long(element, "max-size", Number.POSITIVE_INFINITY);
    const handle = violationHandler(element, "error-variable-name");
    return (x) => {
      const { request } = x;
      const violations = versionViolations(request.headers.get("odata-version"), initial, lowest, highest);
      for (const { name, type, message } of checkODataRequest(request.path, request.query, metadataOf(x))) {
        violations.push(violation(name, type, "Syntax", message));
      }
      if (violations.length > 0) handle(x, "prevent", violations);
      const limit = maxSize(x);
      if (limit === Number.POSITIVE_INFINITY) return;
      const refuse = (size: number) => {
        if (size <= limit) return;
        const details = `Request's body is ${size} bytes long and it exceeds the limit of ${limit} bytes.`;
        handle(x, "prevent", [violation("", "RequestBody", "SizeLimit", details)]);
      };
      if (request.body.announced !== undefined && request.body.announced > limit) return refuse(request.body.announced);
      const waiting = request.readBody(x.services.limits.bodyBytes);
      if (waiting) return waiting.then(() => refuse(request.body.length ?? 0));
      refuse(request.body.length ?? 0);
    };
  },
});

/** The status of a violation is unconfirmed, and so are its texts. */
function violation(name: string, type: string, rule: string, details: string): Violation {
  return { name, type, rule, details, publicText: details };
}

function versionViolations(
  header: string | undefined,
  initial: string,
  lowest: string | undefined,
  highest: string | undefined,
): Violation[] {
  const wanted = header?.trim() ?? initial;
  const wrong = (message: string) => [violation("OData-Version", "RequestHeader", "Version", message)];
  if (!VERSION.test(wanted)) return wrong("The OData-Version header is not a version.");
  if (lowest !== undefined && compare(wanted, lowest) < 0) {
    return wrong(`The OData version ${wanted} is below the lowest accepted version ${lowest}.`);
  }
  if (highest !== undefined && compare(wanted, highest) > 0) {
    return wrong(`The OData version ${wanted} is above the highest accepted version ${highest}.`);
  }
  return [];
}

/** 4.0 is below 4.01, which is not 4.1: the part behind the point is a decimal fraction. */
function compare(a: string, b: string): number {
  return Number(a) - Number(b);
}

/** The metadata among the API's schemas; undefined without any, or where it cannot be read. */
function metadataOf(x: Exchange): ODataMetadata | undefined {
  for (const [key, document] of x.contract?.schemas ?? []) {
    if (!key.startsWith("#xml/") || document.kind !== "xml") continue;
    const metadata = readMetadata(document.text);
    if (metadata.roots.size > 0) return metadata;
  }
  return undefined;
}
