import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ChildSchema, Report } from "../../compiler/schema.ts";
import { attribute, type Element, elementChildren } from "../../document/tree.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Measurement } from "../../exchange/metrics.ts";

/** Dimensions that have a value where the policy gives none, by name. */
export type DefaultDimensions = ReadonlyMap<string, Evaluate<string>>;

/** Those of every metric policy (policy reference 14.6). What a request has not is empty. */
export const DEFAULT_DIMENSIONS: DefaultDimensions = new Map<string, Evaluate<string>>([
  ["API ID", (x) => x.api?.id ?? ""],
  ["Operation ID", (x) => x.operation?.id ?? ""],
  ["Product ID", (x) => x.product?.id ?? ""],
  ["User ID", (x) => x.user?.id ?? ""],
  ["Subscription ID", (x) => x.subscription?.id ?? ""],
  ["Location", (x) => x.services.deployment.region],
  ["Gateway ID", (x) => x.services.deployment.gatewayId],
]);

/** `<dimension name value>` of the metric policies. */
export const DIMENSION_CHILD: ChildSchema = {
  doc: "A dimension that tells series apart.",
  min: 1,
  attributes: {
    name: { type: "string", expression: true, required: true, doc: "Name of the dimension." },
    value: {
      type: "string",
      expression: true,
      doc: "Value of the dimension; may be left out for the default ones, such as API ID and Subscription ID.",
    },
  },
};

/**
 * Warns about dimensions beyond `most` of the author's own, and about those that have no value. Whether the service
 * refuses such policies is unconfirmed, and documents with them exist.
 */
export function checkDimensions(
  element: Element,
  report: Report,
  defaults: DefaultDimensions,
  most = Number.POSITIVE_INFINITY,
): void {
  const own = elementChildren(element).filter((child) => {
    const name = child.name === "dimension" ? attribute(child, "name")?.value.text.trim() : undefined;
    return name !== undefined && !defaults.has(name);
  });
  for (const dimension of own) {
    if (attribute(dimension, "value")) continue;
    const names = [...defaults.keys()].join(", ");
    report(dimension, "the dimension has no value, and none by default", `default dimensions: ${names}`, "warning");
  }
  const extra = own[most];
  if (extra) report(extra, `<${element.name}> takes at most ${most} dimensions of your own`, undefined, "warning");
}

/**
 * The dimensions of a policy. Its expressions are evaluated when the policy runs; default values when the function that
 * this gives is called, as the backend is not known before.
 */
export function loadDimensions(
  element: PlanElement,
  loader: Loader,
  defaults: DefaultDimensions,
): (x: Exchange) => () => Measurement["dimensions"] {
  const dimensions = loader.children(element, "dimension").map((child) => {
    const name = loader.text(child, "name");
    const written = child.attributes?.value;
    return { name, value: written === undefined ? undefined : loader.textOf(written) };
  });
  return (x) => {
    const evaluated = dimensions.map(({ name, value }) => ({ name: name(x).trim(), value: value?.(x) }));
    return () => evaluated.map(({ name, value }) => [name, value ?? defaults.get(name)?.(x) ?? ""] as const);
  };
}
