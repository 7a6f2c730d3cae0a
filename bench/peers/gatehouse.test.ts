import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { compileFolder } from "../../src/cli/folder.ts";
import { makeCredentials } from "../credentials.ts";
import { SCENARIO_NAMES } from "../names.ts";
import { gatehouse } from "./gatehouse.ts";

const scratch = mkdtempSync(join(tmpdir(), "gatehouse-bench-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const credentials = makeCredentials();

test.each(SCENARIO_NAMES)("the artifacts folder of %s compiles without a finding", async (name) => {
  const folder = join(scratch, name);
  gatehouse.configure(name, { folder, port: 1, backendPort: 2, credentials });
  const { plan, diagnostics } = await compileFolder(folder);
  expect(diagnostics).toEqual([]);
  expect(plan?.root.apis).toHaveLength(name === "routes-1000" ? 1000 : 1);
});
