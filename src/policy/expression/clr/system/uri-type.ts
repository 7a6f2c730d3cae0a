import { ClrArray, type EnumValue, enumValue } from "../box.ts";
import { type Cell, declareType } from "../declare.ts";
import { ArgumentException, ArgumentNullException, ArgumentOutOfRangeException } from "../exceptions.ts";
import { percentDecode, percentEncode } from "./percent-encoding.ts";
import { tryParse } from "./try-parse.ts";
import { Uri, type UriKindNumber } from "./uri.ts";
import { parseUri } from "./uri-parse.ts";

type Text = string | null;

const HOST_KINDS = { Unknown: 0, Basic: 1, Dns: 2, IPv4: 3, IPv6: 4 };
const hostKind = (name: keyof typeof HOST_KINDS): EnumValue =>
  enumValue("System.UriHostNameType", HOST_KINDS, HOST_KINDS[name]);

export const uriPartialType = declareType({
  name: "System.UriPartial",
  kind: "enum",
  values: { Scheme: 0, Authority: 1, Path: 2, Query: 3 },
});

/** Not on the allow-list, but members of Uri take it. */
export const uriKindType = declareType({
  name: "System.UriKind",
  kind: "enum",
  values: { RelativeOrAbsolute: 0, Absolute: 1, Relative: 2 },
});

export const uriHostNameTypeType = declareType({ name: "System.UriHostNameType", kind: "enum", values: HOST_KINDS });

function requireText(text: Text, name = "uriString"): string {
  if (text === null) throw new ArgumentNullException(name);
  return text;
}

function requireUri(uri: Uri | null, name: string): Uri {
  if (uri === null) throw new ArgumentNullException(name);
  return uri;
}

function kindOf(kind: EnumValue): UriKindNumber {
  if (kind.value === 0 || kind.value === 1 || kind.value === 2) return kind.value;
  throw new ArgumentException(`The value '${kind.name}' passed for the UriKind parameter is invalid.`, "uriKind");
}

function fromBase(base: Uri | null, reference: string): Uri {
  const from = requireUri(base, "baseUri");
  if (!from.isAbsolute)
    throw new ArgumentOutOfRangeException("baseUri", "This operation is not supported for a relative URI.");
  return Uri.resolve(from, reference);
}

/** A failed TryCreate gives null. */
function tryCreate(result: Cell<Uri | null>, make: () => Uri): boolean {
  return tryParse<Uri | null>(result, null, make);
}

