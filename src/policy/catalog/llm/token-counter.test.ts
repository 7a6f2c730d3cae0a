import { describe, expect, it } from "vitest";
import { countTokens, TokenMeter } from "./token-counter.ts";

describe("countTokens", () => {
  it.each([
    ["", 0],
    ["hello world", 2],
    ["The quick brown fox jumps over the lazy dog.", 10],
    ["Straße", 2],
  ])("counts %j", async (text, tokens) => {
    expect(await countTokens(text)).toBe(tokens);
  });

  it("takes the names of control tokens for text", async () => {
    expect(await countTokens("<|endoftext|>")).toBeGreaterThan(1);
  });

  it("counts long texts about as it counts short ones", async () => {
    const sentence = "The quick brown fox jumps over the lazy dog. ";
    const one = await countTokens(sentence);
    for (const times of [200, 5000]) {
      const tokens = await countTokens(sentence.repeat(times));
      expect(tokens / (one * times)).toBeGreaterThan(0.9);
      expect(tokens / (one * times)).toBeLessThan(1.1);
    }
  });

  it("sees what a long text holds behind its beginning", async () => {
    const plain = " ".repeat(100_000);
    const dense = "漢字仮名交".repeat(20_000);
    expect(await countTokens(plain + dense)).toBeGreaterThan(30_000);
  });

  it("copes with a text without any word boundary", async () => {
    expect(await countTokens("a".repeat(200_000))).toBeGreaterThan(10_000);
  });
});

describe("TokenMeter", () => {
  it("counts pieces as their whole", async () => {
    await countTokens("loads the tokenizer");
    const text = "Pieces of a text that arrives word by word, as models give it. ".repeat(40);
    const meter = new TokenMeter();
    for (const piece of text.match(/\s*\S+/g) ?? []) meter.add(piece);
    const whole = await countTokens(text.trim());
    expect(meter.total()).toBeTypeOf("number");
    expect(Math.abs((meter.total() as number) - whole)).toBeLessThan(whole * 0.05);
  });

  it("is nothing for nothing", () => {
    expect(new TokenMeter().total()).toBe(0);
  });

  it("takes the rest of a very long answer to be like its beginning", async () => {
    const meter = new TokenMeter();
    for (let i = 0; i < 40; i++) meter.add("word ".repeat(1000));
    expect(await meter.total()).toBeGreaterThan(38_000);
    expect(await meter.total()).toBeLessThan(42_000);
  });
});
