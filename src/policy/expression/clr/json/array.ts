import { badKey, checkDepth, isSequence, JContainer, sameItems } from "./container.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { writeJson } from "./write.ts";

/** `JArray`. */
export class JArray extends JContainer {
  readonly clrName = "Newtonsoft.Json.Linq.JArray";

  /** An array of the items of a sequence, or of one value. */
  static of(content: unknown): JArray {
    const array = new JArray();
    array.add(content);
    return array;
  }

  get type(): TokenType {
    return TokenType.Array;
  }

  override child(key: unknown): JToken | null {
    if (typeof key !== "number") throw badKey("JArray", key, "Int32 array index");
    return this.getItem(key) as JToken;
  }

  override setChild(key: unknown, value: JToken | null): void {
    if (typeof key !== "number") throw badKey("JArray", key, "Int32 array index");
    this.setItemAt(key, value);
  }

  /** Appends a fresh token; for readers that build the tree. */
  append(item: JToken): void {
    this.attach(item);
  }

  override merge(content: unknown): void {
    const items = content instanceof JArray ? [...content.items] : isSequence(content) ? [...content] : [];
    for (const item of items) this.add(item);
  }

  deepClone(depth = 0): JArray {
    checkDepth(depth);
    const copy = new JArray();
    for (const item of this.children) copy.attach(item.deepClone(depth + 1));
    return copy;
  }

  contentEquals(other: JToken, depth = 0): boolean {
    return other instanceof JArray && sameItems(this, other, depth);
  }

  toClrString(): string {
    return writeJson(this, true);
  }
}
