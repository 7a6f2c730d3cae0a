import { afterEach, expect, it } from "vitest";
import { emptyCatalog } from "../../model/catalog.ts";
import { compilePlan } from "../../plan/compile.ts";
import type { Plan } from "../../plan/plan.ts";
import { NodeGateway, type NodeGatewayOptions } from "../node-gateway.ts";

let gateway: NodeGateway | undefined;
afterEach(() => gateway?.stop(0));

function options(): NodeGatewayOptions {
  return {
    plan: compilePlan(emptyCatalog()).plan as Plan,
    material: { secrets: new Map(), keys: new Map() },
    listen: [{ host: "127.0.0.1", port: 0 }],
  };
}

it("serves metrics on a port of their own, and not to callers of the APIs", async () => {
  gateway = await NodeGateway.start({ ...options(), metricsListen: { host: "127.0.0.1", port: 0 } });
  const { port } = gateway.metricsAddress as { port: number };
  const metrics = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await metrics.text()).toContain("gatehouse_metrics_dropped_total 0");
  const api = await fetch(`http://127.0.0.1:${gateway.addresses[0]?.port}/metrics`);
  expect(api.status).toBe(404);
  await gateway.stop(0);
  await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
});

it("serves none unless told, and does not start where it cannot", async () => {
  gateway = await NodeGateway.start(options());
  expect(gateway.metricsAddress).toBeUndefined();
  const taken = gateway.addresses[0] as { host: string; port: number };
  await expect(NodeGateway.start({ ...options(), metricsListen: taken })).rejects.toThrow("EADDRINUSE");
});
