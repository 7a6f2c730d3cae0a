import { Box, ClrArray } from "../box.ts";
import { spend } from "../budget.ts";
import { outOfRange } from "../collections/list.ts";
import { isEnumerable } from "../collections/protocol.ts";
import { ArgumentException, ArgumentNullException, InvalidOperationException, JsonException } from "../exceptions.ts";
import { boxedToString } from "../system/text.ts";
import { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { JValue } from "./value.ts";

/** Trees deeper than this are not walked: they can only be built by a loop, and would exhaust the stack. */
export const MAX_TREE_DEPTH = 1000;

/** Guards a recursive walk. @throws {JsonException} below {@link MAX_TREE_DEPTH} */
export function checkDepth(depth: number): void {
  if (depth > MAX_TREE_DEPTH) throw new JsonException(`The JSON is nested deeper than ${MAX_TREE_DEPTH} levels.`);
}

/** `JContainer`: a token with children. Every child has this container as its parent. */
export abstract class JContainer extends JToken {
  protected readonly children: JToken[] = [];
  #version = 0;

  override get items(): readonly JToken[] {
    return this.children;
  }

  override get hasValues(): boolean {
    return this.children.length > 0;
  }

  get count(): number {
    return this.children.length;
  }

  override get first(): JToken | null {
    return this.children[0] ?? null;
  }

  override get last(): JToken | null {
    return this.children[this.children.length - 1] ?? null;
  }

  /** All tokens below, in document order. */
  *descendants(): Generator<JToken> {
    const open: Iterator<JToken>[] = [this[Symbol.iterator]()];
    for (let top = open[0]; top !== undefined; top = open[open.length - 1]) {
      const { done, value } = top.next();
      if (done) {
        open.pop();
        continue;
      }
      yield value;
      if (value.hasValues) open.push(value[Symbol.iterator]());
    }
  }

  *descendantsAndSelf(): Generator<JToken> {
    yield this;
    yield* this.descendants();
  }

  /** `Add(object)`: a token, a value, or a sequence of them. @throws {ArgumentException} for what JSON has no form for */
  add(content: unknown): void {
    this.addContent(this.children.length, content);
  }

  addFirst(content: unknown): void {
    this.addContent(0, content);
  }

  addContent(index: number, content: unknown): void {
    if (!isSequence(content)) {
      this.insertItem(index, tokenOf(content));
      return;
    }
    let at = index;
    for (const item of content) {
      spend();
      this.addContent(Math.min(at++, this.children.length), item);
    }
  }

  insertItem(index: number, item: JToken | null): void {
    if (index < 0 || index > this.children.length) {
      throw outOfRange("index");
    }
    const token = this.#adopt(item);
    this.validate(token, null);
    token.parent = this;
    token.place = index;
    if (index === this.children.length) {
      this.children.push(token);
    } else {
      spend(this.children.length >> 6);
      this.children.splice(index, 0, token);
    }
    this.joined(token);
  }

  /** False when the token is not a child of this container. */
  removeItem(item: JToken | null): boolean {
    if (item?.parent !== this) return false;
    this.removeItemAt(this.indexOfChild(item));
    return true;
  }

  removeItemAt(index: number): void {
    const item = this.children[index];
    if (index < 0 || item === undefined) throw outOfRange("index");
    spend(this.children.length >> 6);
    this.children.splice(index, 1);
    this.left(item);
  }

  replaceItem(existing: JToken, value: JToken | null): void {
    if (existing.parent === this) this.setItemAt(this.indexOfChild(existing), value);
  }

  setItemAt(index: number, item: JToken | null): void {
    const existing = this.children[index];
    if (index < 0 || existing === undefined) throw outOfRange("index");
    if (isUnchanged(existing, item)) return;
    const token = this.#adopt(item);
    this.validate(token, existing);
    token.parent = this;
    token.place = index;
    this.children[index] = token;
    this.left(existing);
    this.joined(token);
  }

  clear(): void {
    for (const item of this.children.splice(0)) this.left(item);
  }

  replaceAll(content: unknown): void {
    this.clear();
    this.add(content);
  }

  /** `Merge(object)`: arrays are joined, nulls do not overwrite. */
  abstract merge(content: unknown): void;

  /** Place of a child among the children. */
  indexOfChild(item: JToken): number {
    if (this.children[item.place] !== item) {
      for (const [place, child] of this.children.entries()) child.place = place;
    }
    return item.place;
  }

  // The next members are those of IList<JToken>.

  getItem(index: number): unknown {
    const item = this.children[index];
    if (item === undefined) throw outOfRange("index");
    return item;
  }

  setItem(index: number, item: unknown): void {
    this.setItemAt(index, item as JToken | null);
  }

  contains(item: unknown): boolean {
    return item instanceof JToken && item.parent === this;
  }

  remove(item: unknown): boolean {
    return this.removeItem(item as JToken | null);
  }

  indexOf(item: unknown): number {
    return this.contains(item) ? this.indexOfChild(item as JToken) : -1;
  }

  insert(index: number, item: unknown): void {
    this.insertItem(index, item as JToken | null);
  }

  removeAt(index: number): void {
    this.removeItemAt(index);
  }

  override *[Symbol.iterator](): Iterator<JToken> {
    const version = this.#version;
    for (let i = 0; i < this.children.length; i++) {
      yield this.children[i] as JToken;
      if (version !== this.#version) {
        throw new InvalidOperationException("Collection was modified; enumeration operation may not execute.");
      }
    }
  }

  /** Appends a child that was made for this container, without the checks of {@link insertItem}. */
  protected attach(item: JToken): void {
    item.parent = this;
    item.place = this.children.length;
    this.children.push(item);
  }

  /** A child has come in. */
  protected joined(_child: JToken): void {
    this.#version++;
  }

  /** A child has gone. */
  protected left(child: JToken): void {
    child.parent = null;
    this.#version++;
  }

  /** May the token become a child (in place of `existing`)? @throws {ArgumentException} */
  protected validate(token: JToken, _existing: JToken | null): void {
    if (token.type === TokenType.Property) throw cannotAdd(token, this);
  }

  /** A token has one parent: one that has another, or would contain itself, is copied. */
  #adopt(item: JToken | null): JToken {
    if (item === null) return JValue.createNull();
    const taken = item.parent !== null || item === this || (item.hasValues && this.root === item);
    return taken ? item.deepClone() : item;
  }
}

