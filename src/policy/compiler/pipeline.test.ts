import { describe, expect, it } from "vitest";
import { ResponseMessage } from "../exchange/message.ts";
import { testExchange } from "../testing/exchange.ts";
import { type LoadedStep, runSteps, StepFailure } from "./pipeline.ts";
import type { Step } from "./schema.ts";

function steps(...runs: Step[]): LoadedStep[] {
  return runs.map((run, index) => ({ run, scope: "api", element: { name: `s${index}`, at: "p.xml:1:1" } }));
}

const soon = () => Promise.resolve();

describe("runSteps", () => {
  it("stays synchronous as long as the steps do", () => {
    const order: string[] = [];
    const result = runSteps(
      steps(
        () => void order.push("a"),
        () => void order.push("b"),
      ),
      testExchange(),
    );
    expect(result).toBeUndefined();
    expect(order).toEqual(["a", "b"]);
  });

  it("keeps the order when a step waits", async () => {
    const order: string[] = [];
    const x = testExchange();
    await runSteps(
      steps(
        async () => {
          await soon();
          order.push("a");
        },
        () => void order.push("b"),
        async () => void order.push("c"),
      ),
      x,
    );
    expect(order).toEqual(["a", "b", "c"]);
  });

  it.each([false, true])("stops once the exchange has ended (waiting: %s)", async (waiting) => {
    const x = testExchange();
    let later = false;
    await runSteps(
      steps(
        () => {
          x.end(new ResponseMessage(204));
          return waiting ? soon() : undefined;
        },
        () => {
          later = true;
        },
      ),
      x,
    );
    expect(later).toBe(false);
  });

  it("says in which step a failure happened, the innermost first", async () => {
    const cause = new Error("broken");
    const inner = steps(() => {
      throw cause;
    });
    const outer: LoadedStep = {
      run: (x) => runSteps(inner, x),
      scope: "global",
      element: { name: "outer", at: "p.xml:1:1" },
    };
    const rejecting: LoadedStep = { ...outer, run: async (x) => runSteps(inner, x) };
    for (const step of [outer, rejecting]) {
      const failure = await (async () => runSteps([step], testExchange()))().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StepFailure);
      expect((failure as StepFailure).element.name).toBe("s0");
      expect((failure as StepFailure).scope).toBe("api");
      expect((failure as StepFailure).cause).toBe(cause);
    }
  });
});
