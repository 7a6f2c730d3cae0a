import type { ChildDescription, ElementDescription, PolicyDescription, ValueDescription } from "./describe.ts";

/** The reference page of one policy in Markdown, with a tried example where there is one. */
export function referencePage(policy: PolicyDescription, example: string | undefined): string {
  const lines = [
    `# ${policy.name}`,
    "",
    policy.summary,
    "",
    `Category: ${policy.category}. Sections: ${policy.sections.join(", ")}. Scopes: ${policy.scopes.join(", ")}.${policy.once ? " At most once in a section." : ""}`,
    "",
  ];
  if (example !== undefined) lines.push("```xml", example.trimEnd(), "```", "");
  lines.push(...elementLines(policy));
  const nested = nestedElements(policy.children, []);
  for (const [path, child] of nested) {
    lines.push(`## ${path.map((name) => `\`${name}\``).join(" › ")}`, "", child.doc ?? "", "", ...elementLines(child));
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/** The index of all reference pages. */
export function referenceIndex(policies: readonly PolicyDescription[], unsupported: readonly string[]): string {
  const categories = [...new Set(policies.map((policy) => policy.category))].sort();
  const lines = [
    "# Policies",
    "",
    "Generated from the policies' schemas by `gatehouse policies --update-docs`; `npm test` fails when it is out of date.",
    "",
  ];
  for (const category of categories) {
    lines.push(`## ${category}`, "", "| policy | what it does |", "|---|---|");
    for (const policy of policies.filter((candidate) => candidate.category === category)) {
      lines.push(`| [${policy.name}](${policy.name}.md) | ${cell(policy.summary)} |`);
    }
    lines.push("");
  }
  if (unsupported.length > 0) {
    lines.push("## Not carried out yet", "", "A document that uses one of these does not compile, and says so:", "");
    lines.push(unsupported.map((name) => `\`${name}\``).join(", "), "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function elementLines(element: Partial<ElementDescription>): string[] {
  const lines: string[] = [];
  const attributes = Object.entries(element.attributes ?? {});
  if (attributes.length > 0) {
    lines.push("| attribute | type | required | default | expression | meaning |", "|---|---|---|---|---|---|");
    for (const [name, value] of attributes) {
      lines.push(
        `| \`${name}\` | ${typeText(value)} | ${yes(value.required)} | ${defaultText(value)} | ${yes(value.expression)} | ${cell(value.doc)} |`,
      );
    }
    lines.push("");
  }
  if (element.text) {
    lines.push(
      `Text: ${cell(element.text.doc)} ${typeText(element.text)}${element.text.expression ? ", may be an expression" : ""}.`,
      "",
    );
  }
  const children = Object.entries(element.children ?? {});
  if (children.length > 0) {
    lines.push(element.anyOrder ? "Elements, in any order:" : "Elements, in this order:", "");
    for (const [name, child] of children) lines.push(`- \`${name}\` (${occurrence(child)})${childText(child)}`);
    lines.push("");
  }
  if (element.policies === "any") lines.push("Holds any policies that are allowed in the section.", "");
  else if (element.policies)
    lines.push(`Holds policies: ${element.policies.map((name) => `\`${name}\``).join(", ")}.`, "");
  return lines;
}

function nestedElements(
  children: Readonly<Record<string, ChildDescription>>,
  path: readonly string[],
): [string[], ChildDescription][] {
  return Object.entries(children).flatMap(([name, child]): [string[], ChildDescription][] => {
    const hasMore =
      Object.keys(child.attributes ?? {}).length > 0 ||
      Object.keys(child.children ?? {}).length > 0 ||
      child.text ||
      child.policies;
    if (child.policy !== undefined || !hasMore) return [];
    const own = [...path, name];
    return [[own, child], ...nestedElements(child.children ?? {}, own)];
  });
}

function childText(child: ChildDescription): string {
  if (child.policy !== undefined) return `: the policy [${child.policy}](${child.policy}.md)`;
  return child.doc ? `: ${cell(child.doc)}` : "";
}

function occurrence({ min, max }: ChildDescription): string {
  if (max === undefined) return min === 0 ? "any number" : `${min} or more`;
  if (min === max) return min === 1 ? "required" : `exactly ${min}`;
  return min === 0 && max === 1 ? "optional" : `${min} to ${max}`;
}

function typeText(value: ValueDescription): string {
  if (value.values) return value.values.map((word) => `\`${word}\``).join(" or ");
  const range =
    value.min !== undefined && value.max !== undefined
      ? ` ${value.min} to ${value.max}`
      : value.min !== undefined
        ? ` ≥ ${value.min}`
        : value.max !== undefined
          ? ` ≤ ${value.max}`
          : "";
  return `${value.type}${range}`;
}

function defaultText(value: ValueDescription): string {
  return value.default === undefined ? "" : `\`${value.default}\``;
}

function yes(value: boolean): string {
  return value ? "yes" : "no";
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
