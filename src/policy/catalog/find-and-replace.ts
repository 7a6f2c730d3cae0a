import { ALL_SCOPES, ALL_SECTIONS, defineMessagePolicy } from "../compiler/schema.ts";
import { BodyTooLargeError } from "../exchange/body.ts";
import type { Message } from "../exchange/message.ts";
import { charset } from "./messages/media-type.ts";

export const findAndReplace = defineMessagePolicy({
  name: "find-and-replace",
  summary: "Replaces every occurrence of a text in the body.",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    from: { type: "string", expression: true, required: true, doc: "The text to find; compared with case." },
    to: { type: "string", expression: true, required: true, doc: "What replaces it; may be empty." },
  },
  edit(element, loader) {
    const from = loader.text(element, "from");
    const to = loader.text(element, "to");
    return (x, message) => {
      const { body } = message;
      if (body.absent || body.consumed) return;
      const [find, replacement] = [from(x), to(x)];
      if (find === "") return;
      const limit = x.services.limits.bodyBytes;
      const waiting = message.readBody(limit);
      if (waiting) return waiting.then(() => replaceAll(message, find, replacement, limit));
      replaceAll(message, find, replacement, limit);
    };
  },
});

/** Works on the bytes, so that what is not replaced stays as it is, whatever it holds. */
function replaceAll(message: Message, find: string, replacement: string, limit: number): void {
  const bytes = message.body.buffered;
  if (!bytes || bytes.byteLength === 0) return;
  const encoding = bytesOf(charset(message.headers.get("content-type")));
  const found = Buffer.from(find, encoding);
  const replaced = Buffer.from(replacement, encoding);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let size = 0;
  let from = 0;
  for (let at = body.indexOf(found); at >= 0; at = body.indexOf(found, from)) {
    parts.push(body.subarray(from, at), replaced);
    size += at - from + replaced.byteLength;
    // One short text can stand in a body very often.
    if (size > limit) throw new BodyTooLargeError(limit);
    from = at + found.byteLength;
  }
  if (parts.length === 0) return;
  parts.push(body.subarray(from));
  message.setBody(Buffer.concat(parts));
}

/** The charsets whose bytes Node can write; all others share their ASCII half with UTF-8. */
function bytesOf(label: string): BufferEncoding {
  if (label === "utf-16" || label === "utf-16le") return "utf16le";
  return label === "iso-8859-1" || label === "latin1" || label === "windows-1252" ? "latin1" : "utf8";
}
