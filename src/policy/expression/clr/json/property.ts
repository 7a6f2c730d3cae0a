import { ArgumentNullException, JsonException } from "../exceptions.ts";
import { JArray } from "./array.ts";
import { isSequence, JContainer, tokenOf } from "./container.ts";
import type { JToken } from "./token.ts";
import { TokenType } from "./token-type.ts";
import { JValue } from "./value.ts";
import { writeJson } from "./write.ts";

/** `JProperty`: a name and a value. It serves as a KeyValuePair too (`key`, `value`) when a JObject is enumerated. */
export class JProperty extends JContainer {
  readonly clrName = "Newtonsoft.Json.Linq.JProperty";
  readonly name: string;

  /** The value must have no parent. */
  constructor(name: string | null, value: JToken) {
    if (name === null) throw new ArgumentNullException("name");
    super();
    this.name = name;
    this.attach(value);
  }

  /** A property of any content; a sequence becomes an array. */
  static of(name: string | null, content: unknown): JProperty {
    if (isSequence(content)) return new JProperty(name, JArray.of(content));
    const property = new JProperty(name, JValue.createNull());
    property.value = tokenOf(content);
    return property;
  }

  get type(): TokenType {
    return TokenType.Property;
  }

  get key(): string {
    return this.name;
  }

  get value(): JToken {
    return this.children[0] as JToken;
  }

  set value(value: JToken | null) {
    this.setItemAt(0, value);
  }

  override child(_key: unknown): JToken | null {
    throw this.noChildren();
  }

  override insertItem(_index: number, _item: JToken | null): void {
    throw new JsonException(`${this.clrName} cannot have multiple values.`);
  }

  override removeItemAt(_index: number): void {
    throw new JsonException(`Cannot add or remove items from ${this.clrName}.`);
  }

  override clear(): void {
    throw new JsonException(`Cannot add or remove items from ${this.clrName}.`);
  }

  override merge(content: unknown): void {
    if (content instanceof JProperty && content.value.type !== TokenType.Null) this.value = content.value;
  }

  deepClone(depth = 0): JProperty {
    return new JProperty(this.name, this.value.deepClone(depth));
  }

  contentEquals(other: JToken, depth = 0): boolean {
    return other instanceof JProperty && other.name === this.name && this.value.contentEquals(other.value, depth);
  }

  toClrString(): string {
    return writeJson(this, true);
  }
}
