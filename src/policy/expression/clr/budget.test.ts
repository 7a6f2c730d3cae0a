import { expect, test } from "vitest";
import { BUDGET, resetBudget, spend } from "./budget.ts";
import { BudgetExceededError } from "./exceptions.ts";

test("an evaluation stops when its budget is used up, and stays stopped", () => {
  resetBudget();
  spend(BUDGET);
  expect(() => spend()).toThrow(BudgetExceededError);
  expect(() => spend()).toThrow(BudgetExceededError);
  resetBudget();
  spend();
});

test("work outside of an evaluation is not counted", async () => {
  resetBudget();
  await Promise.resolve();
  spend(BUDGET + 1);
  spend(BUDGET + 1);
});
