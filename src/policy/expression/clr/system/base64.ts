import { ArgumentNullException, FormatException } from "../exceptions.ts";
import { checkTextLength } from "./text-limit.ts";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * `Convert.FromBase64String`: white space is ignored, padding is mandatory, the URL-safe alphabet is not accepted.
 * @throws ArgumentNullException, FormatException
 */
export function fromBase64(text: string | null): Uint8Array {
  if (text === null) throw new ArgumentNullException("s");
  checkTextLength(text.length);
  const compact = text.replace(/[\t\n\r ]+/g, "");
  if (compact.length % 4 !== 0 && BASE64.test(compact)) {
    throw new FormatException("Invalid length for a Base-64 char array or string.");
  }
  if (!BASE64.test(compact)) {
    throw new FormatException(
      "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding characters, or an illegal character among the padding characters.",
    );
  }
  return new Uint8Array(Buffer.from(compact, "base64"));
}

/** `Convert.ToBase64String`. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
