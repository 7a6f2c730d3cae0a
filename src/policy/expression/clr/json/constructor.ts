import { ArgumentNullException } from "../exceptions.ts";
import { badKey, checkDepth, JContainer, sameItems } from "./container.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { writeJson } from "./write.ts";

/** `JConstructor`: JavaScript's `new Date(1, 2)` in JSON text. */
export class JConstructor extends JContainer {
  readonly clrName = "Newtonsoft.Json.Linq.JConstructor";
  name: string | null;

  constructor(name: string | null) {
    super();
    this.name = name;
  }

  static of(name: string | null, content: unknown): JConstructor {
    if (name === null) throw new ArgumentNullException("name");
    const created = new JConstructor(name);
    created.add(content);
    return created;
  }

  get type(): TokenType {
    return TokenType.Constructor;
  }

  override child(key: unknown): JToken | null {
    if (typeof key !== "number") throw badKey("JConstructor", key, "Argument position index");
    return this.getItem(key) as JToken;
  }

  override setChild(key: unknown, value: JToken | null): void {
    if (typeof key !== "number") throw badKey("JConstructor", key, "Argument position index");
    this.setItemAt(key, value);
  }

  /** Appends a fresh token; for readers that build the tree. */
  append(item: JToken): void {
    this.attach(item);
  }

  override merge(content: unknown): void {
    if (!(content instanceof JConstructor)) return;
    if (content.name !== null) this.name = content.name;
    for (const item of [...content.items]) this.add(item);
  }

  deepClone(depth = 0): JConstructor {
    checkDepth(depth);
    const copy = new JConstructor(this.name);
    for (const item of this.children) copy.attach(item.deepClone(depth + 1));
    return copy;
  }

  contentEquals(other: JToken, depth = 0): boolean {
    return other instanceof JConstructor && other.name === this.name && sameItems(this, other, depth);
  }

  toClrString(): string {
    return writeJson(this, true);
  }
}
