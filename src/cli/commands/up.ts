import { existsSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { Issuers } from "../../conformance/issuers.ts";
import { portNumber } from "../options.ts";
import { CommandError } from "../output.ts";
import { runUntilSignal } from "../run-until-signal.ts";
import { SampleBackends } from "../sample-backends.ts";
import { type ServedFolder, serveFolder, short } from "../serve-folder.ts";

const SAMPLE = fileURLToPath(new URL("../../../samples/shop", import.meta.url));
const KEY = "demo-key-for-the-sample-shop";

export function upCommand(): Command {
  return new Command("up")
    .description("Bring up the sample shop behind real policies, on embedded defaults, with curl lines to try")
    .option("--port <number>", "port of the gateway; the next free one is taken where it is in use", portNumber, 8080)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--access-log", "print one JSON line per request")
    .addHelpText(
      "after",
      "\nThe sample is an ordinary artifacts folder (samples/shop): edit a policy, and the change applies at once.",
    )
    .action(async (options: { port: number; host: string; accessLog?: boolean }) => {
      if (!existsSync(SAMPLE)) throw new CommandError(`The sample folder is missing: ${SAMPLE}`);
      const backends = await SampleBackends.start();
      const issuers = new Issuers({ main: {} }, []);
      await issuers.start();
      const hosts = { ...backends.hosts(), ...issuers.hosts() };
      const served = await serveOnFreePort(options, hosts);
      const port = served.gateway.addresses[0]?.port ?? options.port;
      printWelcome(
        `http://${options.host}:${port}`,
        `http://127.0.0.1:${hosts["main.issuer"]?.port}`,
        served.plan.name,
      );
      await runUntilSignal(async () => {
        await served.stop(2000);
        await Promise.all([backends.stop(), issuers.stop()]);
      });
    });
}

async function serveOnFreePort(
  options: { port: number; host: string; accessLog?: boolean },
  hosts: Readonly<Record<string, { host: string; port: number }>>,
): Promise<ServedFolder> {
  for (let port = options.port; ; port++) {
    try {
      return await serveFolder({
        folder: relative(process.cwd(), SAMPLE) || SAMPLE,
        watch: true,
        listen: [{ host: options.host, port }],
        upstream: { connectTo: (host) => hosts[host] },
        unexpected: (error) => console.error(error),
        ...(options.accessLog ? { record: (record) => console.log(JSON.stringify(record)) } : {}),
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || port >= options.port + 20) throw error;
      console.error(`Port ${port} is in use; trying ${port + 1}.`);
    }
  }
}

function printWelcome(gateway: string, issuer: string, plan: string): void {
  console.log(`
Gatehouse is up: ${gateway}   (plan ${short(plan)}, compiled from samples/shop)

The sample shop has two APIs behind Azure API Management policies. Try, in another terminal:

1. Orders need a subscription key. Without one: 401, with the reason.
   curl -i ${gateway}/orders/1001

2. With the key: 200, and the backend's answer reshaped by a C# expression (state, total, greeting).
   curl -i ${gateway}/orders/1001 -H 'Ocp-Apim-Subscription-Key: ${KEY}'

3. Repeat that line six times within ten seconds: 429 with Retry-After; x-calls-left counts down.
   for i in 1 2 3 4 5 6; do curl -s -o /dev/null -w '%{http_code}\\n' ${gateway}/orders/1001 -H 'Ocp-Apim-Subscription-Key: ${KEY}'; done

4. Creating an order needs a signed token besides the key. Without it: 401; with one: 201.
   curl -i ${gateway}/orders -X POST -H 'Ocp-Apim-Subscription-Key: ${KEY}' -H 'Content-Type: application/json' -d '{"sku":"tea"}'
   curl -i ${gateway}/orders -X POST -H 'Ocp-Apim-Subscription-Key: ${KEY}' -H 'Content-Type: application/json' -d '{"sku":"tea"}' -H "Authorization: Bearer $(curl -s '${issuer}/main/token?sub=ada&aud=shop&scope=orders.write')"

5. The catalog is open, XML turned into JSON, and cached for 20 seconds: x-made-at stays the same.
   curl -i ${gateway}/catalog/products

6. An answer from the API description itself, no backend called.
   curl -i ${gateway}/catalog/status

What a request meets, with file and line:  bin/gatehouse explain POST /orders --folder samples/shop --product starter
Edit samples/shop/apis/orders/operations/get-order/policy.xml and repeat: changes apply at once. Stop with Ctrl-C.
`);
}
