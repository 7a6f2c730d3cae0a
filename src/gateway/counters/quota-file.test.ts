import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ManualClock } from "../../policy/testing/exchange.ts";
import { MemoryCounters } from "./memory.ts";
import { QuotaFile } from "./quota-file.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-quota-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("totals outlive the process, windows that have passed do not", () => {
  const file = join(folder, "totals.json");
  const clock = new ManualClock(1_000_000);
  const before = new MemoryCounters(clock);
  const first = new QuotaFile(file, before);
  before.fixed("hour", 1_000_000, 3_600_000, 7);
  before.fixed("minute", 1_000_000, 60_000, 3);
  before.fixed("ever", 0, 0, 2);
  first.close();

  clock.time += 61_000;
  const after = new MemoryCounters(clock);
  new QuotaFile(file, after).close();
  expect(after.fixed("hour", 1_000_000, 3_600_000, 0)).toBe(7);
  expect(after.fixed("ever", 0, 0, 1)).toBe(3);
  expect(after.fixed("minute", 1_060_000, 60_000, 0)).toBe(0);
});

test("a file that is something else is an error, not an empty quota", () => {
  const file = join(folder, "other.json");
  writeFileSync(file, '{"key":1}');
  expect(() => new QuotaFile(file, new MemoryCounters(new ManualClock()))).toThrow("does not hold quota totals");
});

test("nothing counted, nothing written twice", () => {
  const file = join(folder, "idle.json");
  const quota = new QuotaFile(file, new MemoryCounters(new ManualClock()));
  quota.close();
  expect(existsSync(file)).toBe(true);
  rmSync(file);
  quota.save();
  expect(existsSync(file)).toBe(false);
});
