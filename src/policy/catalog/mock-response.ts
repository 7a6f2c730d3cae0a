import { ALL_SCOPES, definePolicy } from "../compiler/schema.ts";
import { Body } from "../exchange/body.ts";
import type { MockResponse } from "../exchange/exchange.ts";
import { HeaderList } from "../exchange/headers.ts";
import { ResponseMessage } from "../exchange/message.ts";
import { mediaType } from "./messages/media-type.ts";

export const mockResponse = definePolicy({
  name: "mock-response",
  summary: "Answers with an example of the operation's description; no later policy or section runs.",
  category: "transformation",
  sections: ["inbound", "outbound", "on-error"],
  scopes: ALL_SCOPES,
  attributes: {
    "status-code": {
      type: "int",
      expression: false,
      min: 200,
      max: 999,
      default: 200,
      doc: "Status of the response; selects the operation's response description.",
    },
    "content-type": { type: "string", expression: false, doc: "Media type of the example; by default the first." },
    index: { type: "int", expression: false, min: 0, doc: "Position of the example among several, from 0." },
    enabled: { type: "bool", expression: false, default: true, doc: "False switches the policy off." },
  },
  load(element, loader) {
    if (element.attributes?.enabled === false) return () => {};
    const status = loader.int(element, "status-code", 200);
    const contentType = loader.text(element, "content-type");
    const index = loader.int(element, "index", 0);
    return (x) => x.end(mock(x.mocks, status(x), contentType(x), index(x)));
  },
});

/** The example for a status and media type; without one, the status alone. */
function mock(mocks: readonly MockResponse[], status: number, contentType: string, index: number): ResponseMessage {
  const described = mocks.find((candidate) => candidate.status === status)?.representations ?? [];
  const wanted = mediaType(contentType);
  const chosen = wanted === "" ? described[0] : described.find((one) => mediaType(one.contentType) === wanted);
  if (!chosen) return new ResponseMessage(status);
  const sample = chosen.samples[index] ?? chosen.samples[0];
  const headers = new HeaderList(["Content-Type", chosen.contentType]);
  return new ResponseMessage(status, "", headers, sample === undefined ? Body.none() : Body.text(sample));
}
