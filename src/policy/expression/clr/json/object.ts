import { KeyValuePair } from "../collections/key-value-pair.ts";
import type { MutableDictionary } from "../collections/protocol.ts";
import { ArgumentException, ArgumentNullException } from "../exceptions.ts";
import { badKey, cannotAdd, checkDepth, JContainer } from "./container.ts";
import { JProperty } from "./property.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { writeJson } from "./write.ts";

/** Below this number of properties a plain search is faster than a map, and lighter. */
const SEARCHED = 8;

/** `JObject`: properties in the order they were added. */
export class JObject extends JContainer implements MutableDictionary {
  readonly clrName = "Newtonsoft.Json.Linq.JObject";
  #index: Map<string, JProperty> | undefined;

  get type(): TokenType {
    return TokenType.Object;
  }

  get properties(): readonly JProperty[] {
    return this.children as JProperty[];
  }

  property(name: string): JProperty | undefined {
    const properties = this.children as JProperty[];
    if (properties.length > SEARCHED) return this.#names().get(name);
    for (const property of properties) if (property.name === name) return property;
    return undefined;
  }

  /** `object[name]`: null when there is no such property. */
  get(name: string | null): JToken | null {
    if (name === null) throw new ArgumentNullException("propertyName");
    return this.property(name)?.value ?? null;
  }

  /** `object[name] = value`: adds the property or replaces its value. */
  set(name: string | null, value: JToken | null): void {
    if (name === null) throw new ArgumentNullException("propertyName");
    const property = this.property(name);
    if (property === undefined) this.addContent(this.count, JProperty.of(name, value));
    else property.value = value;
  }

  /** Appends a fresh property; a later one of the same name replaces the earlier one in its place, as in parsing. */
  append(property: JProperty): void {
    const earlier = this.property(property.name);
    if (earlier === undefined) {
      this.attach(property);
      this.#index?.set(property.name, property);
    } else {
      this.replaceItem(earlier, property);
    }
  }

  override child(key: unknown): JToken | null {
    if (typeof key !== "string") throw badKey("JObject", key, "Object property name");
    return this.get(key);
  }

  override setChild(key: unknown, value: JToken | null): void {
    if (typeof key !== "string") throw badKey("JObject", key, "Object property name");
    this.set(key, value);
  }

  override merge(content: unknown): void {
    if (!(content instanceof JObject)) return;
    for (const { name, value } of [...content.properties]) {
      const own = this.property(name);
      if (own === undefined) this.set(name, value);
      else if (own.value instanceof JContainer && own.value.type === value.type) own.value.merge(value);
      else if (value.type !== TokenType.Null) own.value = value;
    }
  }

  deepClone(depth = 0): JObject {
    checkDepth(depth);
    const copy = new JObject();
    for (const property of this.properties) copy.attach(property.deepClone(depth + 1));
    return copy;
  }

  contentEquals(other: JToken, depth = 0): boolean {
    checkDepth(depth);
    if (!(other instanceof JObject) || other.count !== this.count) return false;
    return this.properties.every((property) => {
      const match = other.property(property.name);
      return match !== undefined && property.contentEquals(match, depth + 1);
    });
  }

  toClrString(): string {
    return writeJson(this, true);
  }

  // The next members are those of IDictionary<string, JToken>.

  lookup(key: unknown): unknown {
    if (key === null) throw new ArgumentNullException("propertyName");
    return this.property(key as string)?.value;
  }

  get keys(): string[] {
    return this.properties.map((property) => property.name);
  }

  get values(): JToken[] {
    return this.properties.map((property) => property.value);
  }

  setEntry(key: unknown, value: unknown): void {
    this.set(key as string, value as JToken | null);
  }

  addEntry(key: unknown, value: unknown): void {
    this.add(JProperty.of(key as string | null, value));
  }

  removeKey(key: unknown): boolean {
    if (key === null) throw new ArgumentNullException("propertyName");
    return this.removeItem(this.property(key as string) ?? null);
  }

  /** `ICollection<KeyValuePair<string, JToken>>.Remove` and `IList<JToken>.Remove`. */
  override remove(item: unknown): boolean {
    if (item instanceof KeyValuePair) return this.lookup(item.key) === item.value && this.removeKey(item.key);
    return super.remove(item);
  }

  protected override validate(token: JToken, existing: JToken | null): void {
    if (!(token instanceof JProperty)) throw cannotAdd(token, this);
    if (existing instanceof JProperty && existing.name === token.name) return;
    if (this.property(token.name) === undefined) return;
    throw new ArgumentException(
      `Can not add property ${token.name} to ${this.clrName}. Property with the same name already exists on object.`,
    );
  }

  protected override joined(token: JToken): void {
    super.joined(token);
    this.#index?.set((token as JProperty).name, token as JProperty);
  }

  protected override left(token: JToken): void {
    super.left(token);
    this.#index?.delete((token as JProperty).name);
  }

  #names(): Map<string, JProperty> {
    if (this.#index === undefined) {
      this.#index = new Map();
      for (const property of this.properties) this.#index.set(property.name, property);
    }
    return this.#index;
  }
}
