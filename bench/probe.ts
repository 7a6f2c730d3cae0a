import { Agent, request } from "node:http";
import type { LoadRequest, Probe } from "./scenarios.ts";

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  bytes: number;
}

const ANSWER_LIMIT_MS = 10_000;

/** Asks every probe. Gives what was answered otherwise than it should, one line each. */
export async function failedProbes(port: number, probes: readonly Probe[]): Promise<string[]> {
  const failures: string[] = [];
  for (const probe of probes) {
    const failure = await ask(port, probe.request).then(
      (answer) => difference(probe, answer),
      (error: Error) => error.message,
    );
    if (failure !== undefined) failures.push(`${probe.name}: ${failure}`);
  }
  return failures;
}

/** How an answer differs from what a probe expects; undefined: it does not. */
export function difference(probe: Probe, answer: Answer): string | undefined {
  if (!probe.status.includes(answer.status)) return `status ${answer.status}, not ${probe.status.join(" or ")}`;
  for (const [name, value] of Object.entries(probe.headers ?? {})) {
    if (answer.headers[name] !== value) return `${name} is ${answer.headers[name] ?? "absent"}, not ${value}`;
  }
  if (probe.bytes !== undefined && answer.bytes !== probe.bytes) return `${answer.bytes} bytes, not ${probe.bytes}`;
  return undefined;
}

function ask(port: number, { method, path, headers, bodyBytes }: LoadRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ keepAlive: false });
    const sent = request({ host: "127.0.0.1", port, method, path, headers, agent }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => (bytes += chunk.length));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }));
      response.on("error", reject);
    });
    sent.setTimeout(ANSWER_LIMIT_MS, () => sent.destroy(new Error(`no answer in ${ANSWER_LIMIT_MS} ms`)));
    sent.on("error", reject);
    sent.end(bodyBytes === undefined ? undefined : Buffer.alloc(bodyBytes, "x"));
  });
}
