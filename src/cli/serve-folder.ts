import { type Material, materialOf } from "../gateway/material.ts";
import { NodeGateway, type NodeGatewayOptions } from "../gateway/node-gateway.ts";
import { compilePlan } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import type { FolderRead } from "../sources/artifacts/folder.ts";
import { readFolder } from "../sources/artifacts/folder.ts";
import { ReadCache, type ReadOptions, readArtifacts } from "../sources/artifacts/read.ts";
import { watchFolder } from "../sources/artifacts/watch.ts";
import { CommandError, printDiagnostics } from "./output.ts";

export interface ServeFolderOptions extends Omit<NodeGatewayOptions, "plan" | "material"> {
  folder: string;
  watch: boolean;
  read?: ReadOptions;
}

export interface ServedFolder {
  gateway: NodeGateway;
  plan: Plan;
  stop(drainMs?: number): Promise<void>;
}

/**
 * Serves an artifacts folder. With `watch`, a changed folder is compiled and applied without dropping a request; one
 * that does not compile is reported, and the plan in force stays.
 * @throws {CommandError} when the folder does not compile at the start.
 */
export async function serveFolder(options: ServeFolderOptions): Promise<ServedFolder> {
  const { folder, watch, read: readOptions, ...gatewayOptions } = options;
  const cache = new ReadCache();
  const first = await readFolder(folder);
  const compiled = compile(first, cache, readOptions);
  if (!compiled) throw new CommandError(`"${folder}" does not compile, so there is nothing to serve.`);
  const gateway = await NodeGateway.start({ ...compiled, ...gatewayOptions });
  let inForce = compiled.material;
  const watching = watch
    ? watchFolder(
        folder,
        (read) => {
          const next = compile(read, cache, readOptions);
          if (!next) console.error(`The plan in force stays: ${short(gateway.planName)}.`);
          else if (next.plan.name !== gateway.planName || differs(next.material, inForce)) {
            gateway.apply(next.plan, next.material);
            inForce = next.material;
            console.error(`Now serving plan ${short(gateway.planName)}.`);
          }
        },
        { known: first },
      )
    : undefined;
  return {
    gateway,
    plan: compiled.plan,
    async stop(drainMs) {
      watching?.close();
      await gateway.stop(drainMs);
    },
  };
}

function compile(
  read: FolderRead,
  cache: ReadCache,
  options: ReadOptions = {},
): { plan: Plan; material: Material } | undefined {
  const { catalog, diagnostics } = readArtifacts(read.files, { ...options, cache });
  const compiled = compilePlan(catalog);
  const all = [...read.diagnostics, ...diagnostics, ...compiled.diagnostics];
  printDiagnostics(all);
  if (!compiled.plan || all.some((d) => d.severity === "error")) return undefined;
  const material = materialOf(catalog);
  for (const missing of material.missing) console.error(`warning: ${missing}; requests that need it will fail`);
  return { plan: compiled.plan, material };
}

/** Secrets may change without the plan's name changing: the plan holds their names only. */
function differs(a: Material, b: Material): boolean {
  const text = (material: Material) => JSON.stringify([[...material.secrets], [...material.keys]]);
  return text(a) !== text(b);
}

/** The first characters of a plan's name: enough to tell plans apart on a terminal. */
export function short(planName: string): string {
  return planName.slice(0, 12);
}
