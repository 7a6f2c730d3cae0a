import type { CharSet } from "./char-set.ts";
import type { Pattern } from "./syntax.ts";

/** Anything that answers membership of a code unit. */
export interface UnitSet {
  has(unit: number): boolean;
}

/** The characters a pattern may begin with. */
interface First {
  units: number[];
  sets: CharSet[];
  /** True when the pattern may match nothing, so that what follows it may come first. */
  nullable: boolean;
  /** True when nothing is known. */
  any: boolean;
}

const NOTHING: First = { units: [], sets: [], nullable: true, any: false };

/** Repetition writes a pattern out several times, so what is known of it is kept. */
const known = new WeakMap<Pattern, First>();

function firstOf(node: Pattern): First {
  let first = known.get(node);
  if (!first) known.set(node, (first = findFirst(node)));
  return first;
}

function findFirst(node: Pattern): First {
  switch (node.kind) {
    case "unit":
      return { units: [node.unit], sets: [], nullable: false, any: false };
    case "set":
      return { units: [], sets: [node.set], nullable: false, any: false };
    case "never":
      return { ...NOTHING, nullable: false };
    case "sequence": {
      let all = NOTHING;
      for (const item of node.items) {
        const first = firstOf(item);
        all = { ...union(all, first), nullable: first.nullable };
        if (!first.nullable) break;
      }
      return all;
    }
    case "choice":
      return unionAll(node.items.map(firstOf));
    case "loop": {
      const first = firstOf(node.body);
      return { ...first, nullable: first.nullable || node.min === 0 };
    }
    case "capture":
    case "atomic":
      return firstOf(node.body);
    case "condition":
      return union(firstOf(node.yes), firstOf(node.no));
    case "reference":
      return { ...NOTHING, any: true };
    default:
      return NOTHING;
  }
}

function union(a: First, b: First): First {
  return unionAll([a, b]);
}

function unionAll(parts: readonly First[]): First {
  return {
    units: parts.flatMap((part) => part.units),
    sets: parts.flatMap((part) => part.sets),
    nullable: parts.some((part) => part.nullable),
    any: parts.some((part) => part.any),
  };
}

/** More parts than this cost more to test than they save. */
const MAX_PARTS = 600;

/** The characters that a match must begin with; null when it may be empty or begin with anything. */
export function firstSet(node: Pattern): UnitSet | null {
  const { units, sets, nullable, any } = firstOf(node);
  if (nullable || any || units.length + sets.length > MAX_PARTS) return null;
  if (units.length === 0 && sets.length === 1) return sets[0] ?? null;
  const single = new Set(units);
  const ascii = Uint8Array.from({ length: 128 }, (_, unit) =>
    single.has(unit) || sets.some((set) => set.has(unit)) ? 1 : 0,
  );
  return { has: (unit) => (unit < 128 ? ascii[unit] === 1 : single.has(unit) || sets.some((set) => set.has(unit))) };
}

/** True when the pattern may match the empty string. */
export function isNullable(node: Pattern): boolean {
  return firstOf(node).nullable || firstOf(node).any;
}

/** The literal text that every match begins with. */
export function literalPrefix(node: Pattern): string {
  switch (node.kind) {
    case "unit":
      return String.fromCharCode(node.unit);
    case "capture":
    case "atomic":
      return literalPrefix(node.body);
    case "sequence": {
      let text = "";
      for (const item of node.items) {
        if (item.kind !== "unit") return text === "" ? literalPrefix(item) : text;
        text += String.fromCharCode(item.unit);
      }
      return text;
    }
    default:
      return "";
  }
}
