import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const SHOP = fileURLToPath(new URL("../../samples/shop", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "gatehouse-cli-"));
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill("SIGTERM");
    await once(child, "exit");
  }
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

/** Starts a command that stays; resolves when its standard error matches, with what it matched. */
async function startUntil(
  pattern: RegExp,
  ...args: string[]
): Promise<{ child: ChildProcess; match: RegExpExecArray; err: () => string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  running.push(child);
  let err = "";
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    child.stderr?.on("data", (chunk) => {
      err += chunk;
      const found = pattern.exec(err);
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${err}`)));
  });
  return { child, match, err: () => err };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("the condition did not come true");
}

function copyOfShop(name: string): string {
  const folder = join(scratch, name);
  cpSync(SHOP, folder, { recursive: true });
  return folder;
}

describe("lint", () => {
  test("a good folder", async () => {
    const { code, out } = await run("lint", SHOP);
    expect(out).toMatch(/^8 documents, 0 with errors$/m);
    expect(code).toBe(0);
  });

  test("everything that is wrong, with file, line and column", async () => {
    const folder = copyOfShop("broken");
    writeFileSync(
      join(folder, "apis/orders/policy.xml"),
      '<policies>\n  <inbound>\n    <base />\n    <set-heade name="x" />\n    <set-variable name="v" value="@(1 +)" />\n    <set-backend-service backend-id="nowhere" />\n    <include-fragment fragment-id="hide-internal" />\n    <set-header name="a"><value>{{greting}}</value></set-header>\n  </inbound>\n  <backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error>\n</policies>\n',
    );
    const { code, out } = await run("lint", folder, "--json");
    expect(code).toBe(1);
    const { diagnostics } = JSON.parse(out) as {
      diagnostics: { file: string; line: number; column: number; code: string; hint?: string }[];
    };
    const found = diagnostics.map((d) => `${d.line}:${d.column} ${d.code}`);
    expect(found).toEqual(
      expect.arrayContaining([
        "4:5 unknown-policy",
        "6:5 unknown-backend",
        "7:5 unknown-fragment",
        "8:33 unknown-named-value",
      ]),
    );
    expect(found.some((text) => text.startsWith("5:") && text.includes("expression"))).toBe(true);
    expect(diagnostics.find((d) => d.code === "unknown-policy")?.hint).toBe('did you mean "set-header"?');
    expect(diagnostics.every((d) => d.file.endsWith("apis/orders/policy.xml"))).toBe(true);
  });

  test("a folder that is not there", async () => {
    const { code, err } = await run("lint", join(scratch, "none"));
    expect(code).toBe(1);
    expect(err).toContain("There is no folder");
    expect(err).not.toContain("    at ");
  });

  test("a document on its own", async () => {
    const file = join(scratch, "alone.xml");
    writeFileSync(
      file,
      '<policies><inbound><base /><set-header name="a"><value>{{unknown}}</value></set-header><include-fragment fragment-id="f" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>',
    );
    const { code, out } = await run("lint", file, "--standalone", "--json");
    const result = JSON.parse(out) as { documents: number; withErrors: number; diagnostics: { severity: string }[] };
    expect(result).toMatchObject({ documents: 1, withErrors: 0 });
    expect(result.diagnostics.map((d) => d.severity)).toEqual(["warning", "warning"]);
    expect(code).toBe(0);
  });
});

describe("plan", () => {
  test("the same folder gives the same bytes, wherever it stands", async () => {
    const a = join(scratch, "a.json");
    const b = join(scratch, "b.json");
    await run("plan", SHOP, "--out", a);
    await run("plan", SHOP, "--out", b);
    expect(readFileSync(a, "utf8")).toBe(readFileSync(b, "utf8"));
    expect(readFileSync(a, "utf8")).not.toContain("demo-key-for-the-sample-shop");
  });

  test("a signed plan is served, a changed one and a stranger's are not", async () => {
    const { generateKeyPairSync } = await import("node:crypto");
    const key = generateKeyPairSync("ed25519");
    const other = generateKeyPairSync("ed25519");
    const file = (name: string, text: string) => {
      writeFileSync(join(scratch, name), text);
      return join(scratch, name);
    };
    const pem = { type: "pkcs8", format: "pem" } as const;
    const publicPem = { type: "spki", format: "pem" } as const;
    const privateKey = file("key.pem", key.privateKey.export(pem) as string);
    const publicKey = file("key.pub", key.publicKey.export(publicPem) as string);
    const stranger = file("other.pub", other.publicKey.export(publicPem) as string);
    const plan = join(scratch, "signed.json");
    expect((await run("plan", SHOP, "--out", plan, "--sign", privateKey)).code).toBe(0);
    const { match } = await startUntil(
      /Listening on 127\.0\.0\.1:(\d+)/,
      "gateway",
      "--plan",
      plan,
      "--trust",
      publicKey,
      "--port",
      "0",
    );
    expect((await fetch(`http://127.0.0.1:${match[1]}/catalog/status`)).status).toBe(200);
    expect((await run("gateway", "--plan", plan, "--trust", stranger, "--port", "0")).err).toContain(
      "is not the signature",
    );
    writeFileSync(plan, readFileSync(plan, "utf8").replace('"status-code":200', '"status-code":201'));
    expect((await run("gateway", "--plan", plan, "--port", "0")).err).toContain("does not match its name");
  });
});

