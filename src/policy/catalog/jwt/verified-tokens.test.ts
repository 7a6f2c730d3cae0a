import { describe, expect, it } from "vitest";
import { Jwt } from "../../expression/context/jwt.ts";
import type { VerifiedToken } from "./signature.ts";
import { VerifiedTokens } from "./verified-tokens.ts";

const token = (signed = true, size = 100): VerifiedToken => ({ jwt: new Jwt({}, {}), signed, size });

describe("VerifiedTokens", () => {
  it("remembers what was verified", async () => {
    const tokens = new VerifiedTokens();
    const verified = token();
    expect(tokens.get("a")).toBeUndefined();
    expect(await tokens.verify("a", async () => verified)).toBe(verified);
    expect(tokens.get("a")).toBe(verified);
    expect(tokens.get("b")).toBeUndefined();
  });

  it("verifies once for all who wait, and again after a failure", async () => {
    const tokens = new VerifiedTokens();
    let calls = 0;
    const fail = async () => {
      calls++;
      await null;
      throw new Error("bad");
    };
    const results = await Promise.allSettled([tokens.verify("a", fail), tokens.verify("a", fail)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(calls).toBe(1);
    expect(tokens.get("a")).toBeUndefined();
    await tokens.verify("a", async () => token());
    expect(tokens.get("a")).toBeDefined();
  });

  it("does not remember unsigned tokens, which cost nothing to make", async () => {
    const tokens = new VerifiedTokens();
    await tokens.verify("a", async () => token(false));
    expect(tokens.get("a")).toBeUndefined();
  });

  it.each([
    ["number", 100, 12_000],
    ["size", 60_000, 400],
  ])("is bounded by %s, and keeps those in use", async (_by, size, count) => {
    const tokens = new VerifiedTokens();
    await tokens.verify("used", async () => token(true, size));
    await tokens.verify("idle", async () => token(true, size));
    for (let i = 0; i < count; i++) {
      await tokens.verify(`t${i}`, async () => token(true, size));
      expect(tokens.get("used")).toBeDefined();
    }
    expect(tokens.get("idle")).toBeUndefined();
    expect(tokens.get("t0")).toBeUndefined();
    expect(tokens.get(`t${count - 1}`)).toBeDefined();
  });

  it("tells tokens apart by all of their text", () => {
    expect(VerifiedTokens.digest("a.b.c")).toMatch(/^[0-9a-f]{64}$/);
    expect(VerifiedTokens.digest("a.b.c")).not.toBe(VerifiedTokens.digest("a.b.d"));
  });
});
