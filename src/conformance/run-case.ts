import type { Case, RequestStep, TokenRequest } from "./case.ts";
import { CertificateAuthority, type Credentials } from "./certificate-authority.ts";
import { encodeContent } from "./content-coding.ts";
import type { DataPlane, Fidelity, RunningGateway } from "./data-plane.ts";
import { RefusedError } from "./data-plane.ts";
import { caseFiles } from "./files.ts";
import { Issuers } from "./issuers.ts";
import { type Difference, formatDifferences, matchHeader, matchJson, matchText } from "./match.ts";
import { type Answer, CaseClient } from "./send.ts";
import { type ReceivedRequest, Upstreams } from "./upstreams.ts";

/** How a case ended on one data plane. */
export interface CaseResult {
  name: string;
  file: string;
  line: number;
  status: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped; for a failure the differences, readable. */
  reason: string;
  /** Policies that were in force, and how the plane enforces them. */
  fidelity: Readonly<Record<string, Fidelity>>;
}

let authority: Promise<CertificateAuthority> | undefined;

/** The certificate authority of this run, made when a case first needs one. */
function certificateAuthority(): Promise<CertificateAuthority> {
  return (authority ??= CertificateAuthority.create());
}

/** Runs one case on a data plane. Never throws: what goes wrong is the result. */
export async function runCase(one: Case, plane: DataPlane): Promise<CaseResult> {
  const result = (status: CaseResult["status"], reason: string, fidelity = {}): CaseResult => {
    return { name: one.name, file: one.file, line: one.line, status, reason, fidelity };
  };
  const lacking = one.needs.filter((feature) => !plane.features.has(feature));
  if (lacking.length > 0) return result("skipped", `${plane.name} has no ${lacking.join(", ")}`);
  const run = new CaseRun(one, plane);
  try {
    await run.start();
    if (one.refused !== undefined || one.planes[plane.name] === "refused") {
      return result("failed", `${plane.name} should refuse this and does not`);
    }
    await run.steps();
    return result("passed", "", run.gateway?.fidelity);
  } catch (error) {
    if (error instanceof RefusedError && one.refused !== undefined) {
      const differences = matchText("refused", one.refused, error.message);
      return differences.length === 0 ? result("passed", "") : result("failed", formatDifferences(differences));
    }
    if (error instanceof RefusedError && one.planes[plane.name] === "refused") return result("passed", error.message);
    return result("failed", error instanceof Error ? error.message : String(error), run.gateway?.fidelity);
  } finally {
    await run.stop();
  }
}

class CaseRun {
  readonly #case: Case;
  readonly #plane: DataPlane;
  readonly #upstreams = new Upstreams();
  readonly #issuers: Issuers;
  readonly #client = new CaseClient();
  readonly #credentials = new Map<string, Credentials>();
  #ca: string | undefined;
  gateway: RunningGateway | undefined;

  constructor(one: Case, plane: DataPlane) {
    this.#case = one;
    this.#plane = plane;
    this.#issuers = new Issuers(one.issuers, one.steps.flatMap(tokenOf));
  }

  async start(): Promise<void> {
    const { certificates, upstreams, files } = this.#case;
    await this.#upstreams.start(upstreams, certificateAuthority);
    await this.#issuers.start();
    const secure = Object.keys(certificates).length > 0 || Object.values(upstreams).some((options) => options?.tls);
    let tls: (Credentials & { ca: string }) | undefined;
    if (secure) {
      const ca = await certificateAuthority();
      this.#ca = ca.certificate;
      for (const [name, options] of Object.entries(certificates)) {
        this.#credentials.set(name, await ca.clientCredentials(name, options ?? {}));
      }
      tls = { ...(await ca.serverCredentials("gateway.test")), ca: ca.certificate };
    }
    this.gateway = await this.#plane.start({
      files: caseFiles(files, this.#credentials),
      hosts: { ...this.#upstreams.hosts(), ...this.#issuers.hosts() },
      tls,
      ca: this.#ca,
    });
  }

  async steps(): Promise<void> {
    for (const step of this.#case.steps) {
      if (step.kind === "wait") await new Promise((resolve) => setTimeout(resolve, step.ms));
      else if (step.kind === "change") {
        const files = { ...this.#case.files, ...step.files };
        await this.#running.change(caseFiles(files, this.#credentials));
      } else {
        this.#upstreams.script(step.upstream);
        for (let i = 1; i <= step.times; i++) await this.#request(step, i);
      }
    }
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.gateway?.stop();
    await this.#upstreams.stop();
    await this.#issuers.stop();
  }

  get #running(): RunningGateway {
    if (!this.gateway) throw new Error("the gateway is not running");
    return this.gateway;
  }

