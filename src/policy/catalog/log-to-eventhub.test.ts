import { describe, expect, it } from "vitest";
import type { LogEvent } from "../exchange/loggers.ts";
import { testExchange, testServices } from "../testing/exchange.ts";
import { compileXml, runXml } from "../testing/run-policy.ts";
import { cutText } from "./logging/cut-text.ts";

async function logged(xml: string): Promise<[string, LogEvent][]> {
  const events: [string, LogEvent][] = [];
  const loggers = { log: (id: string, event: LogEvent) => void events.push([id, event]) };
  await runXml(xml, testExchange({ services: { ...testServices(), loggers } }));
  return events;
}

describe("log-to-eventhub", () => {
  it("hands the message to the logger", async () => {
    expect(
      await logged('<log-to-eventhub logger-id="l">@(context.Request.Method + " done")</log-to-eventhub>'),
    ).toEqual([["l", { text: "GET done", partitionId: undefined, partitionKey: undefined }]]);
  });

  it("says which partition takes it", async () => {
    const keyed = `<log-to-eventhub logger-id="l" partition-key='@(context.Request.Method)'>a</log-to-eventhub>`;
    expect(await logged(`${keyed}<log-to-eventhub logger-id="l" partition-id="0"/>`)).toMatchObject([
      ["l", { text: "a", partitionKey: "GET" }],
      ["l", { text: "", partitionId: "0" }],
    ]);
  });

  it("cuts the message at 200 KB, between characters", async () => {
    const [[, event] = []] = await logged(
      '<log-to-eventhub logger-id="l">@("x" + new string(\'ä\', 150000))</log-to-eventhub>',
    );
    expect(event?.text).toBe(`x${"ä".repeat((200 * 1024 - 2) / 2)}`);
  });

  it.each([
    ["<log-to-eventhub>a</log-to-eventhub>", "missing-attribute"],
    ['<log-to-eventhub logger-id="@("l")">a</log-to-eventhub>', "expression-not-allowed"],
    ['<log-to-eventhub logger-id="l" partition-id="@("0")">a</log-to-eventhub>', "expression-not-allowed"],
    ['<log-to-eventhub logger-id="l" partition-id="0" partition-key="k">a</log-to-eventhub>', "invalid-policy"],
  ])("%s: %s", (xml, code) => {
    expect(compileXml(xml).diagnostics.map((d) => d.code)).toEqual([code]);
  });
});

describe("cutText", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abc", 2, "ab"],
    ["aä", 2, "a"],
    ["a😀", 4, "a"],
    ["a😀", 5, "a😀"],
    ["", 0, ""],
  ])("%j to %i bytes", (text, bytes, cut) => {
    expect(cutText(text, bytes)).toBe(cut);
  });
});
