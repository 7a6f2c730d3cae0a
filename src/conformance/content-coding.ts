import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { ContentCoding } from "./case.ts";

const CODERS: Readonly<Record<ContentCoding, (content: Buffer) => Buffer>> = {
  gzip: (content) => gzipSync(content),
  deflate: (content) => deflateSync(content),
  br: (content) => brotliCompressSync(content),
};

/** A text as the bytes that travel. */
export function encodeContent(text: string, coding: ContentCoding | undefined): Buffer {
  const content = Buffer.from(text, "utf8");
  return coding === undefined ? content : CODERS[coding](content);
}
