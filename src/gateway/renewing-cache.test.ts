import { expect, it } from "vitest";
import { ManualClock } from "../policy/testing/exchange.ts";
import { RenewingCache } from "./renewing-cache.ts";

function setup(most = 10) {
  const clock = new ManualClock(0);
  const cache = new RenewingCache<string>(clock, { most, retryMs: 100 });
  const fetched: string[] = [];
  const get = (key: string) =>
    cache.get(key, async () => {
      fetched.push(key);
      return { value: `${key}${fetched.length}`, renewAt: clock.time + 500, until: clock.time + 1000 };
    });
  return { clock, cache, fetched, get };
}

it("gives a value at once while it holds", async () => {
  const { clock, fetched, get } = setup();
  expect(await Promise.all([get("a"), get("a")])).toEqual(["a1", "a1"]);
  clock.time = 499;
  expect(get("a")).toBe("a1");
  clock.time = 500;
  expect(get("a")).toBe("a1");
  expect(get("a")).toBe("a1");
  expect(fetched).toEqual(["a", "a"]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(get("a")).toBe("a2");
  clock.time = 1500;
  expect(await get("a")).toBe("a3");
});

it("keeps the values that were used last", async () => {
  const { fetched, get } = setup(4);
  for (const key of ["a", "b", "c", "d"]) await get(key);
  expect(get("a")).toBe("a1");
  await get("e");
  expect(get("a")).toBe("a1");
  await get("b");
  expect(fetched).toEqual(["a", "b", "c", "d", "e", "b"]);
});

it("waits after a failure, but gives what still holds", async () => {
  const { clock, cache } = setup();
  let calls = 0;
  const failing = () => {
    calls++;
    return Promise.reject(new Error(`failure ${calls}`));
  };
  const attempt = async () => cache.get("a", failing);
  await expect(attempt()).rejects.toThrow("failure 1");
  clock.time = 99;
  await expect(attempt()).rejects.toThrow("failure 1");
  clock.time = 100;
  await expect(attempt()).rejects.toThrow("failure 2");
  clock.time = 200;
  expect(await cache.get("a", async () => ({ value: "good", renewAt: 0, until: 1000 }))).toBe("good");
  expect(cache.get("a", failing)).toBe("good");
  await new Promise((resolve) => setImmediate(resolve));
  expect(cache.get("a", failing)).toBe("good");
  expect(calls).toBe(3);
});
