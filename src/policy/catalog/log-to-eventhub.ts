import { ALL_SECTIONS, definePolicy } from "../compiler/schema.ts";
import { attribute } from "../document/tree.ts";
import { cutText } from "./logging/cut-text.ts";

/** Bytes of a message at most; the rest is cut off. */
const LONGEST_MESSAGE = 200 * 1024;

export const logToEventhub = definePolicy({
  name: "log-to-eventhub",
  summary: "Sends a message to a logger: an event hub, a file or an HTTP service.",
  category: "logging",
  sections: ALL_SECTIONS,
  scopes: ["global", "product", "api", "operation"],
  attributes: {
    "logger-id": { type: "string", expression: false, required: true, doc: "Name of the logger resource." },
    "partition-id": { type: "string", expression: false, doc: "Index of the partition that takes the message." },
    "partition-key": { type: "string", expression: true, doc: "Messages of one key go to one partition." },
  },
  text: {
    type: "string",
    expression: true,
    markup: true,
    doc: "The message; cut at 200 KB.",
  },
  check(element, report) {
    if (attribute(element, "partition-id") && attribute(element, "partition-key")) {
      report(element, '<log-to-eventhub> takes "partition-id" or "partition-key", not both');
    }
  },
  load(element, loader) {
    const logger = loader.text(element, "logger-id");
    const partitionId = loader.optionalText(element, "partition-id");
    const partitionKey = loader.optionalText(element, "partition-key");
    const text = loader.textOf(element.text);
    return (x) => {
      x.services.loggers.log(logger(x).trim(), {
        text: cutText(text(x), LONGEST_MESSAGE),
        partitionId: partitionId(x)?.trim(),
        partitionKey: partitionKey(x),
      });
    };
  },
});
