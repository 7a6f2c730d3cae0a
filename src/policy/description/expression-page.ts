import { policyDialect } from "../expression/library.ts";
import type { Member, Registry, TypeDefinition } from "../expression/registry.ts";
import { type LanguageFeature, REFUSED_FEATURES, SUPPORTED_FEATURES } from "./expression-features.ts";

const CONTEXT_NAMESPACE = "Gatehouse";
const CONTEXT_TYPE = "Gatehouse.IProxyRequestContext";

const MEMBER_ORDER: readonly Member["kind"][] = [
  "constructor",
  "property",
  "indexer",
  "method",
  "operator",
  "conversion",
];

/**
 * The page of what expressions may use, in Markdown: the language, `context` and what it leads to, then every type by
 * namespace. Types and members come from the declarations that expressions are compiled against, so it lists exactly
 * what compiles.
 */
export function expressionPage(): string {
  const { registry } = policyDialect().language;
  const definitions = [...registry.definitions];
  const delegates = definitions.filter((type) => type.delegate);
  const ofContext = contextTypes(registry, definitions);
  const others = definitions.filter((type) => !type.delegate && !ofContext.includes(type));
  const lines = [
    "# What policy expressions may use",
    "",
    "Generated from the declarations that expressions are compiled against, by `gatehouse policies --update-docs`; `npm test` fails when it is out of",
    "date. How expressions behave: [the guide](guide/expressions.md).",
    "",
    ...languageLines(),
    "## `context`",
    "",
    "`context` is an `IProxyRequestContext`. A member that reads `Type Name { get; }` is a property; one with `this` before its first parameter is called",
    "on that parameter. Every type has the members of `Object` as well. Namespaces are left out of the signatures.",
    "",
    ...ofContext.flatMap(typeLines),
  ];
  const namespaces = [...new Set(others.map((type) => type.namespace))].sort();
  for (const namespace of namespaces) {
    const types = others.filter((type) => type.namespace === namespace).sort(byName);
    lines.push(`## ${namespace}`, "", ...types.flatMap(typeLines));
  }
  lines.push(
    "## Delegates",
    "",
    "A lambda or a method group becomes one of these.",
    "",
    ...codeBlock(delegates.map(delegateLine)),
  );
  return `${lines.join("\n").trimEnd()}\n`;
}

function languageLines(): string[] {
  const item = ({ name, samples }: LanguageFeature) => `- ${name}: ${samples.map(inlineCode).join(", ")}`;
  return [
    "## The language",
    "",
    "C# 7. `@( )` holds one expression, `@{ }` statements of which every path returns.",
    "",
    ...SUPPORTED_FEATURES.map(item),
    "",
    "What follows does not compile; the message says where it stands and what to write instead:",
    "",
    ...REFUSED_FEATURES.map(item),
    "",
  ];
}

/** Types of the context in the order in which one meets them from `context`, then those reached by casts and extension methods. */
function contextTypes(registry: Registry, definitions: readonly TypeDefinition[]): TypeDefinition[] {
  const rest = new Map(
    definitions
      .filter((type) => type.namespace === CONTEXT_NAMESPACE && !type.delegate)
      .sort(byName)
      .map((type) => [type.simpleName, type]),
  );
  const found: TypeDefinition[] = [];
  const take = (name: string) => {
    const type = rest.get(name);
    if (!type) return;
    rest.delete(name);
    found.push(type);
  };
  take(registry.type(CONTEXT_TYPE).definition.simpleName);
  // `found` grows while it is walked: nearest types first.
  for (const type of found) {
    for (const text of [...(type.declaration.interfaces ?? []), ...signatures(type)]) {
      for (const [word] of text.matchAll(/\w+/g)) take(word);
    }
  }
  return [...found, ...rest.values()];
}

function typeLines(type: TypeDefinition): string[] {
  const { declaration } = type;
  const parents = [...(declaration.base ? [declaration.base] : []), ...(declaration.interfaces ?? [])];
  const kind = declaration.kind === "static" ? "static class" : declaration.kind;
  const keyword = declaration.keyword ? `, keyword \`${declaration.keyword}\`` : "";
  const inherits =
    parents.length > 0 ? ` that is also ${parents.map((text) => inlineCode(short(text))).join(", ")}` : "";
  const members = signatures(type).map(short);
  const values = Object.entries(declaration.values ?? {}).map(([name, value]) => `${name} = ${value}`);
  return [
    `### ${displayName(type)}`,
    "",
    `${kind}${inherits}${keyword}`.replace(/^\w/, (first) => first.toUpperCase()),
    "",
    ...codeBlock([...members, ...values]),
  ];
}

/** Signatures as declared: constructors first, then by name. */
function signatures(type: TypeDefinition): string[] {
  return [...type.members.values()]
    .flat()
    .map((member) => ({ rank: MEMBER_ORDER.indexOf(member.kind), name: member.name, signature: member.signature }))
    .sort((a, b) => a.rank - b.rank || compare(a.name, b.name))
    .map(({ signature }) => signature);
}

function delegateLine(type: TypeDefinition): string {
  const shape = type.delegate;
  const parameters = shape?.parameters.map((parameter) => short(parameter.toString())).join(", ") ?? "";
  return `${displayName(type)}: (${parameters}) => ${short(shape?.result.toString() ?? "void")}`;
}

function displayName(type: TypeDefinition): string {
  return type.simpleName + type.declaration.name.slice(type.fullName.length);
}

function short(text: string): string {
  return text.replace(/\b(?:System|Newtonsoft|Gatehouse)\.(?:\w+\.)*(?=\w)/g, "");
}

function codeBlock(lines: readonly string[]): string[] {
  return lines.length > 0 ? ["```csharp", ...lines, "```", ""] : [];
}

function inlineCode(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function byName(a: TypeDefinition, b: TypeDefinition): number {
  return compare(a.simpleName, b.simpleName) || a.parameters.length - b.parameters.length;
}

/** By code units, the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