describe("gateway --folder --watch", () => {
  test("applies a change without dropping a request, and keeps its plan when a change is broken", async () => {
    const backend = createServer((_, response) => response.end("ok"));
    backend.listen(0, "127.0.0.1");
    await once(backend, "listening");
    const folder = copyOfShop("watched");
    const policy = join(folder, "apis/catalog/operations/get-status/policy.xml");
    const withHeader = (value: string) =>
      `<policies><inbound><base /><return-response><set-status code="200" /><set-header name="x-v"><value>${value}</value></set-header></return-response></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`;
    writeFileSync(policy, withHeader("1"));
    const port = (backend.address() as AddressInfo).port;
    const { match, err } = await startUntil(
      /Listening on 127\.0\.0\.1:(\d+)/,
      ...[
        "gateway",
        "--folder",
        folder,
        "--watch",
        "--port",
        "0",
        "--connect-to",
        `catalog.upstream=127.0.0.1:${port}`,
      ],
    );
    const url = `http://127.0.0.1:${match[1]}/catalog/status`;
    const version = async () => (await fetch(url)).headers.get("x-v");
    expect(await version()).toBe("1");

    let stop = false;
    const failures: unknown[] = [];
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!stop) {
          try {
            const response = await fetch(url);
            await response.text();
            if (response.status !== 200) failures.push(response.status);
          } catch (error) {
            failures.push(error);
          }
        }
      }),
    );
    for (const value of ["2", "3", "4"]) {
      writeFileSync(policy, withHeader(value));
      await until(async () => (await version()) === value);
    }
    writeFileSync(policy, withHeader("5").replace("</return-response>", ""));
    await until(() => err().includes("The plan in force stays"));
    expect(await version()).toBe("4");
    stop = true;
    await load;
    backend.close();
    expect(failures).toEqual([]);
  });

  test("writes what policies log to files in the folder of logs, at the latest when it stops", async () => {
    const folder = copyOfShop("logged");
    mkdirSync(join(folder, "loggers/orders"), { recursive: true });
    writeFileSync(
      join(folder, "loggers/orders/loggerInformation.json"),
      '{ "properties": { "loggerType": "file", "credentials": { "path": "orders.log" } } }',
    );
    writeFileSync(
      join(folder, "apis/catalog/operations/get-status/policy.xml"),
      `<policies><inbound><base /><log-to-eventhub logger-id="orders">@(context.Operation.Id)</log-to-eventhub><return-response /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`,
    );
    const logs = join(scratch, "logs");
    const options = ["--folder", folder, "--port", "0", "--log-folder", logs];
    const { child, match } = await startUntil(/Listening on 127\.0\.0\.1:(\d+)/, "gateway", ...options);
    expect((await fetch(`http://127.0.0.1:${match[1]}/catalog/status`)).status).toBe(200);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(JSON.parse(readFileSync(join(logs, "orders.log"), "utf8"))).toMatchObject({ message: "get-status" });
  });

  test("refuses an address of the Dapr sidecar that is none", async () => {
    const { code, err } = await run("gateway", "--folder", SHOP, "--port", "0", "--dapr-address", "localhost:3500");
    expect(code).toBe(1);
    expect(err).toContain('"localhost:3500" is not an absolute http or https URL');
  });

  test("says what to name", async () => {
    const { code, err } = await run("gateway");
    expect(code).toBe(1);
    expect(err).toContain("Name either --folder or --plan.");
  });
});

