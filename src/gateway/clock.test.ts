import { expect, it } from "vitest";
import { systemClock } from "./clock.ts";

it("tells the time and sleeps", async () => {
  const before = Date.now();
  await systemClock.sleep(1);
  await systemClock.sleep(-5);
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
});

it("wakes with the signal's reason", async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(60_000, abort.signal);
  const reason = new Error("enough");
  abort.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(systemClock.sleep(60_000, abort.signal)).rejects.toBe(reason);
});

it("sleeps longer than a timer can", async () => {
  const abort = new AbortController();
  const sleeping = systemClock.sleep(2 ** 33, abort.signal);
  const early = await Promise.race([sleeping, new Promise((resolve) => setTimeout(() => resolve("still asleep"), 20))]);
  expect(early).toBe("still asleep");
  abort.abort(new Error("enough"));
  await expect(sleeping).rejects.toThrow("enough");
});
