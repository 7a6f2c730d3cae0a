import { X509Certificate } from "node:crypto";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { formatTrace, type RequestTraceReport } from "../engine/request-trace.ts";
import { readFolder } from "../sources/artifacts/folder.ts";
import type { Case, CaseRequest, ChangeStep, Expectation, RequestStep, TokenRequest } from "./case.ts";
import { CertificateAuthority, type Credentials } from "./certificate-authority.ts";
import { clip, compareAnswers, compareMeasurements, compareReceived } from "./compare.ts";
import { encodeContent } from "./content-coding.ts";
import type { DataPlane, Fidelity, RunningGateway } from "./data-plane.ts";
import { RefusedError } from "./data-plane.ts";
import { caseFiles, namesKeys } from "./files.ts";
import { Issuers } from "./issuers.ts";
import { type Difference, formatDifferences, matchJson, matchText } from "./match.ts";
import { RevocationLists } from "./revocation-lists.ts";
import { type Answer, CaseClient } from "./send.ts";
import { Upstreams } from "./upstreams.ts";

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

/** How cases are run; the defaults are those of conformance, on real time. */
export interface RunOptions {
  virtualTime?: boolean;
  /** Show the trace of the requests of a failing step. */
  traced?: boolean;
}

/** Runs one case on a data plane. Never throws: what goes wrong is the result. */
export async function runCase(one: Case, plane: DataPlane, options: RunOptions = {}): Promise<CaseResult> {
  const result = (status: CaseResult["status"], reason: string, fidelity = {}): CaseResult => {
    return { name: one.name, file: one.file, line: one.line, status, reason, fidelity };
  };
  const lacking = one.needs.filter((feature) => !plane.features.has(feature));
  if (lacking.length > 0) return result("skipped", `${plane.name} has no ${lacking.join(", ")}`);
  const run = new CaseRun(one, plane, options);
  try {
    await run.start();
    if (one.refused !== undefined || one.planes[plane.name] === "refused") {
      return result("failed", `${plane.name} should refuse this and does not`);
    }
    await withinLimit(run.steps());
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

/** Longest that the steps of a case may take: a gateway that hangs is a failed case, not a run that never ends. */
const LIMIT_MS = 120_000;

async function withinLimit(steps: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the steps did not end within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  await Promise.race([steps, limit]).finally(() => clearTimeout(timer));
}

class CaseRun {
  readonly #case: Case;
  readonly #plane: DataPlane;
  readonly #options: RunOptions;
  readonly #upstreams = new Upstreams();
  readonly #issuers: Issuers;
  readonly #lists = new RevocationLists();
  readonly #client = new CaseClient();
  readonly #credentials = new Map<string, Credentials>();
  #ca: string | undefined;
  /** The case's files with every change so far. */
  #written: Case["files"];
  /** The files as the gateway has them. */
  #inForce: ReadonlyMap<string, string> = new Map();
  gateway: RunningGateway | undefined;

  constructor(one: Case, plane: DataPlane, options: RunOptions) {
    this.#case = one;
    this.#plane = plane;
    this.#options = options;
    this.#written = one.files;
    this.#issuers = new Issuers(one.issuers, one.steps.flatMap(tokenOf));
  }

  async start(): Promise<void> {
    const { certificates, upstreams, files } = this.#case;
    await this.#upstreams.start(upstreams, certificateAuthority);
    await this.#issuers.start(certificateAuthority);
    const secure =
      Object.keys(certificates).length > 0 ||
      Object.values(upstreams).some((options) => options?.tls) ||
      Object.values(this.#case.issuers).some((options) => options?.hosts);
    let tls: (Credentials & { ca: string }) | undefined;
    if (secure) {
      const ca = await certificateAuthority();
      this.#ca = ca.certificate;
      for (const name of Object.keys(certificates)) {
        this.#credentials.set(name, await ca.clientCredentials(name, certificates));
      }
      await this.#lists.start(await ca.revocationLists(certificates));
      tls = { ...(await ca.serverCredentials("gateway.test")), ca: ca.certificate };
    }
    this.gateway = await this.#plane.start({
      files: await this.#files(files),
      hosts: { ...this.#upstreams.hosts(), ...this.#issuers.hosts(), ...this.#lists.hosts() },
      tls,
      ca: this.#ca,
      identity: this.#case.identity,
      virtualTime: this.#options.virtualTime ?? false,
      traced: this.#options.traced ?? false,
    });
  }

  async steps(): Promise<void> {
    for (const step of this.#case.steps) {
      if (step.kind === "wait") await this.#wait(step.ms);
      else if (step.kind === "change") await this.#change(step);
      else {
        this.#upstreams.script(step.upstream);
        for (let i = 1; i <= step.times; i++) await this.#request(step, i);
      }
    }
  }

  async #wait(ms: number): Promise<void> {
    if (this.#running.advance) this.#running.advance(ms);
    else await new Promise((resolve) => setTimeout(resolve, ms));
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.gateway?.stop();
    await this.#upstreams.stop();
    await this.#issuers.stop();
    await this.#lists.stop();
  }

  async #change(step: ChangeStep): Promise<void> {
    for (const [name, { keys }] of Object.entries(step.issuers)) this.#issuers.publish(name, keys ?? []);
    if (Object.keys(step.files).length === 0) return;
    this.#written = { ...this.#written, ...step.files };
    await this.#running.change(await this.#files(this.#written));
  }

  async #files(files: Case["files"]): Promise<ReadonlyMap<string, string>> {
    this.#inForce = await this.#load(files);
    return this.#inForce;
  }

  async #load(files: Case["files"]): Promise<ReadonlyMap<string, string>> {
    const placeholders = namesKeys(files) ? await this.#issuers.placeholders() : new Map<string, string>();
    if (this.#ca !== undefined) placeholders.set("certificate:authority", this.#ca);
    for (const [name, { cert, key }] of this.#credentials) {
      placeholders.set(`certificate:${name}`, cert);
      placeholders.set(`credentials:${name}`, `${cert}\n${key}`);
      placeholders.set(`thumbprint:${name}`, new X509Certificate(cert).fingerprint.replaceAll(":", ""));
    }
    const own = caseFiles(files, placeholders);
    const { folder, file } = this.#case;
    if (folder === undefined) return own;
    const read = await readFolder(resolve(dirname(file), folder));
    const kept = [...read.files.files].filter(([path]) => files[path] !== null);
    return new Map([...kept, ...own]);
  }

  get #running(): RunningGateway {
    if (!this.gateway) throw new Error("the gateway is not running");
    return this.gateway;
  }

  async #request(step: RequestStep, repetition: number): Promise<void> {
    this.#upstreams.clear();
    this.#running.takeRecords();
    this.#running.takeTraces?.();
    this.#running.takeMeasurements?.();
    const sent = await Promise.all(step.requests.map((request) => this.#send(request)));
    const answers = sent.map(({ answer }) => answer);
    const differences = compareAnswers(step.expect, answers);
    if (step.expect.received !== undefined) {
      if (step.expect.received === "none") await settle();
      differences.push(...compareReceived(step.expect.received, this.#upstreams.received));
    }
    if (step.expect.metrics !== undefined) differences.push(...(await this.#compareMetrics(step.expect.metrics)));
    if (step.expect.record) {
      const secrets = sent.flatMap((one) => one.secrets);
      differences.push(...(await this.#compareRecord(step.expect.record, secrets)));
    }
    if (differences.length === 0) return;
    const which = step.times > 1 ? ` (repetition ${repetition} of ${step.times})` : "";
    const shown = answers.flatMap((answer) =>
      answer ? `\nanswer: ${answer.status} ${JSON.stringify(answer.headers)}\n${clip(answer.body)}` : [],
    );
    const [first] = step.requests;
    const traces = this.#options.traced ? (await this.#traces()).map((trace) => `\n${formatTrace(trace)}`) : [];
    throw new Error(
      `${this.#case.file}:${step.line} ${first?.method} ${first?.url}${which}\n${formatDifferences(differences)}${shown.join("")}${traces.join("")}`,
    );
  }

  /** The traces of the step; the last is written when its answer has left the gateway. */
  async #traces(): Promise<RequestTraceReport[]> {
    await settle();
    return this.#running.takeTraces?.() ?? [];
  }

  /** Sends a request; `secrets` are what it carried and no access record may hold. */
  async #send(request: CaseRequest): Promise<{ answer: Answer | undefined; secrets: string[] }> {
    const headers: [string, string][] = request.headers.map(([name, value]) => [name, value]);
    const secrets = headers.filter(([name]) => /^(proxy-)?authorization$/i.test(name)).map(([, value]) => value);
    if (request.encoding !== undefined) headers.push(["content-encoding", request.encoding]);
    let url = request.url;
    if (request.subscription !== undefined) {
      const key = this.#key(request.subscription);
      headers.push(["Ocp-Apim-Subscription-Key", key]);
      secrets.push(key);
    }
    if (request.token) {
      const token = await this.#issuers.sign(request.token);
      secrets.push(token);
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
    const answer = await this.#client.send({
      origin: { protocol: credentials ? "https:" : "http:", ...address },
      method: request.method,
      url,
      headers,
      body: request.body === undefined ? undefined : encodeContent(request.body, request.encoding),
      timeoutMs: request.timeoutMs ?? 10_000,
      ca: this.#ca,
      credentials,
    });
    return { answer, secrets };
  }

  #key(subscription: string): string {
    for (const extension of ["json", "yaml", "yml"]) {
      const text = this.#inForce.get(`subscriptions/${subscription}/subscriptionInformation.${extension}`);
      const information = text === undefined ? undefined : (parse(text) as { properties?: { primaryKey?: unknown } });
      const key = information?.properties?.primaryKey;
      if (typeof key === "string") return key;
    }
    throw new Error(`subscriptions/${subscription}/subscriptionInformation.json has no primaryKey`);
  }

  /** What an answer has cost may be measured a moment after it has left the gateway. */
  async #compareMetrics(expected: NonNullable<Expectation["metrics"]>): Promise<Difference[]> {
    const take = () => this.#running.takeMeasurements?.() ?? [];
    if (expected === "none") {
      await settle();
      return compareMeasurements([], take());
    }
    const made = take();
    for (let i = 0; i < 100 && made.length < expected.length; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      made.push(...take());
    }
    return compareMeasurements(expected, made);
  }

  async #compareRecord(expected: Readonly<Record<string, unknown>>, secrets: readonly string[]): Promise<Difference[]> {
    // The record is written when the answer has left the gateway, which the client may notice first.
    for (let i = 0; i < 100; i++) {
      const record = this.#running.takeRecords().at(-1);
      if (record) return [...matchJson("record", expected, record), ...leaks(record, secrets)];
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return [{ at: "record", expected, actual: "no record" }];
  }
}

function tokenOf(step: Case["steps"][number]): TokenRequest[] {
  return step.kind === "request" ? step.requests.flatMap(({ token }) => token ?? []) : [];
}

/** Credentials of the request that stand in its access record. */
function leaks(record: object, secrets: readonly string[]): Difference[] {
  const text = JSON.stringify(record);
  return secrets
    .filter((secret) => secret !== "" && text.includes(secret))
    .map((secret) => ({ at: "record", expected: `nothing of the credential "${secret}"`, actual: text }));
}

/** Gives a request that should not have been sent a moment to arrive. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
