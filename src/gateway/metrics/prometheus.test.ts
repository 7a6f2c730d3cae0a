import { afterEach, describe, expect, it } from "vitest";
import type { Measurement } from "../../policy/exchange/metrics.ts";
import { ManualClock } from "../../policy/testing/exchange.ts";
import { MetricsListener } from "./listener.ts";
import { MemoryMetrics } from "./memory.ts";
import { prometheusText } from "./prometheus.ts";

function text(...measurements: Partial<Measurement>[]): string[] {
  const metrics = new MemoryMetrics(new ManualClock());
  for (const one of measurements) {
    metrics.add({ namespace: "API Management", name: "Total Tokens", value: 1, dimensions: [], ...one });
  }
  return prometheusText(metrics).split("\n");
}

describe("prometheusText", () => {
  it("writes each metric as a summary", () => {
    expect(
      text({ value: 30, dimensions: [["API ID", "chat"]] }, { value: 12.5, dimensions: [["API ID", "chat"]] }),
    ).toEqual([
      "# HELP api_management_total_tokens Total Tokens (API Management)",
      "# TYPE api_management_total_tokens summary",
      'api_management_total_tokens_sum{api_id="chat"} 42.5',
      'api_management_total_tokens_count{api_id="chat"} 2',
      "# HELP gatehouse_metrics_dropped_total Measurements that were lost because there are too many series.",
      "# TYPE gatehouse_metrics_dropped_total counter",
      "gatehouse_metrics_dropped_total 0",
      "",
    ]);
  });

  it("escapes values, as callers choose them", () => {
    expect(text({ dimensions: [["A", 'x"} 1\ny\\']] })).toContain(
      'api_management_total_tokens_sum{a="x\\"} 1\\ny\\\\"} 1',
    );
    expect(text({ name: "a\nb 1" })[0]).toBe("# HELP api_management_a_b_1 a\\nb 1 (API Management)");
  });

  it("makes names that the format allows, each label once", () => {
    const dimensions = [
      ["ClientIP", "1"],
      ["client ip", "2"],
      ["quantile", "3"],
      ["__name__", "4"],
      ["9", "5"],
      ["é", "6"],
    ] as const;
    expect(text({ namespace: "", name: "5xx", dimensions })).toContain(
      'n_5xx_sum{client_ip="1",client_ip_2="2",quantile_="3",name="4",n_9="5",n_="6"} 1',
    );
  });

  it("adds up series whose names come out the same", () => {
    const lines = text({ name: "Total Tokens" }, { name: "total-tokens" });
    expect(lines.filter((line) => line.startsWith("api_management_total_tokens_count"))).toEqual([
      "api_management_total_tokens_count 2",
    ]);
    expect(lines.filter((line) => line.startsWith("# TYPE api"))).toHaveLength(1);
  });
});

describe("MetricsListener", () => {
  let listener: MetricsListener | undefined;
  afterEach(() => listener?.close());

  it("serves GET /metrics and nothing else", async () => {
    listener = await MetricsListener.start({ host: "127.0.0.1", port: 0 }, () => "a 1\n");
    const base = `http://127.0.0.1:${listener.address.port}`;
    const found = await fetch(`${base}/metrics?x=1`);
    expect([found.status, await found.text()]).toEqual([200, "a 1\n"]);
    expect(found.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await fetch(`${base}/`)).status).toBe(404);
    expect((await fetch(`${base}/metrics`, { method: "POST" })).status).toBe(405);
  });

  it("says when it cannot listen", async () => {
    listener = await MetricsListener.start({ host: "127.0.0.1", port: 0 }, () => "");
    const taken = listener.address.port;
    await expect(MetricsListener.start({ host: "127.0.0.1", port: taken }, () => "")).rejects.toThrow("EADDRINUSE");
  });
});
