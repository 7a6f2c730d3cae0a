import { declareType, type TypeDeclaration } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";
import { XName, XNamespace } from "./name.ts";

function text(value: string | null, parameter: string): string {
  if (value === null) throw new ArgumentNullException(parameter);
  return value;
}

const same = (a: XName | XNamespace | null, b: XName | XNamespace | null) =>
  a === b || (a !== null && b !== null && a.clrEquals(b));

export const nameTypes: TypeDeclaration[] = [
  declareType({
    name: "System.Xml.Linq.XName",
    kind: "class",
    is: (value) => value instanceof XName,
    equals: (a: XName, b: XName) => a.is(b),
    members: {
      "string LocalName { get; }": (name: XName) => name.localName,
      "XNamespace Namespace { get; }": (name: XName) => new XNamespace(name.namespaceName),
      "string NamespaceName { get; }": (name: XName) => name.namespaceName,
      "static XName Get(string expandedName)": XName.parse,
      "static XName Get(string localName, string namespaceName)": (local: string | null, namespace: string | null) =>
        XName.of(text(local, "localName"), text(namespace, "namespaceName")),
      "static implicit operator XName(string expandedName)": (name: string | null) =>
        name === null ? null : XName.parse(name),
      "static bool operator ==(XName left, XName right)": same,
      "static bool operator !=(XName left, XName right)": (a: XName | null, b: XName | null) => !same(a, b),
      "string ToString()": (name: XName) => name.toClrString(),
    },
  }),
  declareType({
    name: "System.Xml.Linq.XNamespace",
    kind: "class",
    is: (value) => value instanceof XNamespace,
    equals: (a: XNamespace, b: XNamespace) => a.clrEquals(b),
    members: {
      "string NamespaceName { get; }": (namespace: XNamespace) => namespace.namespaceName,
      "static XNamespace None { get; }": () => XNamespace.none,
      "static XNamespace Xml { get; }": () => XNamespace.xml,
      "static XNamespace Xmlns { get; }": () => XNamespace.xmlns,
      "static XNamespace Get(string namespaceName)": (name: string | null) =>
        new XNamespace(text(name, "namespaceName")),
      "XName GetName(string localName)": (namespace: XNamespace, local: string | null) =>
        XName.of(text(local, "localName"), namespace.namespaceName),
      "static implicit operator XNamespace(string namespaceName)": (name: string | null) =>
        name === null ? null : new XNamespace(name),
      "static XName operator +(XNamespace ns, string localName)": (
        namespace: XNamespace | null,
        local: string | null,
      ) => {
        if (namespace === null) throw new ArgumentNullException("ns");
        return XName.of(text(local, "localName"), namespace.namespaceName);
      },
      "static bool operator ==(XNamespace left, XNamespace right)": same,
      "static bool operator !=(XNamespace left, XNamespace right)": (a: XNamespace | null, b: XNamespace | null) =>
        !same(a, b),
      "string ToString()": (namespace: XNamespace) => namespace.namespaceName,
    },
  }),
];
