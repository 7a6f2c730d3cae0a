import { literalText, type PlanElement } from "../compiler/element.ts";
import { expressionFailure } from "../compiler/expression-failure.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, definePolicy, type Report, type ValueSchema } from "../compiler/schema.ts";
import { attribute, type Element, elementChildren, textContent } from "../document/tree.ts";
import { denial } from "./access/denial.ts";
import { compareIpAddresses, type IpAddress, parseIpAddress } from "./access/ip-address.ts";

const ADDRESS: ValueSchema = {
  type: "string",
  expression: true,
  pattern: /^\s*([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(%[0-9A-Za-z]+)?)\s*$/,
  patternDoc: "an IPv4 or IPv6 address",
  doc: "An IPv4 or IPv6 address.",
};

const ACTIONS = ["allow", "forbid"] as const;

/** Addresses from `low` to `high`, both included. */
interface Range {
  low: IpAddress;
  high: IpAddress;
}

export const ipFilter = definePolicy({
  name: "ip-filter",
  summary: "Lets only callers of certain IP addresses in, or keeps them out.",
  category: "access",
  sections: ["inbound"],
  scopes: ALL_SCOPES,
  attributes: {
    action: {
      type: ACTIONS,
      expression: true,
      // Documented as required; the service's schema has this default.
      default: "allow",
      doc: "Whether the addresses are the only ones let in, or those kept out.",
    },
  },
  order: "any",
  children: {
    address: { doc: "A single address.", text: { ...ADDRESS, required: true } },
    "address-range": {
      doc: "All addresses from one to another, both included.",
      attributes: {
        from: { ...ADDRESS, required: true, doc: "First address." },
        to: { ...ADDRESS, required: true, doc: "Last address." },
      },
    },
  },
  check(element, report) {
    const children = elementChildren(element);
    if (children.length === 0) report(element, "<ip-filter> needs an element <address> or <address-range>");
    for (const child of children) checkAddresses(child, report);
  },
  load(element, loader) {
    const actionOf = loader.word(element, "action", ACTIONS, "allow");
    const ranges = (element.children ?? []).map((child) => loadRange(child, loader));
    return (x) => {
      const action = actionOf(x);
      const caller = parseIpAddress(x.client.address);
      if (caller === undefined) {
        if (action === "forbid") return;
        throw refuse("FailedToParseCallerIP", "Failed to establish IP address for the caller. Access denied.");
      }
      const matched = ranges.some((range) => contains(range(x), caller));
      if (matched === (action === "allow")) return;
      throw action === "allow"
        ? refuse("CallerIpNotAllowed", `Caller IP address ${x.client.address} is not allowed. Access denied.`)
        : refuse("CallerIpBlocked", "Caller IP address is blocked. Access denied.");
    };
  },
});

function refuse(reason: string, message: string) {
  return denial(reason, message, 403, "Forbidden");
}

/**
 * A range that is written out is read once, here; one with expressions when it is evaluated. One that cannot be read or
 * holds nothing fails the request: a filter that forbids would let everybody in.
 */
function loadRange(element: PlanElement, loader: Loader): Evaluate<Range> {
  const [from, to] = element.name === "address" ? [element.text] : [element.attributes?.from, element.attributes?.to];
  const low = loader.textOf(from);
  const high = to === undefined ? low : loader.textOf(to);
  const evaluate: Evaluate<Range> = (x) => readRange(low(x), high(x));
  const literals = [literalText(from), literalText(to ?? from)];
  const constant = literals.every((text) => text !== undefined) ? tryReadRange(...literals) : undefined;
  return constant ? () => constant : evaluate;
}

function tryReadRange(low = "", high = ""): Range | undefined {
  try {
    return readRange(low, high);
  } catch {
    return undefined;
  }
}

function readRange(from: string, to: string): Range {
  const low = parseIpAddress(from.trim());
  const high = parseIpAddress(to.trim());
  if (low === undefined || high === undefined || !(compareIpAddresses(low, high) <= 0)) {
    const shown = [from, to].map((text) => JSON.stringify(text.slice(0, 100)));
    throw expressionFailure(`ip-filter cannot read the address ${shown[0]} or the range from it to ${shown[1]}.`);
  }
  return { low, high };
}

function contains({ low, high }: Range, caller: IpAddress): boolean {
  return compareIpAddresses(caller, low) >= 0 && compareIpAddresses(caller, high) <= 0;
}

/** Reports addresses that are written out and cannot be read, and ranges that hold nothing. */
function checkAddresses(element: Element, report: Report): void {
  const texts =
    element.name === "address"
      ? [textContent(element)?.text]
      : [attribute(element, "from")?.value.text, attribute(element, "to")?.value.text];
  const addresses = texts.map((text) => {
    const written = text?.trim() ?? "";
    if (written === "" || /^@[({]|\{\{/.test(written)) return undefined;
    const address = parseIpAddress(written);
    if (address === undefined) report(element, `"${written}" in <${element.name}> is not an IP address`);
    return address;
  });
  const [low, high] = addresses;
  if (low === undefined || high === undefined) return;
  if (!(compareIpAddresses(low, high) <= 0)) {
    report(element, `the range from ${texts[0]} to ${texts[1]} holds no address`);
  }
}
