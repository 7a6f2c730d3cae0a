import { canonicalJson, sha256 } from "./canonical-json.ts";
import type { Hash, Plan, PlanPart, PlanRoot } from "./plan.ts";

/** Collects parts by hash; equal parts are kept once. */
export class PlanBuilder {
  readonly #parts = new Map<Hash, PlanPart>();

  add(part: PlanPart): Hash {
    const hash = sha256(canonicalJson(part));
    this.#parts.set(hash, part);
    return hash;
  }

  build(root: PlanRoot): Plan {
    const parts = Object.fromEntries([...this.#parts].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { name: sha256(canonicalJson(root)), root, parts };
  }
}

/** The plan as bytes: canonical JSON of root and parts. Two compiles of the same catalog give the same text. */
export function serializePlan(plan: Plan): string {
  return canonicalJson({ name: plan.name, root: plan.root, parts: plan.parts });
}

/**
 * Reads a plan and proves that every part and the root are what their names say.
 * @throws Error naming what does not match.
 */
export function parsePlan(text: string): Plan {
  const plan = JSON.parse(text) as Plan;
  if (plan?.root?.format !== "gatehouse-plan/1") {
    throw new Error("This is not a Gatehouse plan of format gatehouse-plan/1.");
  }
  if (sha256(canonicalJson(plan.root)) !== plan.name) throw new Error("The plan's root does not match its name.");
  for (const [hash, part] of Object.entries(plan.parts)) {
    if (sha256(canonicalJson(part)) !== hash) throw new Error(`The plan's part ${hash} does not match its name.`);
  }
  return plan;
}
