import type { PlanElement } from "../../compiler/element.ts";
import type { Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Message } from "../../exchange/message.ts";
import { acceptsFormat, isFormat, mediaType } from "../messages/media-type.ts";

type Format = "json" | "xml";

/** When `json-to-xml` and `xml-to-json` apply: attributes that both have. */
export function conditionAttributes(from: Format): Record<"apply" | "consider-accept-header", ValueSchema> {
  return {
    apply: {
      type: ["always", `content-type-${from}`],
      expression: true,
      required: true,
      doc: "Convert every body, or only one whose Content-Type names the format.",
    },
    "consider-accept-header": {
      type: "bool",
      expression: true,
      default: true,
      doc: "Convert only when the request's Accept header asks for the other format by name.",
    },
  };
}

/** Tells whether a message is to be converted: it has a body, and the attributes say so. */
export function conversionCondition(
  element: PlanElement,
  loader: Loader,
  from: Format,
  to: Format,
): (x: Exchange, message: Message) => boolean {
  const always = loader.word(element, "apply", ["always", `content-type-${from}`], "always");
  const considerAccept = loader.bool(element, "consider-accept-header", true);
  return (x, message) => {
    if (message.body.absent || message.body.consumed) return false;
    if (always(x) !== "always" && !isFormat(mediaType(message.headers.get("content-type")), from)) return false;
    return !considerAccept(x) || acceptsFormat(x.request.headers.get("accept"), to);
  };
}
