import type { ChildSchema, Report, ValueSchema } from "../../compiler/schema.ts";
import { attribute, type Element, elementChildren } from "../../document/tree.ts";

/** What the policies that make a call of their own share (`send-request`, `send-one-way-request`). */
export const callMode: ValueSchema = {
  type: ["new", "copy"],
  expression: true,
  default: "new",
  doc: "Start from an empty request, or from a copy of the current one.",
};

/** `<set-url>`: no policy, only a part of a call. */
const setUrl: ChildSchema = {
  doc: "The URL to call.",
  max: 1,
  text: { type: "string", expression: true, required: true, doc: "An absolute http or https URL." },
};

const AUTHENTICATION = [
  "authentication-certificate",
  "authentication-token",
  "authentication-token-store",
  "authentication-managed-identity",
  "authentication-basic",
];

export const callChildren: Readonly<Record<string, ChildSchema>> = {
  "set-url": setUrl,
  "set-method": { policy: "set-method", max: 1 },
  "set-header": { policy: "set-header" },
  "set-body": { policy: "set-body", max: 1 },
  ...Object.fromEntries(AUTHENTICATION.map((name) => [name, { policy: name, max: 1 }])),
  proxy: { policy: "proxy", max: 1 },
};

/** URL and method are needed unless the mode is `copy` (an expression may give that); one way to authenticate at most. */
export function checkCall(element: Element, report: Report): void {
  const children = elementChildren(element);
  const mode = attribute(element, "mode")?.value.text.trim() ?? "new";
  if (mode === "new") {
    for (const name of ["set-url", "set-method"]) {
      if (!children.some((child) => child.name === name)) {
        report(element, `<${element.name}> needs <${name}>, unless mode is "copy"`);
      }
    }
  }
  const [, second] = children.filter((child) => AUTHENTICATION.includes(child.name));
  if (second) report(second, `<${element.name}> takes one way to authenticate`);
}
