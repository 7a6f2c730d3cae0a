import { existsSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { SourceText } from "../../model/source-text.ts";
import { Body } from "../../policy/exchange/body.ts";
import { Exchange } from "../../policy/exchange/exchange.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import { RequestMessage } from "../../policy/exchange/message.ts";
import { parseUrl } from "../../policy/exchange/url.ts";
import { compileExpression } from "../../policy/expression/compile.ts";
import { evaluateText, evaluateVector, type VectorResult } from "../../policy/expression/vectors.ts";
import { localServices } from "../local-services.ts";
import { collect, headerField } from "../options.ts";
import { CommandError, printDiagnostics, printJson } from "../output.ts";

interface EvalOptions {
  vectors?: string;
  request: string;
  method: string;
  header: string[];
  body?: string;
  json?: boolean;
}

export function evalCommand(): Command {
  return new Command("eval")
    .description("Evaluate a policy expression, and print its type and value")
    .argument("[expression]", "C# expression, with or without @( ) around it; or @{ … } with statements")
    .option("--vectors <file>", "compare with a file of expression TAB type TAB value, one a line")
    .option("--request <url>", "URL of context.Request", "http://localhost/")
    .option("--method <method>", "method of context.Request", "GET")
    .option("--header <line>", "header field of context.Request, `Name: value`; may be repeated", collect, [])
    .option("--body <text>", "body of context.Request")
    .option("--json", "print { type, value }, or { equal, different } for --vectors")
    .addHelpText(
      "after",
      `
Examples:
  gatehouse eval '7 / 2'
  gatehouse eval '@(context.Request.Headers.GetValueOrDefault("x-user", "anon").ToUpper())' --header 'x-user: ada'
  gatehouse eval '@{ var o = context.Request.Body.As<JObject>(); return o["items"].Count(); }' --body '{"items":[1,2]}'
  gatehouse eval --vectors expressions-vectors.tsv

Exit code 1 when the expression does not compile or throws, or when a vector differs.`,
    )
    .action((expression: string | undefined, options: EvalOptions) => {
      if (options.vectors !== undefined) compareVectors(options.vectors, options);
      else if (expression === undefined) throw new CommandError("Name an expression, or a file with --vectors.");
      else evaluate(expression, options);
    });
}

function evaluate(written: string, options: EvalOptions): void {
  const trimmed = written.trim();
  const text = /^@[({]/.test(trimmed) ? trimmed : `@(${trimmed})`;
  const { diagnostics } = compileExpression(SourceText.of(text));
  if (diagnostics.some((d) => d.severity === "error")) {
    printDiagnostics(diagnostics);
    throw new CommandError("The expression does not compile.");
  }
  const { type, value } = evaluateText(text, exchange(options));
  if (options.json) printJson({ type, value });
  else console.log(`${type}\t${value}`);
  if (type.startsWith("throws ")) process.exitCode = 1;
}

function compareVectors(file: string, options: EvalOptions): void {
  if (!existsSync(file)) throw new CommandError(`There is no file "${file}".`);
  const results: VectorResult[] = [];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const result = evaluateVector(line, exchange(options));
    if (result) results.push(result);
  }
  const different = results
    .filter((result) => !result.passed)
    .map(({ expression, type, value, actualType, actualValue }) => ({
      expression,
      expected: { type, value },
      got: { type: actualType, value: actualValue },
    }));
  const equal = results.length - different.length;
  if (options.json) printJson({ equal, different });
  else {
    for (const { expression, expected, got } of different) {
      console.log(
        `${expression}\n  expected ${expected.type}\t${expected.value}\n  got      ${got.type}\t${got.value}`,
      );
    }
    console.log(`${equal} equal, ${different.length} different`);
  }
  if (different.length > 0) process.exitCode = 1;
}

/** A request as the options describe it, for expressions that look at `context`. */
function exchange(options: EvalOptions): Exchange {
  const url = parseUrl(options.request);
  if (!url) throw new CommandError(`"${options.request}" is not an absolute http or https URL.`);
  return new Exchange({
    services: localServices(),
    id: "00000000-0000-4000-8000-000000000000",
    startedAt: Date.now(),
    client: { address: "127.0.0.1" },
    originalUrl: url,
    request: new RequestMessage({
      method: options.method,
      base: { ...url, path: "", query: "" },
      path: url.path,
      query: url.query,
      headers: new HeaderList(options.header.flatMap(headerField)),
      body: options.body === undefined ? Body.none() : Body.text(options.body),
    }),
  });
}
