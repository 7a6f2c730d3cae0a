import type { Match } from "./match.ts";
import type { Program } from "./program.ts";

/** What a part of a replacement puts in: literal text, a group's text, or a part of the input. */
type Part = string | { group: number } | { part: "before" | "after" | "last" | "input" };

const parsed = new WeakMap<Program, Map<string, readonly Part[]>>();

/**
 * The replacement of a match: `$1`, `${name}`, `$$`, `$&`, `` $` ``, `$'`, `$+`, `$_`. A dollar sign that begins none
 * of them, or names a group that does not exist, is literal.
 */
export function expandReplacement(program: Program, replacement: string, match: Match): string {
  if (!replacement.includes("$")) return replacement;
  return partsOf(program, replacement)
    .map((part) => (typeof part === "string" ? part : textOf(part, match)))
    .join("");
}

function partsOf(program: Program, replacement: string): readonly Part[] {
  let known = parsed.get(program);
  if (!known || known.size > 50) parsed.set(program, (known = new Map()));
  let parts = known.get(replacement);
  if (!parts) known.set(replacement, (parts = parse(program, replacement)));
  return parts;
}

const SPECIALS: Readonly<Record<string, Part>> = {
  $: "$",
  "&": { group: 0 },
  "`": { part: "before" },
  "'": { part: "after" },
  "+": { part: "last" },
  _: { part: "input" },
};

function parse(program: Program, replacement: string): Part[] {
  const parts: Part[] = [];
  const pattern = /\$(?:([$&`'+_])|([0-9]{1,9})|\{([\w]{1,200})\})/g;
  let from = 0;
  for (const found of replacement.matchAll(pattern)) {
    const part = partFor(program, found);
    if (part === null) continue;
    parts.push(replacement.slice(from, found.index), part);
    from = found.index + found[0].length;
  }
  parts.push(replacement.slice(from));
  return parts;
}

function partFor(program: Program, [, special, digits, name]: RegExpExecArray): Part | null {
  if (special !== undefined) return SPECIALS[special] ?? null;
  const text = digits ?? name ?? "";
  const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : program.groupNames.get(text);
  return number !== undefined && program.groupNumbers.includes(number) ? { group: number } : null;
}

function textOf(part: Exclude<Part, string>, match: Match): string {
  if ("group" in part) return match.groups.byNumber(part.group).value;
  switch (part.part) {
    case "before":
      return match.input.slice(0, match.index);
    case "after":
      return match.input.slice(match.end);
    case "last":
      return match.groups.items.at(-1)?.value ?? "";
    default:
      return match.input;
  }
}
