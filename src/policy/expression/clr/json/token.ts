import { InvalidOperationException } from "../exceptions.ts";
import type { ClrObject } from "../system/protocol.ts";
import type { JContainer } from "./container.ts";
import { TokenType } from "./token-type.ts";

/** `JToken`: a node of a JSON tree. Iterates its children. */
export abstract class JToken implements ClrObject, Iterable<JToken> {
  parent: JContainer | null = null;
  /** Where this token last was among its siblings; {@link JContainer.indexOfChild} checks and mends it. */
  place = 0;

  abstract readonly clrName: string;
  abstract get type(): TokenType;
  /** A copy without a parent. `depth` counts the levels walked. @throws {JsonException} when the tree is too deep */
  abstract deepClone(depth?: number): JToken;
  /** Same content: types, names, order of array items; the order of properties does not count. */
  abstract contentEquals(other: JToken, depth?: number): boolean;
  abstract toClrString(): string;

  get hasValues(): boolean {
    return false;
  }

  /** The children, in order. */
  get items(): readonly JToken[] {
    return NO_ITEMS;
  }

  /** `token[key]`. @throws {InvalidOperationException} on a value */
  child(_key: unknown): JToken | null {
    throw this.noChildren();
  }

  setChild(_key: unknown, _value: JToken | null): void {
    throw new InvalidOperationException(`Cannot set child value on ${this.clrName}.`);
  }

  get first(): JToken | null {
    throw this.noChildren();
  }

  get last(): JToken | null {
    throw this.noChildren();
  }

  get root(): JToken {
    let token: JToken = this;
    while (token.parent !== null) token = token.parent;
    return token;
  }

  get next(): JToken | null {
    return this.#sibling(1);
  }

  get previous(): JToken | null {
    return this.#sibling(-1);
  }

  /** The way from the root: `a.b[0]['odd name']`; empty at the root. */
  get path(): string {
    const steps: string[] = [];
    let token: JToken = this;
    for (let parent = token.parent; parent !== null; token = parent, parent = token.parent) {
      if (token.type === TokenType.Property) steps.push(nameStep((token as JToken & { name: string }).name));
      else if (parent.type !== TokenType.Property) steps.push(`[${parent.indexOfChild(token)}]`);
    }
    const path = steps.reverse().join("");
    return path.startsWith(".") ? path.slice(1) : path;
  }

  /** Ancestors from the parent up to the root. */
  *ancestors(): Generator<JToken> {
    for (let token: JToken | null = this.parent; token !== null; token = token.parent) yield token;
  }

  *ancestorsAndSelf(): Generator<JToken> {
    for (let token: JToken | null = this; token !== null; token = token.parent) yield token;
  }

  *afterSelf(): Generator<JToken> {
    for (let token = this.next; token !== null; token = token.next) yield token;
  }

  *beforeSelf(): Generator<JToken> {
    if (this.parent === null) return;
    for (let token = this.parent.first; token !== null && token !== this; token = token.next) yield token;
  }

  /** `Remove()`. @throws {InvalidOperationException} without a parent; JsonException for the value of a property */
  detach(): void {
    this.#owner().removeItem(this);
  }

  replace(value: JToken | null): void {
    this.#owner().replaceItem(this, value);
  }

  addAfterSelf(content: unknown): void {
    const owner = this.#owner();
    owner.addContent(owner.indexOfChild(this) + 1, content);
  }

  addBeforeSelf(content: unknown): void {
    const owner = this.#owner();
    owner.addContent(owner.indexOfChild(this), content);
  }

  [Symbol.iterator](): Iterator<JToken> {
    return NO_ITEMS[Symbol.iterator]();
  }

  #sibling(step: number): JToken | null {
    if (this.parent === null) return null;
    return this.parent.items[this.parent.indexOfChild(this) + step] ?? null;
  }

  #owner(): JContainer {
    if (this.parent === null) throw new InvalidOperationException("The parent is missing.");
    return this.parent;
  }

  protected noChildren(): InvalidOperationException {
    return new InvalidOperationException(`Cannot access child value on ${this.clrName}.`);
  }
}

const NO_ITEMS: readonly JToken[] = [];

const ODD_NAME = /[.'/"[\]()\s\b\\\u0085]/;

/** One property of a path: `.name`, or `['odd name']`. */
export function nameStep(name: string): string {
  if (!ODD_NAME.test(name)) return `.${name}`;
  return `['${name.replace(/['\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t")}']`;
}
