import { describe, expect, it } from "vitest";
import type { ProductInfo } from "../exchange/exchange.ts";
import { jsonResponse, llmApi } from "../testing/llm.ts";
import { compileXml } from "../testing/run-policy.ts";

const chat = { messages: [{ role: "user", content: "hi" }] };
const answer = () => jsonResponse({ usage: { prompt_tokens: 7, completion_tokens: 2 } });

describe.each(["llm-emit-token-metric", "azure-openai-emit-token-metric"])("%s", (name) => {
  it("measures total, prompt and completion", async () => {
    const { call, services } = llmApi(`<${name} namespace="shop"><dimension name="API ID" /></${name}>`);
    await call(chat, answer());
    const dimensions = [["API ID", "ai"]];
    expect(services.metrics.list).toEqual([
      { namespace: "shop", name: "Total Tokens", value: 9, dimensions },
      { namespace: "shop", name: "Prompt Tokens", value: 7, dimensions },
      { namespace: "shop", name: "Completion Tokens", value: 2, dimensions },
    ]);
  });
});

describe("llm-emit-token-metric", () => {
  const measured = async (attributes: string) => {
    const { call, services } = llmApi(
      `<llm-emit-token-metric ${attributes}><dimension name="Kind" value="x" /></llm-emit-token-metric>`,
    );
    await call(chat, answer());
    return services.metrics.list.map(({ name, value }) => [name, value]);
  };

  it("measures one kind alone, without the prompt, and under another name", async () => {
    expect(await measured('value-type="total-tokens"')).toEqual([["Total Tokens", 9]]);
    expect(await measured('value-type="prompt-tokens" name="In"')).toEqual([["In", 7]]);
    expect(await measured('ignore-prompt="true"')).toEqual([
      ["Total Tokens", 2],
      ["Completion Tokens", 2],
    ]);
    expect((await measured('name="My"')).map(([name]) => name)).toEqual([
      "My Total Tokens",
      "My Prompt Tokens",
      "My Completion Tokens",
    ]);
  });

  it("evaluates dimensions when it runs, and default ones when the answer is there", async () => {
    const {
      ask,
      answer: finish,
      services,
    } = llmApi(
      `<set-variable name="v" value="early" />
      <llm-emit-token-metric value-type="total-tokens"><dimension name='@("Na" + "me")' value='@((string)context.Variables["v"])' />
        <dimension name="Backend ID" /><dimension name="Product ID" /><dimension name="Location" /></llm-emit-token-metric>`,
    );
    const x = await ask(chat);
    x.variables.set("v", "late");
    x.facts.backendId = "model-1";
    x.product = { id: "gold" } as ProductInfo;
    await finish(x, answer());
    expect(services.metrics.list[0]?.dimensions).toEqual([
      ["Name", "early"],
      ["Backend ID", "model-1"],
      ["Product ID", "gold"],
      ["Location", "local"],
    ]);
  });

  it("measures nothing for errors", async () => {
    const { call, services } = llmApi('<llm-emit-token-metric><dimension name="API ID" /></llm-emit-token-metric>');
    await call(chat, jsonResponse({ usage: { prompt_tokens: 7 } }, 500));
    expect(services.metrics.list).toEqual([]);
  });

  it("warns about dimensions without a value and about too many, and needs one", () => {
    const findings = (children: string) =>
      compileXml(`<llm-emit-token-metric>${children}</llm-emit-token-metric>`).diagnostics.map(
        (d) => `${d.severity} ${d.code}`,
      );
    expect(findings("")).toEqual(["error missing-element"]);
    expect(findings('<dimension name="Operation" />')).toEqual(["warning invalid-policy"]);
    expect(findings('<dimension name="Operation ID" />')).toEqual([]);
    const own = (count: number) =>
      Array.from({ length: count }, (_, i) => `<dimension name="d${i}" value="x" />`).join("");
    expect(findings(`${own(5)}<dimension name="API ID" />`)).toEqual([]);
    expect(findings(own(6))).toEqual(["warning invalid-policy"]);
  });
});
