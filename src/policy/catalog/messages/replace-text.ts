import { BodyTooLargeError } from "../../exchange/body.ts";
import type { Message } from "../../exchange/message.ts";
import { charset } from "./media-type.ts";

/**
 * Replaces every occurrence of a text in a body that is in memory. Works on the bytes, so that what is not replaced
 * stays as it is, whatever it holds.
 * @throws {BodyTooLargeError} when the body would grow past `limit` bytes.
 */
export function replaceText(message: Message, find: string, replacement: string, limit: number): void {
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
