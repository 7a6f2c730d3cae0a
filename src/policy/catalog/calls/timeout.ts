import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { Report, ValueSchema } from "../../compiler/schema.ts";
import { attribute, type Element } from "../../document/tree.ts";

/** What a timer can hold: about 24 days. */
const LONGEST_MS = 2_147_483_647;

/** The two forms of a call's timeout, `timeout` in seconds and `timeout-ms`. */
export function timeoutAttributes(defaultSeconds: number): Record<"timeout" | "timeout-ms", ValueSchema> {
  return {
    timeout: {
      type: "int",
      expression: true,
      min: 0,
      default: defaultSeconds,
      doc: "Seconds to wait for the response.",
    },
    "timeout-ms": { type: "int", expression: true, min: 0, doc: "Milliseconds to wait for the response." },
  };
}

export function checkTimeout(element: Element, report: Report): void {
  if (attribute(element, "timeout") && attribute(element, "timeout-ms")) {
    report(element, `<${element.name}> takes "timeout" or "timeout-ms", not both`);
  }
}

/** The timeout in milliseconds. Zero means none, so the longest that a timer can hold (unconfirmed). */
export function timeoutMs(element: PlanElement, loader: Loader, defaultSeconds: number): Evaluate<number> {
  if (element.attributes?.["timeout-ms"] !== undefined) {
    const milliseconds = loader.int(element, "timeout-ms", defaultSeconds * 1000);
    return (x) => bounded(milliseconds(x));
  }
  const seconds = loader.int(element, "timeout", defaultSeconds);
  return (x) => bounded(seconds(x) * 1000);
}

function bounded(ms: number): number {
  return ms > 0 && ms < LONGEST_MS ? ms : LONGEST_MS;
}
