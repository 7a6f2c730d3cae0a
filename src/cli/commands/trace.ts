import { Command } from "commander";
import { Engine } from "../../engine/engine.ts";
import { LoadedPlan } from "../../engine/loaded-plan.ts";
import { formatTrace, type RequestTraceReport } from "../../engine/request-trace.ts";
import { materialOf } from "../../gateway/material.ts";
import { SharedServices } from "../../gateway/shared-services.ts";
import { Body } from "../../policy/exchange/body.ts";
import { HeaderList } from "../../policy/exchange/headers.ts";
import { ResponseMessage } from "../../policy/exchange/message.ts";
import type { OutgoingRequest, Services } from "../../policy/exchange/services.ts";
import { formatUrl, parseUrl } from "../../policy/exchange/url.ts";
import { requirePlan } from "../folder.ts";
import { collect, connectTo, headerField } from "../options.ts";
import { CommandError, printJson } from "../output.ts";

interface TraceOptions {
  folder: string;
  header: string[];
  body?: string;
  echo?: boolean;
  connectTo: string[];
  json?: boolean;
}

export function traceCommand(): Command {
  return new Command("trace")
    .description(
      "Send one request through a folder and show which policies ran, what each changed, and how long it took",
    )
    .argument("<method>", "GET, POST, …")
    .argument("<path>", "path at the gateway, with its query")
    .requiredOption("--folder <dir>", "artifacts folder")
    .option("--header <line>", "header field, `Name: value`; may be repeated", collect, [])
    .option("--body <text>", "request body")
    .option("--echo", "answer every backend call with 200 and what would have been sent, instead of calling it")
    .option(
      "--connect-to <name=address>",
      "send connections to backend NAME[:port] to HOST:PORT instead; may be repeated",
      collect,
      [],
    )
    .option("--json", "print { response, trace }")
    .addHelpText(
      "after",
      `
Values of header fields are shown as they are, credentials too: this runs on your machine.

Examples:
  gatehouse trace GET /catalog/status --folder samples/shop
  gatehouse trace GET /orders/1001 --folder samples/shop --header 'Ocp-Apim-Subscription-Key: demo-key-for-the-sample-shop' --echo`,
    )
    .action(async (method: string, path: string, options: TraceOptions) => {
      const url = path.startsWith("/") ? parseUrl(`http://localhost${path}`) : undefined;
      if (!url) throw new CommandError(`"${path}" is no path: write for example /orders/1.`);
      const { plan, catalog } = await requirePlan(options.folder);
      const loaded = new LoadedPlan(plan);
      const shared = new SharedServices({ upstream: { connectTo: connectTo(options.connectTo) } });
      const services = shared.forPlan(loaded, materialOf(catalog));
      let trace: RequestTraceReport | undefined;
      const engine = new Engine(loaded, {
        services: options.echo ? echoing(services) : services,
        gateway: "trace",
        enforceProtocols: false,
        tracing: {
          traces: () => ({ showCredentials: true, requested: true }),
          done: (report) => {
            trace = report;
          },
        },
      });
      const { response, finished } = await engine.handle({
        method: method.toUpperCase(),
        ...url,
        scheme: "http",
        headers: new HeaderList(options.header.flatMap(headerField)),
        body: options.body === undefined ? Body.none() : Body.text(options.body),
        client: { address: "127.0.0.1" },
        httpVersion: "1.1",
        signal: undefined,
      });
      await response.readBody(services.limits.bodyBytes);
      const body = Buffer.from(response.body.buffered ?? []).toString("utf8");
      finished({ bytesIn: 0, bytesOut: body.length, aborted: false, status: response.status });
      await shared.close();
      if (!trace) throw new Error("The request was not traced.");
      if (options.json) {
        printJson({ response: { status: response.status, headers: response.headers.raw, body }, trace });
        return;
      }
      console.log(formatTrace(trace));
      console.log(`\n${response.status} ${response.reason}`.trimEnd());
      for (const name of response.headers.names()) console.log(`${name}: ${response.headers.get(name)}`);
      if (body !== "") console.log(`\n${body}`);
    });
}

/** The same services with backends that answer what they received. */
function echoing(services: Services): Services {
  return {
    ...services,
    http: {
      async send(request: OutgoingRequest) {
        await request.body.buffer(services.limits.bodyBytes);
        const headers: Record<string, string> = {};
        for (let i = 0; i < request.headers.length; i += 2)
          headers[(request.headers[i] as string).toLowerCase()] = request.headers[i + 1] as string;
        const received = {
          method: request.method,
          url: formatUrl(request.url),
          headers,
          body: Buffer.from(request.body.take().bytes ?? []).toString("utf8"),
        };
        const type = new HeaderList(["content-type", "application/json"]);
        return new ResponseMessage(200, "OK", type, Body.text(JSON.stringify(received)));
      },
    },
  };
}
