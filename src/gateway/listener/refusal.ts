import { STATUS_CODES } from "node:http";
import { errorBody } from "../../engine/default-response.ts";

/** Why a listener answers a request itself instead of handing it to the engine; the connection closes after it. */
export interface Refusal {
  status: number;
  message: string;
  /** Further header fields, flat. */
  headers?: readonly string[];
}

export const INTERNAL_ERROR: Refusal = { status: 500, message: "Internal server error" };

/** Header fields and body of the answer, without framing. */
export function refusalParts(refusal: Refusal): { headers: string[]; body: string } {
  return {
    headers: ["Content-Type", "application/json", ...(refusal.headers ?? [])],
    body: errorBody(refusal.status, refusal.message),
  };
}

/** The whole answer as HTTP/1.1 text (latin1), for sockets that no response object serves. */
export function refusalText(refusal: Refusal): string {
  const { headers, body } = refusalParts(refusal);
  let text = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}\r\nConnection: close\r\n`;
  for (let i = 0; i < headers.length; i += 2) text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${text}Date: ${new Date().toUTCString()}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${Buffer.from(body).toString("latin1")}`;
}