export function cannotAdd(token: JToken, to: JToken): ArgumentException {
  return new ArgumentException(`Can not add ${token.clrName} to ${to.clrName}.`);
}

/** Setting an equal value leaves the old token in its place. */
function isUnchanged(existing: JToken, value: JToken | null): boolean {
  if (!(existing instanceof JValue)) return false;
  if (value === null) return existing.type === TokenType.Null;
  return existing.clrEquals(value);
}

/** Content that stands for several tokens: any enumerable but text, bytes and tokens. */
export function isSequence(content: unknown): content is Iterable<unknown> {
  if (typeof content !== "object" || content === null) return false;
  if (content instanceof ClrArray) return true;
  if (content instanceof JToken || content instanceof Uint8Array || content instanceof Box) return false;
  return isEnumerable(content);
}

/** The token for one piece of content. @throws {ArgumentException} for what JSON has no form for */
export function tokenOf(content: unknown): JToken {
  return content instanceof JToken ? content : JValue.of(content);
}

/** The exception of an indexer with a key of the wrong type. */
export function badKey(kind: string, key: unknown, expected: string): ArgumentException {
  if (key === null) return new ArgumentNullException("key");
  const shown = typeof key === "string" ? `"${key}"` : boxedToString(key);
  return new ArgumentException(`Accessed ${kind} values with invalid key value: ${shown}. ${expected} expected.`);
}

/** Do two containers have equal children in the same order? */
export function sameItems(a: JContainer, b: JContainer, depth: number): boolean {
  checkDepth(depth);
  if (a.count !== b.count) return false;
  return a.items.every((item, index) => item.contentEquals(b.items[index] as JToken, depth + 1));
}
