import { InvalidOperationException, UriFormatException } from "../exceptions.ts";
import { stringHashCode } from "./equality.ts";
import { percentDecode } from "./percent-encoding.ts";
import type { ClrObject } from "./protocol.ts";
import { defaultPort, parseUri, removeDotSegments, schemeOf, type UriParts } from "./uri-parse.ts";

/** `UriKind`: which URIs a constructor accepts. */
export type UriKindNumber = 0 | 1 | 2;

/** Characters that `ToString()` leaves escaped: reserved ones, the percent sign and controls. */
function staysEscaped(c: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must stay escaped
  return /[;/?:@&=+$,#[\]!'()*%\\\x00-\x1f\x7f-\x9f]/.test(c);
}

/** `System.Uri`: an absolute URI in parts, or a relative one as it was written. */
export class Uri implements ClrObject {
  readonly clrName = "System.Uri";
  readonly original: string;
  readonly #parts: UriParts | null;

  private constructor(original: string, parts: UriParts | null) {
    this.original = original;
    this.#parts = parts;
  }

  /** @param kind 0 either, 1 absolute (the default of .NET), 2 relative. @throws UriFormatException */
  static parse(text: string, kind: UriKindNumber = 1): Uri {
    const absolute = schemeOf(text.trim()) !== null;
    if (kind === 2 && absolute)
      throw new UriFormatException(
        "A relative URI cannot be created because the 'uriString' parameter represents an absolute URI.",
      );
    if (absolute) return new Uri(text, parseUri(text));
    if (kind === 1) return new Uri(text, parseUri(text));
    if (text.length > 65_519) throw new UriFormatException("Invalid URI: The Uri string is too long.");
    return new Uri(text, null);
  }

  /** RFC 3986, 5.2: a reference seen from a base. @throws UriFormatException */
  static resolve(base: Uri, reference: string): Uri {
    const text = reference.trim();
    if (schemeOf(text) !== null) return Uri.parse(text);
    const from = base.parts;
    const turned = text.replaceAll("\\", "/");
    if (turned.startsWith("//")) return Uri.parse(`${from.scheme}:${turned}`);
    const root = base.leftPart(1);
    if (text === "") return Uri.parse(root + from.path + from.query);
    if (text.startsWith("#")) return Uri.parse(root + from.path + from.query + text);
    if (text.startsWith("?")) return Uri.parse(root + from.path + text);
    const end = text.search(/[?#]/);
    const path = end < 0 ? text : text.slice(0, end);
    const tail = end < 0 ? "" : text.slice(end);
    const merged = path.startsWith("/") ? path : from.path.slice(0, from.path.lastIndexOf("/") + 1) + path;
    return Uri.parse(root + (merged.startsWith("/") ? removeDotSegments(merged) : merged) + tail);
  }

  get isAbsolute(): boolean {
    return this.#parts !== null;
  }

  /** @throws InvalidOperationException for a relative URI */
  get parts(): UriParts {
    if (this.#parts === null)
      throw new InvalidOperationException("This operation is not supported for a relative URI.");
    return this.#parts;
  }

  get isDefaultPort(): boolean {
    return this.parts.port === defaultPort(this.parts.scheme);
  }

  /** Host and port, the port only when it is not the default one. */
  get authority(): string {
    const { host, port } = this.parts;
    return this.isDefaultPort || port < 0 ? host : `${host}:${port}`;
  }

  get absoluteUri(): string {
    const { path, query, fragment } = this.parts;
    return this.leftPart(1) + path + query + fragment;
  }

  /** `GetLeftPart`: 0 scheme, 1 authority, 2 path, 3 query. */
  leftPart(part: number): string {
    const { scheme, hierarchical, userInfo, path, query } = this.parts;
    const prefix = `${scheme}:${hierarchical ? "//" : ""}`;
    if (part === 0) return prefix;
    const root = prefix + (userInfo === "" ? "" : `${userInfo}@`) + this.authority;
    if (part === 1) return root;
    return part === 2 ? root + path : root + path + query;
  }

  /** The path unescaped; for files without the leading slash of a drive. */
  get localPath(): string {
    const path = percentDecode(this.parts.path);
    return this.parts.scheme === "file" && /^\/[A-Za-z]:/.test(path) ? path.slice(1).replaceAll("/", "\\") : path;
  }

  /** `/`, `a/`, `b`. */
  get segments(): string[] {
    return this.parts.path.match(/[^/]*\/|[^/]+$/g) ?? [];
  }

  get isLoopback(): boolean {
    const { host, scheme } = this.parts;
    return host === "localhost" || host === "[::1]" || /^127\./.test(host) || (scheme === "file" && host === "");
  }

  /** The path from this URI to another on the same authority, else the other. */
  relativeTo(other: Uri): Uri {
    if (this.leftPart(1) !== other.leftPart(1)) return other;
    const from = this.parts.path.split("/").slice(0, -1);
    const to = other.parts.path.split("/");
    let shared = 0;
    while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared++;
    const path = "../".repeat(from.length - shared) + to.slice(shared).join("/");
    const text = this.parts.path === other.parts.path ? "" : path || "./";
    return Uri.parse(text + other.parts.query + other.parts.fragment, 2);
  }

  isBaseOf(other: Uri): boolean {
    if (this.leftPart(1) !== other.leftPart(1)) return false;
    const { path } = this.parts;
    return other.parts.path.startsWith(path.slice(0, path.lastIndexOf("/") + 1));
  }

  /** Unescapes what reads better and stays safe. */
  toClrString(): string {
    if (this.#parts === null) return this.original;
    const { path, query, fragment } = this.parts;
    return this.leftPart(1) + percentDecode(path + query + fragment, staysEscaped);
  }

  clrEquals(other: unknown): boolean {
    return other instanceof Uri && other.#identity() === this.#identity();
  }

  clrHashCode(): number {
    return stringHashCode(this.#identity());
  }

  /** What equality looks at: neither user nor fragment. */
  #identity(): string {
    if (this.#parts === null) return this.original;
    const { scheme, path, query } = this.parts;
    return `${scheme}://${this.authority}${path}${query}`;
  }
}
