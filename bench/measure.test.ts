import { expect, test } from "vitest";
import { type ProcessStat, parseStat, processTree } from "./measure.ts";

test("processor time is what the process used in user and in kernel mode", () => {
  const text =
    "4242 (nginx) S 17 4242 4242 0 -1 4194624 900 0 3 0 251 49 7 8 20 0 1 0 123456 12345678 900 18446744073709551615 1 1";
  expect(parseStat(text)).toEqual({ pid: 4242, parent: 17, ticks: 300 });
});

test("a name with spaces and parentheses does not shift the fields", () => {
  expect(parseStat("7 (a) S 1 (b) R 3 7 7 0 -1 0 0 0 0 0 5 6 0 0 20")).toEqual({ pid: 7, parent: 3, ticks: 11 });
});

test.each(["", "nonsense", "7 (a) R 3"])("%j is no process", (text) => {
  expect(parseStat(text)).toBeUndefined();
});

test("a tree is the process and all that descend from it, in whatever order they are listed", () => {
  const stat = (pid: number, parent: number): ProcessStat => ({ pid, parent, ticks: 0 });
  const stats = [stat(30, 20), stat(1, 0), stat(20, 10), stat(10, 1), stat(21, 10), stat(11, 1)];
  const pids = processTree(10, stats).map(({ pid }) => pid);
  expect(pids.sort()).toEqual([10, 20, 21, 30]);
  expect(processTree(99, stats)).toEqual([]);
});
