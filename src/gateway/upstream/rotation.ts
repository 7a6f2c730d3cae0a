/** One member of a pool as the rotation sees it. */
export interface Rotated {
  weight: number;
  priority: number;
}

/**
 * Smooth weighted round robin within priority groups: of the lowest priority number that has a member available, each
 * member gets its share of calls, evenly spread. Members without weight get calls only where their group has no other.
 */
export class Rotation<T extends Rotated> {
  readonly #groups: { member: T; current: number }[][];

  constructor(members: readonly T[]) {
    const priorities = [...new Set(members.map((member) => member.priority))].sort((a, b) => a - b);
    this.#groups = priorities.map((priority) =>
      members.filter((member) => member.priority === priority).map((member) => ({ member, current: 0 })),
    );
  }

  /** @returns undefined where no member is available. */
  next(available: (member: T) => boolean): T | undefined {
    for (const group of this.#groups) {
      const found = pick(group, available);
      if (found) return found;
    }
    return undefined;
  }
}

function pick<T extends Rotated>(
  group: { member: T; current: number }[],
  available: (member: T) => boolean,
): T | undefined {
  const candidates = group.filter(({ member }) => available(member));
  const weighted = candidates.some(({ member }) => member.weight > 0);
  let total = 0;
  let best: { member: T; current: number } | undefined;
  for (const candidate of candidates) {
    const weight = weighted ? candidate.member.weight : 1;
    if (weight <= 0) continue;
    candidate.current += weight;
    total += weight;
    if (!best || candidate.current > best.current) best = candidate;
  }
  if (best) best.current -= total;
  return best?.member;
}
