// `npm run bench:language`: nanoseconds and bytes per call of expressions and of the hot policies, and the compile time
// of a folder of policy documents. Node must run with --expose-gc --max-semi-space-size=256.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MemoryCounters } from "../../src/gateway/counters/memory.ts";
import { SourceText } from "../../src/model/source-text.ts";
import { compileStandalone } from "../../src/plan/compile-standalone.ts";
import { policies } from "../../src/policy/catalog/index.ts";
import { Loader } from "../../src/policy/compiler/loader.ts";
import { runSteps } from "../../src/policy/compiler/pipeline.ts";
import { compileExpression, loadExpression } from "../../src/policy/expression/compile.ts";
import { Jwt } from "../../src/policy/expression/context/jwt.ts";
import { testExchange, testServices } from "../../src/policy/testing/exchange.ts";
import { compileXml } from "../../src/policy/testing/run-policy.ts";
import { measure } from "./measure.ts";

const CORPUS = fileURLToPath(new URL("../../../shared/corpus/open", import.meta.url));

const EXPRESSIONS: Readonly<Record<string, string>> = {
  "header read": '@(context.Request.Headers.GetValueOrDefault("x-user", "anon"))',
  "variable read": '@((string)context.Variables["name"])',
  comparison: '@(context.Request.Method == "GET")',
  "JWT claim read": '@(((Jwt)context.Variables["jwt"]).Claims["sub"][0])',
  "string concatenation": '@("Bearer " + context.Request.Method)',
  "matched parameter": '@(context.Request.MatchedParameters["id"])',
  "query parameter": '@(context.Request.Url.Query.GetValueOrDefault("a", ""))',
  "integer arithmetic": '@((int)context.Variables["n"] * 3 / 2 + 1)',
  "LINQ over a list": "@(new[] { 3, 1, 2 }.OrderBy(i => i).First())",
  "regular expression": '@(Regex.IsMatch(context.Request.Method, "^(GET|HEAD)$"))',
};

const POLICIES: Readonly<Record<string, string>> = {
  "set-header, literal": '<set-header name="x-a"><value>1</value></set-header>',
  "set-header, expression": '<set-header name="x-a"><value>@(context.Request.Method)</value></set-header>',
  "set-variable": '<set-variable name="v" value="@(context.Request.Method)" />',
  choose:
    '<choose><when condition="@(context.Request.Method == "POST")"><set-variable name="v" value="1" /></when><otherwise /></choose>',
  "check-header":
    '<check-header name="x-user" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="true"><value>ada</value></check-header>',
  "rate-limit-by-key":
    '<rate-limit-by-key calls="1000000000" renewal-period="1" counter-key="@(context.Request.Headers.GetValueOrDefault("x-user",""))" />',
  "ip-filter": '<ip-filter action="allow"><address-range from="192.0.2.0" to="192.0.2.255" /></ip-filter>',
  "set-query-parameter": '<set-query-parameter name="b"><value>2</value></set-query-parameter>',
};

if (!globalThis.gc) {
  console.error("Run with: npm run bench:language");
  process.exit(1);
}

const services = testServices();
const exchange = testExchange({ url: "http://gateway.test/orders/1?a=1", headers: { "x-user": "ada" }, services });
exchange.variables.set("name", "value").set("n", 7);
exchange.variables.set("jwt", new Jwt({ alg: "RS256" }, { sub: "ada" }));
exchange.matchedParameters = { id: "1" };

console.log("expression                  ns/call  bytes/call");
for (const [name, text] of Object.entries(EXPRESSIONS)) {
  const { compiled, diagnostics } = compileExpression(SourceText.of(text));
  if (!compiled) throw new Error(`${text}: ${diagnostics.map((d) => d.message).join("; ")}`);
  const run = loadExpression(compiled.js);
  row(
    name,
    measure(() => run(exchange)),
  );
}

console.log("\npolicy                      ns/call  bytes/call");
const counting = { ...services, counters: new MemoryCounters(services.clock) };
for (const [name, xml] of Object.entries(POLICIES)) {
  const { elements, diagnostics } = compileXml(xml);
  if (diagnostics.some((d) => d.severity === "error"))
    throw new Error(`${name}: ${diagnostics.map((d) => d.message).join("; ")}`);
  const steps = new Loader(policies, "api").load(elements);
  const x = testExchange({ url: "http://gateway.test/orders/1?a=1", headers: { "x-user": "ada" }, services: counting });
  row(
    name,
    measure(() => {
      // Time goes on, or a window of a second would hold every call of the run.
      if (name === "rate-limit-by-key") {
        services.clock.time += 2000;
        x.takeAfterOutbound();
      }
      return runSteps(steps, x);
    }),
  );
}

if (existsSync(CORPUS)) {
  const files = (readdirSync(CORPUS, { recursive: true }) as string[]).filter((file) => /\.(xml|cshtml)$/.test(file));
  const texts = files.map((file) => readFileSync(join(CORPUS, file), "utf8"));
  const began = performance.now();
  for (const [index, text] of texts.entries()) compileStandalone(files[index] as string, text);
  console.log(`\n${files.length} real documents compiled in ${Math.round(performance.now() - began)} ms`);
}

function row(name: string, cost: { nanoseconds: number; bytes: number }): void {
  console.log(`${name.padEnd(26)} ${cost.nanoseconds.toFixed(1).padStart(8)} ${String(cost.bytes).padStart(11)}`);
}
