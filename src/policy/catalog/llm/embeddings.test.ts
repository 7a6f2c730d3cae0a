import { expect, it } from "vitest";
import { ResponseMessage } from "../../exchange/message.ts";
import type { BackendChoice } from "../../exchange/services.ts";
import { parseUrl, type UrlParts } from "../../exchange/url.ts";
import { testExchange, testServices } from "../../testing/exchange.ts";
import { jsonResponse } from "../../testing/llm.ts";
import { embed } from "./embeddings.ts";

function embedder(url: string, answer: () => ResponseMessage = () => jsonResponse({ data: [{ embedding: [3, 4] }] })) {
  const services = testServices(answer);
  const choice: BackendChoice = {
    id: "e",
    base: parseUrl(url) as UrlParts,
    tls: undefined,
    proxy: undefined,
    authorize() {},
    report() {},
  };
  services.backends.choose = () => choice;
  return { services, x: testExchange({ services }) };
}

it.each([
  [
    "https://a.openai.azure.com/openai/deployments/ada/embeddings",
    "/openai/deployments/ada/embeddings?api-version=2024-10-21",
    false,
  ],
  [
    "https://a.openai.azure.com/openai/deployments/ada",
    "/openai/deployments/ada/embeddings?api-version=2024-10-21",
    false,
  ],
  [
    "https://a.openai.azure.com/openai/deployments/ada/embeddings?api-version=1",
    "/openai/deployments/ada/embeddings?api-version=1",
    false,
  ],
  [
    "https://a.openai.azure.com/openai/deployments/ada/?x=y",
    "/openai/deployments/ada/embeddings?x=y&api-version=2024-10-21",
    false,
  ],
  ["https://api.openai.com/v1", "/v1/embeddings", true],
  ["https://api.openai.com/v1/embeddings", "/v1/embeddings", true],
])("calls %s as %s", async (url, path, model) => {
  const { services, x } = embedder(url);
  expect([...(await embed(x, "e", "hello"))]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  const sent = services.sent[0];
  expect(`${sent?.url.path}${sent?.url.query}`).toBe(path);
  const content: unknown = JSON.parse(Buffer.from(sent?.body.buffered ?? []).toString());
  expect(content).toEqual({ input: "hello", ...(model ? { model: "text-embedding-3-small" } : {}) });
});

it("says nothing to the caller about what went wrong", async () => {
  const { x } = embedder("https://api.openai.com/v1", () => new ResponseMessage(401));
  await expect(embed(x, "e", "hello")).rejects.toMatchObject({
    status: 500,
    publicMessage: "Internal server error",
    message: 'The backend "e" answered with status code 401.',
  });
});