const UNRESERVED = /[A-Za-z0-9\-_.~]/;
const RESERVED_TOO = /[A-Za-z0-9\-_.~;/?:@&=+$,#[\]!'()*]/;

function checkHostName(name: Text): EnumValue {
  if (name === null || name === "" || name.length > 512) return hostKind("Unknown");
  const bracketed = name.includes(":") && !name.startsWith("[") ? `[${name}]` : name;
  const result: Cell<EnumValue> = { value: hostKind("Unknown") };
  tryParse(result, hostKind("Unknown"), () => {
    const { host, hostKind: kind, path, port } = parseUri(`http://${bracketed}`);
    return hostKind(host !== "" && path === "/" && port === 80 && !name.includes("/") ? kind : "Unknown");
  });
  return result.value;
}

const isHexDigit = (unit: number) => /[0-9a-fA-F]/.test(String.fromCharCode(unit));
const isHexEncoding = (text: Text, index: number) =>
  /^%[0-9a-fA-F]{2}$/.test(requireText(text, "pattern").slice(index, index + 3));
const same = (a: Uri | null, b: Uri | null) => a === b || (a !== null && b !== null && a.clrEquals(b));

export const uriType = declareType({
  name: "System.Uri",
  kind: "class",
  is: (value) => value instanceof Uri,
  toString: (value: Uri) => value.toClrString(),
  equals: (a: Uri, b: Uri) => a.clrEquals(b),
  members: {
    "new Uri(string uriString)": (text: Text) => Uri.parse(requireText(text)),
    "new Uri(string uriString, UriKind uriKind)": (text: Text, kind: EnumValue) =>
      Uri.parse(requireText(text), kindOf(kind)),
    "new Uri(Uri baseUri, string relativeUri)": (base: Uri | null, text: Text) => fromBase(base, text ?? ""),
    "new Uri(Uri baseUri, Uri relativeUri)": (base: Uri | null, uri: Uri | null) =>
      fromBase(base, requireUri(uri, "relativeUri").original),
    "static string SchemeDelimiter { get; }": () => "://",
    "static string UriSchemeFile { get; }": () => "file",
    "static string UriSchemeFtp { get; }": () => "ftp",
    "static string UriSchemeGopher { get; }": () => "gopher",
    "static string UriSchemeHttp { get; }": () => "http",
    "static string UriSchemeHttps { get; }": () => "https",
    "static string UriSchemeMailto { get; }": () => "mailto",
    "static string UriSchemeNetPipe { get; }": () => "net.pipe",
    "static string UriSchemeNetTcp { get; }": () => "net.tcp",
    "static string UriSchemeNews { get; }": () => "news",
    "static string UriSchemeNntp { get; }": () => "nntp",
    "string AbsolutePath { get; }": (uri: Uri) => uri.parts.path,
    "string AbsoluteUri { get; }": (uri: Uri) => uri.absoluteUri,
    "string Authority { get; }": (uri: Uri) => uri.authority,
    "string DnsSafeHost { get; }": (uri: Uri) => uri.parts.host.replace(/^\[|\]$/g, ""),
    "string Fragment { get; }": (uri: Uri) => uri.parts.fragment,
    "string Host { get; }": (uri: Uri) => uri.parts.host,
    "UriHostNameType HostNameType { get; }": (uri: Uri) => hostKind(uri.parts.hostKind),
    "string IdnHost { get; }": (uri: Uri) => uri.parts.idnHost,
    "bool IsAbsoluteUri { get; }": (uri: Uri) => uri.isAbsolute,
    "bool IsDefaultPort { get; }": (uri: Uri) => uri.isDefaultPort,
    "bool IsFile { get; }": (uri: Uri) => uri.parts.scheme === "file",
    "bool IsLoopback { get; }": (uri: Uri) => uri.isLoopback,
    "bool IsUnc { get; }": (uri: Uri) => uri.parts.scheme === "file" && uri.parts.host !== "",
    "string LocalPath { get; }": (uri: Uri) => uri.localPath,
    "string OriginalString { get; }": (uri: Uri) => uri.original,
    "string PathAndQuery { get; }": (uri: Uri) => uri.parts.path + uri.parts.query,
    "int Port { get; }": (uri: Uri) => uri.parts.port,
    "string Query { get; }": (uri: Uri) => uri.parts.query,
    "string Scheme { get; }": (uri: Uri) => uri.parts.scheme,
    "string[] Segments { get; }": (uri: Uri) => new ClrArray("string", uri.segments),
    "bool UserEscaped { get; }": () => false,
    "string UserInfo { get; }": (uri: Uri) => uri.parts.userInfo,
    "static UriHostNameType CheckHostName(string name)": checkHostName,
    "static bool CheckSchemeName(string schemeName)": (name: Text) =>
      name !== null && /^[A-Za-z][A-Za-z0-9+.-]*$/.test(name),
    "static string EscapeDataString(string stringToEscape)": (text: Text) =>
      percentEncode(requireText(text, "stringToEscape"), UNRESERVED),
    "static string EscapeUriString(string stringToEscape)": (text: Text) =>
      percentEncode(requireText(text, "stringToEscape"), RESERVED_TOO),
    "static string UnescapeDataString(string stringToUnescape)": (text: Text) =>
      percentDecode(requireText(text, "stringToUnescape")),
    "static int FromHex(char digit)": (unit: number) => {
      if (!isHexDigit(unit)) throw new ArgumentException("Value does not fall within the expected range.", "digit");
      return Number.parseInt(String.fromCharCode(unit), 16);
    },
    "static string HexEscape(char character)": (unit: number) => {
      if (unit > 255) throw new ArgumentOutOfRangeException("character");
      return `%${unit.toString(16).toUpperCase().padStart(2, "0")}`;
    },
    "static char HexUnescape(string pattern, ref int index)": (text: Text, index: Cell<number>) => {
      const pattern = requireText(text, "pattern");
      if (index.value < 0 || index.value >= pattern.length) throw new ArgumentOutOfRangeException("index");
      const encoded = isHexEncoding(pattern, index.value);
      const start = index.value;
      index.value += encoded ? 3 : 1;
      return encoded ? Number.parseInt(pattern.slice(start + 1, start + 3), 16) : pattern.charCodeAt(start);
    },
    "static bool IsHexDigit(char character)": isHexDigit,
    "static bool IsHexEncoding(string pattern, int index)": isHexEncoding,
    "string GetLeftPart(UriPartial part)": (uri: Uri, part: EnumValue) => uri.leftPart(part.value),
    "bool IsBaseOf(Uri uri)": (uri: Uri, other: Uri | null) => uri.isBaseOf(requireUri(other, "uri")),
    "bool IsWellFormedOriginalString()": (uri: Uri) => !uri.isAbsolute || uri.absoluteUri.startsWith(uri.original),
    "static bool IsWellFormedUriString(string uriString, UriKind uriKind)": (text: Text, kind: EnumValue) => {
      const result: Cell<Uri | null> = { value: null };
      if (text === null || !tryCreate(result, () => Uri.parse(text, kindOf(kind)))) return false;
      return !/[^\x21-\x7e]|["<>\\^`{|}]|%(?![0-9a-fA-F]{2})/.test(text);
    },
    "Uri MakeRelativeUri(Uri uri)": (uri: Uri, other: Uri | null) => uri.relativeTo(requireUri(other, "uri")),
    "static bool TryCreate(string uriString, UriKind uriKind, out Uri result)": (
      text: Text,
      kind: EnumValue,
      result: Cell<Uri | null>,
    ) => tryCreate(result, () => Uri.parse(requireText(text), kindOf(kind))),
    "static bool TryCreate(Uri baseUri, string relativeUri, out Uri result)": (
      base: Uri | null,
      text: Text,
      result: Cell<Uri | null>,
    ) => tryCreate(result, () => fromBase(base, requireText(text))),
    "static bool TryCreate(Uri baseUri, Uri relativeUri, out Uri result)": (
      base: Uri | null,
      uri: Uri | null,
      result: Cell<Uri | null>,
    ) => tryCreate(result, () => fromBase(base, requireUri(uri, "relativeUri").original)),
    "string ToString()": (uri: Uri) => uri.toClrString(),
    "bool Equals(object comparand)": (uri: Uri, other: unknown) => uri.clrEquals(other),
    "static bool operator ==(Uri uri1, Uri uri2)": same,
    "static bool operator !=(Uri uri1, Uri uri2)": (a: Uri | null, b: Uri | null) => !same(a, b),
  },
});