describe("eval", () => {
  test("prints type and value", async () => {
    expect((await run("eval", "7 / 2")).out).toBe("Int32\t3\n");
    expect((await run("eval", '@{ return context.Request.Method + "!"; }', "--method", "PUT")).out).toBe(
      "String\tPUT!\n",
    );
  });

  test("an expression that does not compile, and one that throws", async () => {
    const wrong = await run("eval", 'context.Request.Heders["x"]');
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain("Headers");
    const throwing = await run("eval", 'int.Parse("x")', "--json");
    expect(JSON.parse(throwing.out)).toMatchObject({ type: "throws FormatException" });
    expect(throwing.code).toBe(1);
  });

  test("compares with vectors", async () => {
    const file = join(scratch, "vectors.tsv");
    writeFileSync(file, '# comment\n7 / 2\tInt32\t3\n"a" + 1\tString\ta2\n');
    const { code, out } = await run("eval", "--vectors", file, "--json");
    expect(JSON.parse(out)).toEqual({
      equal: 1,
      different: [
        { expression: '"a" + 1', expected: { type: "String", value: "a2" }, got: { type: "String", value: "a1" } },
      ],
    });
    expect(code).toBe(1);
  });
});

describe("explain", () => {
  test("names route, policies in order and endings", async () => {
    const { out, code } = await run("explain", "POST", "/orders", "--folder", SHOP, "--product", "starter", "--json");
    const explanation = JSON.parse(out) as {
      route: { operation: string };
      sections: { section: string; policies: { policy: string; scope: string; at: string }[] }[];
      endings: string[];
    };
    expect(explanation.route.operation).toBe("create-order");
    const inbound = explanation.sections.find((section) => section.section === "inbound")?.policies ?? [];
    expect(inbound.map((policy) => `${policy.scope} ${policy.policy}`)).toEqual([
      "global cors",
      "product quota",
      "api set-header",
      "operation validate-jwt",
      "operation set-header",
    ]);
    expect(inbound[0]?.at).toMatch(/policy\.xml:\d+:\d+$/);
    expect(explanation.endings.some((ending) => ending.startsWith("validate-jwt"))).toBe(true);
    expect(code).toBe(0);
  });

  test("a path that nothing serves", async () => {
    const { out } = await run("explain", "GET", "/nowhere", "--folder", SHOP);
    expect(out).toContain("no API is served at a prefix of /nowhere");
  });
});

describe("test", () => {
  test("runs a folder's tests on virtual time", async () => {
    const { code, out } = await run("test", join(SHOP, "tests"), "--json");
    expect(JSON.parse(out)).toMatchObject({ passed: 4, failed: 0, skipped: 0 });
    expect(code).toBe(0);
  });

  test("a failing test shows the difference and which policies ran", async () => {
    const file = join(scratch, "failing.yaml");
    writeFileSync(
      file,
      `name: fails\nfolder: ${SHOP}\nupstreams: { catalog: {} }\nsteps:\n  - request: { url: /catalog/status }\n    expect: { status: 201, json: { status: down } }\n`,
    );
    const { code, out } = await run("test", file);
    expect(code).toBe(1);
    expect(out).toContain("status\n       expected 201\n       got      200");
    expect(out).toContain('json.status\n       expected "down"\n       got      "up"');
    expect(out).toMatch(/mock-response {2}[\d.]+ ms {2}operation {2}.*get-status\/policy\.xml:4:9/);
    expect(out).toContain("response.headers.content-type: (none) → application/json");
  });
});

describe("trace", () => {
  test("shows what each policy changed", async () => {
    const key = "Ocp-Apim-Subscription-Key: demo-key-for-the-sample-shop";
    const { code, out } = await run("trace", "GET", "/orders/1", "--folder", SHOP, "--header", key, "--echo", "--json");
    expect(code).toBe(0);
    const { trace } = JSON.parse(out) as {
      trace: {
        product: string;
        steps: { policy: string; section: string; changes: { what: string; after?: string }[]; error?: string }[];
      };
    };
    expect(trace.product).toBe("starter");
    const caller = trace.steps.find((step) =>
      step.changes.some((change) => change.what === "request.headers.x-caller"),
    );
    expect(caller).toMatchObject({ policy: "set-header", section: "inbound", changes: [{ after: "Demo shop" }] });
    // The echo is no order: the expression that reads it fails, and the trace says where.
    expect(trace.steps.find((step) => step.policy === "set-body")?.error).toContain("Object reference");
  });
});

describe("help", () => {
  test.each(["up", "gateway", "lint", "plan", "explain", "trace", "eval", "policies", "test", "conformance"])(
    "%s explains itself",
    async (command) => {
      const { out, code } = await run(command, "--help");
      expect(out).toContain(`Usage: gatehouse ${command}`);
      expect(code).toBe(0);
    },
  );
});
