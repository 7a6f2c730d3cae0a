import type { Evaluate } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, definePolicy, type Step } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";

interface Branch {
  /** Buffers what the condition reads. Only the conditions that are reached pay for it. */
  prefetch: Step | undefined;
  condition: Evaluate<boolean>;
  steps: Step;
}

export const choose = definePolicy({
  name: "choose",
  summary: "Runs the policies of the first branch whose condition is true.",
  category: "control flow",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  prefetch: "own",
  children: {
    when: {
      doc: "A branch; conditions are evaluated in order until one is true.",
      min: 1,
      attributes: {
        condition: { type: "bool", expression: true, required: true, doc: "When true, this branch runs." },
      },
      policies: "any",
    },
    otherwise: { doc: "Runs when no condition is true.", max: 1, policies: "any" },
  },
  load(element, loader) {
    const branches = loader.children(element, "when").map(
      (when): Branch => ({
        prefetch: loader.prefetch(when),
        condition: loader.bool(when, "condition", false),
        steps: loader.steps(when.children),
      }),
    );
    const otherwise = loader.child(element, "otherwise");
    const last = otherwise ? loader.steps(otherwise.children) : undefined;
    return (x) => select(branches, last, x, 0);
  },
});

function select(branches: readonly Branch[], last: Step | undefined, x: Exchange, from: number): void | Promise<void> {
  for (let i = from; i < branches.length; i++) {
    const branch = branches[i] as Branch;
    const waiting = branch.prefetch?.(x);
    if (waiting) {
      return waiting.then(() => (branch.condition(x) ? branch.steps(x) : select(branches, last, x, i + 1)));
    }
    if (branch.condition(x)) return branch.steps(x);
  }
  return last?.(x);
}
