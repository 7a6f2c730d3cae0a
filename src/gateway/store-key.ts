import { hash } from "node:crypto";

const LONGEST = 200;

/**
 * The form in which the stores in memory keep a key: callers choose keys (a header, a token), so a long one is
 * replaced by its SHA-256 and costs no more than a short one.
 */
export function storeKey(key: string): string {
  return key.length <= LONGEST ? key : `#${hash("sha256", key, "base64url")}`;
}
