import { ArgumentException, ArgumentNullException, XmlException } from "../exceptions.ts";
import { combineHashCodes, stringHashCode } from "../system/equality.ts";
import type { ClrObject } from "../system/protocol.ts";
import { isNcName, nameProblem } from "./characters.ts";

export const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
export const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

/** `XNamespace`. Two are equal when their names are. */
export class XNamespace implements ClrObject {
  readonly clrName = "System.Xml.Linq.XNamespace";
  readonly namespaceName: string;
  constructor(namespaceName: string) {
    this.namespaceName = namespaceName;
  }

  static readonly none = new XNamespace("");
  static readonly xml = new XNamespace(XML_NAMESPACE);
  static readonly xmlns = new XNamespace(XMLNS_NAMESPACE);

  toClrString(): string {
    return this.namespaceName;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof XNamespace && other.namespaceName === this.namespaceName;
  }

  clrHashCode(): number {
    return stringHashCode(this.namespaceName);
  }
}

/** `XName`: a local name in a namespace. Two are equal when both parts are. */
export class XName implements ClrObject {
  readonly clrName = "System.Xml.Linq.XName";
  readonly localName: string;
  readonly namespaceName: string;

  /** Names from a parsed document are valid; others go through {@link XName.of}. */
  constructor(localName: string, namespaceName = "") {
    this.localName = localName;
    this.namespaceName = namespaceName;
  }

  /** @throws {XmlException} for a local name that XML does not allow */
  static of(localName: string, namespaceName: string): XName {
    if (!isNcName(localName)) throw new XmlException(nameProblem(localName));
    return new XName(localName, namespaceName);
  }

  /** `{namespace}local` or `local`. @throws {ArgumentException} */
  static parse(expanded: string | null): XName {
    if (expanded === null) throw new ArgumentNullException("expandedName");
    if (expanded === "") throw new ArgumentException("'' is an invalid expanded name.");
    if (!expanded.startsWith("{")) return XName.of(expanded, "");
    const close = expanded.lastIndexOf("}");
    if (close <= 1 || close === expanded.length - 1) {
      throw new ArgumentException(`'${expanded}' is an invalid expanded name.`);
    }
    return XName.of(expanded.slice(close + 1), expanded.slice(1, close));
  }

  is(other: XName): boolean {
    return this.localName === other.localName && this.namespaceName === other.namespaceName;
  }

  toClrString(): string {
    return this.namespaceName === "" ? this.localName : `{${this.namespaceName}}${this.localName}`;
  }

  clrEquals(other: unknown): boolean {
    return other instanceof XName && this.is(other);
  }

  clrHashCode(): number {
    return combineHashCodes([this.localName, this.namespaceName]);
  }
}