  async #request(step: RequestStep, repetition: number): Promise<void> {
    this.#upstreams.clear();
    this.#running.takeRecords();
    const answer = await this.#send(step);
    const received = this.#upstreams.received;
    const differences = answer ? compareAnswer(step, answer) : step.expect.closed ? [] : closedDifference(step);
    if (step.expect.received !== undefined) {
      if (step.expect.received === "none") await settle();
      differences.push(...compareReceived(step.expect.received, received));
    }
    if (step.expect.record) differences.push(...(await this.#compareRecord(step.expect.record)));
    if (differences.length === 0) return;
    const which = step.times > 1 ? ` (repetition ${repetition} of ${step.times})` : "";
    const context = answer ? `\nanswer: ${answer.status} ${JSON.stringify(answer.headers)}\n${clip(answer.body)}` : "";
    throw new Error(
      `${this.#case.file}:${step.line} ${step.request.method} ${step.request.url}${which}\n${formatDifferences(differences)}${context}`,
    );
  }

  async #send(step: RequestStep): Promise<Answer | undefined> {
    const { request } = step;
    const headers: [string, string][] = request.headers.map(([name, value]) => [name, value]);
    if (request.encoding !== undefined) headers.push(["content-encoding", request.encoding]);
    let url = request.url;
    if (request.subscription !== undefined) {
      headers.push(["Ocp-Apim-Subscription-Key", this.#key(request.subscription)]);
    }
    if (request.token) {
      const token = await this.#issuers.sign(request.token);
      const place = request.token.in ?? {};
      if (place.query !== undefined) url += `${url.includes("?") ? "&" : "?"}${place.query}=${token}`;
      else if (place.header !== undefined) headers.push([place.header, token]);
      else headers.push(["authorization", `${place.scheme ?? "Bearer"} ${token}`]);
    }
    const credentials = request.certificate === undefined ? undefined : this.#credentials.get(request.certificate);
    if (request.certificate !== undefined && !credentials) {
      throw new Error(`the case declares no certificate "${request.certificate}"`);
    }
    const gateway = this.#running;
    const address = credentials ? gateway.https : gateway.http;
    if (!address) throw new Error("the gateway has no TLS listener");
    return this.#client.send({
      origin: { protocol: credentials ? "https:" : "http:", ...address },
      method: request.method,
      url,
      headers,
      body: request.body === undefined ? undefined : encodeContent(request.body, request.encoding),
      timeoutMs: request.timeoutMs ?? 10_000,
      ca: this.#ca,
      credentials,
    });
  }

  #key(subscription: string): string {
    for (const extension of ["json", "yaml", "yml"]) {
      const file = this.#case.files[`subscriptions/${subscription}/subscriptionInformation.${extension}`];
      const key = (file as { properties?: { primaryKey?: unknown } } | undefined)?.properties?.primaryKey;
      if (typeof key === "string") return key;
    }
    throw new Error(`subscriptions/${subscription}/subscriptionInformation.json has no primaryKey`);
  }

  async #compareRecord(expected: Readonly<Record<string, unknown>>): Promise<Difference[]> {
    // The record is written when the answer has left the gateway, which the client may notice first.
    for (let i = 0; i < 100; i++) {
      const record = this.#running.takeRecords().at(-1);
      if (record) return matchJson("record", expected, record);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return [{ at: "record", expected, actual: "no record" }];
  }
}

function compareAnswer(step: RequestStep, answer: Answer): Difference[] {
  const { expect } = step;
  const differences: Difference[] = [];
  if (expect.closed)
    differences.push({ at: "connection", expected: "closed without an answer", actual: answer.status });
  if (expect.status !== undefined && expect.status !== answer.status) {
    differences.push({ at: "status", expected: expect.status, actual: answer.status });
  }
  if (expect.reason !== undefined) differences.push(...matchText("reason", expect.reason, answer.reason));
  for (const [name, value] of Object.entries(expect.headers ?? {})) {
    differences.push(...matchHeader(`headers.${name}`, value, answer.lines[name.toLowerCase()]));
  }
  if (expect.body !== undefined) differences.push(...matchText("body", expect.body, answer.body));
  if (expect.json !== undefined) differences.push(...matchJson("json", expect.json, parseJson(answer.body)));
  return differences;
}

function closedDifference(step: RequestStep): Difference[] {
  return [{ at: "connection", expected: step.expect.status ?? "an answer", actual: "closed without an answer" }];
}

function compareReceived(
  expected: NonNullable<RequestStep["expect"]["received"]>,
  received: readonly ReceivedRequest[],
): Difference[] {
  if (expected === "none") {
    return received.length === 0 ? [] : [{ at: "received", expected: "none", actual: received }];
  }
  const differences: Difference[] = [];
  if (expected.count !== undefined && expected.count !== received.length) {
    differences.push({ at: "received.count", expected: expected.count, actual: received.length });
  }
  if (Object.keys(expected).every((key) => key === "count")) return differences;
  const candidates = received.filter((one) => expected.upstream === undefined || one.upstream === expected.upstream);
  const last = candidates.at(-1);
  if (!last)
    return [...differences, { at: "received", expected, actual: received.length === 0 ? "nothing" : received }];
  if (expected.method !== undefined) differences.push(...matchText("received.method", expected.method, last.method));
  if (expected.url !== undefined) differences.push(...matchText("received.url", expected.url, last.url));
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    differences.push(...matchHeader(`received.headers.${name}`, value, last.lines[name.toLowerCase()]));
  }
  if (expected.body !== undefined) differences.push(...matchText("received.body", expected.body, last.body));
  if (expected.json !== undefined) differences.push(...matchJson("received.json", expected.json, parseJson(last.body)));
  return differences;
}

function tokenOf(step: Case["steps"][number]): TokenRequest[] {
  return step.kind === "request" && step.request.token ? [step.request.token] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `(not JSON) ${clip(text)}`;
  }
}

function clip(text: string): string {
  return text.length > 1000 ? `${text.slice(0, 1000)}…` : text;
}

/** Gives a request that should not have been sent a moment to arrive. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
