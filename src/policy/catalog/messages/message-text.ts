import type { Message } from "../../exchange/message.ts";
import { charset } from "./media-type.ts";

/** The body's text by the charset of Content-Type, UTF-8 for an unknown one; a byte order mark is left out. */
export function bodyText(message: Message): string {
  const bytes = message.body.buffered;
  if (!bytes || message.body.consumed) return "";
  return decoder(charset(message.headers.get("content-type"))).decode(bytes);
}

/** Makes text the body: in UTF-8, under this Content-Type. */
export function setBodyText(message: Message, text: string, contentType: string): void {
  message.setBody(Buffer.from(text, "utf8"));
  message.headers.set("Content-Type", contentType);
}

const UTF8 = new TextDecoder("utf-8");

function decoder(label: string): TextDecoder {
  if (label === "utf-8") return UTF8;
  try {
    return new TextDecoder(label);
  } catch {
    return UTF8;
  }
}
