import type { PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { elementChildren } from "../document/tree.ts";
import type { Exchange, TraceEntry } from "../exchange/exchange.ts";

const SEVERITIES = ["verbose", "information", "error"] as const;

export const trace = definePolicy({
  name: "trace",
  summary: "Adds a message to the request trace.",
  category: "logging",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  prefetch: "own",
  attributes: {
    source: { type: "string", expression: false, required: true, doc: "Who says it; free text." },
    severity: { type: SEVERITIES, expression: false, default: "verbose", doc: "How much it matters." },
  },
  text: { type: "string", expression: true, doc: "The message, in the older form without <message>." },
  children: {
    message: {
      doc: "The message.",
      max: 1,
      text: { type: "string", expression: true, required: true, doc: "The message." },
    },
    metadata: {
      doc: "A named value that goes with the message.",
      attributes: {
        name: { type: "string", expression: true, required: true, doc: "Name of the value." },
        value: { type: "string", expression: true, required: true, doc: "The value." },
      },
    },
  },
  order: "any",
  check(element, report) {
    const children = elementChildren(element);
    const text = element.children.some((child) => child.kind !== "element" && child.kind !== "comment" && says(child));
    if (!text && !children.some((child) => child.name === "message")) report(element, "<trace> needs a <message>");
  },
  load(element, loader) {
    const prefetch = loader.prefetch(element);
    const entry = entryOf(element, loader);
    return (x) => {
      if (!x.tracing) return;
      const waiting = prefetch?.(x);
      if (waiting) return waiting.then(() => x.trace(entry(x)));
      x.trace(entry(x));
    };
  },
});

function entryOf(element: PlanElement, loader: Loader): Evaluate<TraceEntry> {
  const source = loader.text(element, "source");
  const severity = loader.word(element, "severity", SEVERITIES, "verbose");
  const message = loader.textOf(loader.child(element, "message")?.text ?? element.text);
  const metadata = loader.children(element, "metadata").map((one) => ({
    name: loader.text(one, "name"),
    value: loader.text(one, "value"),
  }));
  return (x: Exchange) => {
    const entry: TraceEntry = { source: source(x), severity: severity(x), message: message(x).trim() };
    if (metadata.length === 0) return entry;
    return { ...entry, metadata: Object.fromEntries(metadata.map(({ name, value }) => [name(x), value(x)])) };
  };
}

function says(child: { kind: string; value?: { text: string } }): boolean {
  return (child.value?.text.trim() ?? "") !== "";
}
