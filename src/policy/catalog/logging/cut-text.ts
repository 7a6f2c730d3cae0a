/** The text, cut to at most `bytes` bytes of UTF-8, between characters. */
export function cutText(text: string, bytes: number): string {
  // A UTF-16 code unit takes three bytes at most.
  if (text.length * 3 <= bytes) return text;
  const encoded = Buffer.from(text, "utf8");
  if (encoded.byteLength <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((encoded[end] as number) & 0b1100_0000) === 0b1000_0000) end--;
  return encoded.toString("utf8", 0, end);
}
