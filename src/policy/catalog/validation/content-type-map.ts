import type { PlanElement } from "../../compiler/element.ts";
import { literalText } from "../../compiler/element.ts";
import type { Loader } from "../../compiler/loader.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { mediaType } from "../messages/media-type.ts";

/** Gives the content type that a message is treated as; `written` is its header, undefined without one. */
export type MapContentType = (x: Exchange, written: string | undefined) => string;

/** `content-type-map`: a `type` that matches wins over the attributes; without the element nothing changes. */
export function contentTypeMap(element: PlanElement | undefined, loader: Loader): MapContentType {
  if (!element) return (_x, written) => mediaType(written ?? "");
  const any = literalText(element.attributes?.["any-content-type-value"]);
  const missing = literalText(element.attributes?.["missing-content-type-value"]);
  const types = loader.children(element, "type").map((type) => {
    const from = literalText(type.attributes?.from);
    return {
      from: from === undefined ? undefined : mediaType(from),
      when: type.attributes?.when === undefined ? undefined : loader.bool(type, "when", false),
      to: loader.text(type, "to"),
    };
  });
  return (x, written) => {
    const given = mediaType(written ?? "");
    const type = types.find(({ from, when }) => (when ? when(x) : from === given));
    if (type) return mediaType(type.to(x));
    if (given === "" && missing !== undefined) return mediaType(missing);
    return any === undefined ? given : mediaType(any);
  };
}
