import { afterEach, expect, test } from "vitest";
import { freePort, lastLine, Processes } from "./processes.ts";

const processes = new Processes();
afterEach(() => processes.end());

const server = (port: number) => ({
  command: process.execPath,
  args: ["-e", `require("node:net").createServer().listen(${port}, "127.0.0.1")`],
});

test("a server is there when its port answers, and gone when it is stopped", async () => {
  const port = await freePort();
  const running = await processes.start("a server", server(port), port);
  expect(() => process.kill(running.pid, 0)).not.toThrow();
  await running.stop();
  expect(() => process.kill(running.pid, 0)).toThrow("ESRCH");
});

test("a server that ends before its port answers is an error that shows why", async () => {
  const launch = { command: process.execPath, args: ["-e", 'throw new Error("no configuration")'] };
  await expect(processes.start("a server", launch, await freePort())).rejects.toThrow(
    "a server did not start: Error: no configuration",
  );
});

test("a program that does not exist is an error, not a crash", async () => {
  const launch = { command: "/nowhere/server", args: [] };
  await expect(processes.start("a server", launch, await freePort())).rejects.toThrow("ENOENT");
  await expect(processes.run(launch, 5)).rejects.toThrow("ENOENT");
});

test("a program's output is given, and its failure told with what it printed", async () => {
  const run = (code: string) => processes.run({ command: process.execPath, args: ["-e", code] }, 10);
  expect(await run('console.log("done")')).toBe("done\n");
  await expect(run('console.error("no host"); process.exitCode = 3')).rejects.toThrow("ended with 3: no host");
});

test("a program that does not end is ended", async () => {
  const launch = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] };
  await expect(processes.run(launch, 0.2)).rejects.toThrow("ended with a signal");
});

test("the line that names the error is told, not what a runtime prints after it", () => {
  expect(lastLine("x\nError: port in use\n\nNode.js v26.10.0\n")).toBe("Error: port in use");
  expect(lastLine("first\nsecond\n")).toBe("second");
  expect(lastLine("")).toBe("");
});
