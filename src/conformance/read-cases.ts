import { type Document, isMap, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import type { Diagnostic } from "../model/diagnostic.ts";
import { didYouMean } from "../model/nearest.ts";
import type {
  Case,
  CaseRequest,
  ChangeStep,
  ContentCoding,
  Expectation,
  RequestStep,
  ScriptedAnswer,
  Step,
  TokenRequest,
  UpstreamOptions,
} from "./case.ts";
import { parseDuration } from "./duration.ts";
import { SERVICE_KINDS } from "./services/kinds.ts";

/** Keys that a case, and a file of several cases, may hold. */
const CASE_KEYS = [
  "name",
  "folder",
  "files",
  "upstreams",
  "issuers",
  "certificates",
  "identity",
  "needs",
  "planes",
  "refused",
  "steps",
];
const FILE_KEYS = [...CASE_KEYS, "cases"];
const STEP_KEYS = ["request", "times", "parallel", "upstream", "expect", "wait", "change"];
const REQUEST_KEYS = [
  "method",
  "url",
  "headers",
  "body",
  "json",
  "encoding",
  "token",
  "subscription",
  "certificate",
  "timeout",
];
const ANSWER_KEYS = ["status", "reason", "headers", "body", "json", "encoding", "delay", "reset", "cut"];
const CODINGS = ["gzip", "deflate", "br"];
/** Characters that `{ repeat, times }` may give. */
const LONGEST_TEXT = 64 << 20;
const CHANGE_KEYS = ["files", "issuers"];
const EXPECTED_ANSWER_KEYS = ["status", "reason", "headers", "body", "json"];
const EXPECT_KEYS = [...EXPECTED_ANSWER_KEYS, "answers", "received", "record", "metrics", "closed"];
/** Requests of one step that are sent at once: more would measure the machine and not the gateway. */
const MOST_PARALLEL = 100;

type Mapping = Record<string, unknown>;

/**
 * Reads the cases of one YAML file. A document is a case; or it holds `cases:`, each of which inherits the document's
 * other keys (`files` are merged, the case's own winning). What is wrong is reported with its line.
 */
export function readCases(file: string, text: string): { cases: Case[]; diagnostics: Diagnostic[] } {
  const counter = new LineCounter();
  const diagnostics: Diagnostic[] = [];
  const cases: Case[] = [];
  for (const document of parseAllDocuments(text, {
    lineCounter: counter,
    maxAliasCount: 1000,
  } as never) as Document[]) {
    // The first error makes most of the others.
    for (const error of document.errors.slice(0, 1)) {
      const { line, col } = counter.linePos(error.pos[0]);
      diagnostics.push({
        severity: "error",
        code: "invalid-yaml",
        message: error.message.split("\n")[0] ?? "",
        file,
        line,
        column: col,
      });
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    const reader = new CaseReader(file, counter, diagnostics);
    cases.push(...reader.document(document));
  }
  return { cases: diagnostics.length > 0 ? [] : cases, diagnostics };
}

class CaseReader {
  readonly #file: string;
  readonly #counter: LineCounter;
  readonly #diagnostics: Diagnostic[];

  constructor(file: string, counter: LineCounter, diagnostics: Diagnostic[]) {
    this.#file = file;
    this.#counter = counter;
    this.#diagnostics = diagnostics;
  }

  document(document: Document): Case[] {
    const root = document.contents;
    if (!isMap(root)) {
      this.#report(root, "a case is a mapping with name, files and steps");
      return [];
    }
    const shared = document.toJS() as Mapping;
    this.#keys(root, shared, FILE_KEYS, "a case");
    if (shared.cases === undefined) return [this.#case(root, shared, {})];
    const list = root.get("cases");
    if (!isSeq(list)) {
      this.#report(root, "`cases` must be a list");
      return [];
    }
    return list.items.map((node, index) => {
      const own = (shared.cases as Mapping[])[index] ?? {};
      this.#keys(node as Node, own, CASE_KEYS, "a case");
      return this.#case(node as Node, own, shared);
    });
  }

  #case(node: Node, own: Mapping, shared: Mapping): Case {
    const line = this.#line(node);
    const name = typeof own.name === "string" ? own.name : "";
    if (name === "") this.#report(node, "a case needs a name");
    const refused = own.refused ?? shared.refused;
    if (refused !== undefined && typeof refused !== "string")
      this.#report(node, "`refused` is what the report must say");
    const steps = own.steps ?? shared.steps;
    if (refused === undefined && (!Array.isArray(steps) || steps.length === 0))
      this.#report(node, "a case needs steps");
    const stepsNode = isMap(node) ? node.get("steps", true) : undefined;
    const stepNodes = isSeq(stepsNode) ? stepsNode.items : [];
    const merged = (key: string) => ({ ...(shared[key] as Mapping), ...(own[key] as Mapping) });
    return {
      name: shared.name && own !== shared && name ? `${shared.name}: ${name}` : name,
      file: this.#file,
      line,
      files: merged("files"),
      ...folderOf(own, shared),
      upstreams: this.#upstreams(node, merged("upstreams")),
      issuers: merged("issuers") as Case["issuers"],
      certificates: merged("certificates") as Case["certificates"],
      ...((own.identity ?? shared.identity) === undefined ? {} : { identity: own.identity ?? shared.identity }),
      needs: (own.needs ?? shared.needs ?? []) as string[],
      planes: merged("planes") as Case["planes"],
      ...(typeof refused === "string" ? { refused } : {}),
      steps: Array.isArray(steps)
        ? steps.map((step, index) => this.#step((stepNodes[index] as Node | undefined) ?? node, step as Mapping))
        : [],
    };
  }

  #upstreams(node: Node, upstreams: Mapping): Record<string, UpstreamOptions> {
    for (const [name, options] of Object.entries(upstreams as Record<string, UpstreamOptions | null>)) {
      const kind = options?.kind;
      if (kind === undefined || SERVICE_KINDS.includes(kind)) continue;
      this.#report(node, `the upstream "${name}" is of kind "${kind}"; kinds: ${SERVICE_KINDS.join(", ")}`);
    }
    return upstreams as Record<string, UpstreamOptions>;
  }

  #step(node: Node, step: Mapping): Step {
    const line = this.#line(node);
    this.#keys(node, step, STEP_KEYS, "a step");
    if (step.wait !== undefined) return { kind: "wait", line, ms: this.#duration(node, step.wait) };
    if (step.change !== undefined) {
      const change = step.change as Mapping;
      this.#keys(node, change, CHANGE_KEYS, "`change`");
      return {
        kind: "change",
        line,
        files: (change.files ?? {}) as Mapping,
        issuers: (change.issuers ?? {}) as ChangeStep["issuers"],
      };
    }
    if (step.request === undefined) this.#report(node, "a step needs `request`, `wait` or `change`");
    const expect = (step.expect ?? {}) as Mapping;
    this.#keys(node, expect, EXPECT_KEYS, "`expect`");
    const requests = this.#requests(node, step);
    this.#answersExpected(node, expect, requests.length);
    return {
      kind: "request",
      line,
      requests,
      times: typeof step.times === "number" ? step.times : 1,
      upstream: this.#answers(node, (step.upstream ?? {}) as Record<string, unknown>),
      expect: expect as Expectation,
    } satisfies RequestStep;
  }

  /** `request` is one or a list; `parallel` says how often it is sent at once. */
  #requests(node: Node, step: Mapping): CaseRequest[] {
    const { parallel = 1 } = step;
    const written = (Array.isArray(step.request) ? step.request : [step.request ?? {}]) as Mapping[];
    const requests = written.map((request) => this.#request(node, request));
    if (typeof parallel !== "number" || !(parallel >= 1 && parallel * requests.length <= MOST_PARALLEL)) {
      this.#report(node, `\`parallel\` must be a number; a step sends at most ${MOST_PARALLEL} requests at once`);
      return requests;
    }
    return Array.from({ length: parallel }, () => requests).flat();
  }

  #answersExpected(node: Node, expect: Mapping, requests: number): void {
    if (expect.answers === undefined) return;
    if (!Array.isArray(expect.answers) || expect.answers.length !== requests) {
      this.#report(node, `\`answers\` must be a list with one item for each of the ${requests} requests`);
      return;
    }
    for (const answer of expect.answers) this.#keys(node, answer as Mapping, EXPECTED_ANSWER_KEYS, "an answer");
  }

  #request(node: Node, request: Mapping): CaseRequest {
    this.#keys(node, request, REQUEST_KEYS, "`request`");
    const { json, body } = request as { json?: unknown; body?: unknown };
    const headers = this.#headers(node, request.headers);
    if (json !== undefined && !headers.some(([name]) => name.toLowerCase() === "content-type")) {
      headers.push(["content-type", "application/json"]);
    }
    const content = json !== undefined ? JSON.stringify(json) : body === undefined ? undefined : this.#text(node, body);
    const token = request.token as Partial<TokenRequest> | undefined;
    return {
      method: typeof request.method === "string" ? request.method : "GET",
      url: request.url === undefined ? "/" : this.#text(node, request.url),
      headers,
      ...(content === undefined ? {} : { body: content }),
      ...this.#encoding(node, request.encoding),
      ...(token ? { token: { issuer: "main", alg: "RS256", kid: "k1", claims: {}, ...token } } : {}),
      ...(typeof request.subscription === "string" ? { subscription: request.subscription } : {}),
      ...(typeof request.certificate === "string" ? { certificate: request.certificate } : {}),
      ...(request.timeout === undefined ? {} : { timeoutMs: this.#duration(node, request.timeout) }),
    };
  }

  #answers(node: Node, scripts: Record<string, unknown>): Record<string, ScriptedAnswer[]> {
    const answers: Record<string, ScriptedAnswer[]> = {};
    for (const [upstream, list] of Object.entries(scripts)) {
      answers[upstream] = (Array.isArray(list) ? list : [list]).map((answer: Mapping) => this.#answer(node, answer));
    }
    return answers;
  }

  #answer(node: Node, answer: Mapping): ScriptedAnswer {
    this.#keys(node, answer, ANSWER_KEYS, "an answer");
    return {
      status: typeof answer.status === "number" ? answer.status : 200,
      headers: this.#headers(node, answer.headers),
      ...(answer.reason === undefined ? {} : { reason: String(answer.reason) }),
      ...(answer.json !== undefined
        ? { body: JSON.stringify(answer.json) }
        : answer.body === undefined
          ? {}
          : { body: this.#text(node, answer.body) }),
      ...this.#encoding(node, answer.encoding),
      delayMs: answer.delay === undefined ? 0 : this.#duration(node, answer.delay),
      reset: answer.reset === true,
      cut: answer.cut === true,
    };
  }

  #encoding(node: Node, value: unknown): { encoding?: ContentCoding } {
    if (value === undefined) return {};
    if (!CODINGS.includes(String(value))) this.#report(node, `\`encoding\` must be one of ${CODINGS.join(", ")}`);
    return { encoding: String(value) as ContentCoding };
  }

  /** A mapping of names to a value or a list of values, as pairs. */
  #headers(node: Node, value: unknown): [string, string][] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, values]) =>
      (Array.isArray(values) ? values : [values]).map((one): [string, string] => [name, this.#text(node, one)]),
    );
  }

  /** A text as written, or `{ repeat: text, times: n }` for a long one. */
  #text(node: Node, value: unknown): string {
    if (typeof value !== "object" || value === null) return String(value);
    const { repeat, times } = value as Mapping;
    const count = typeof times === "number" && Number.isInteger(times) && times >= 0 ? times : undefined;
    if (typeof repeat !== "string" || count === undefined) {
      this.#report(node, "a text is written as it is, or as { repeat: text, times: number }");
      return "";
    }
    if (repeat.length * count > LONGEST_TEXT) {
      this.#report(node, `a text may have ${LONGEST_TEXT} characters at most`);
      return "";
    }
    return repeat.repeat(count);
  }

  #duration(node: Node, value: unknown): number {
    const ms = parseDuration(value);
    if (ms === undefined)
      this.#report(node, `"${String(value)}" is not a duration`, 'write for example "250ms", "1.2s" or "1m"');
    return ms ?? 0;
  }

  #keys(node: Node, mapping: Mapping, allowed: readonly string[], what: string): void {
    for (const key of Object.keys(mapping)) {
      if (allowed.includes(key)) continue;
      this.#report(node, `${what} has no key "${key}"; allowed: ${allowed.join(", ")}`, didYouMean(key, allowed));
    }
  }

  #line(node: Node | null): number {
    return node?.range ? this.#counter.linePos(node.range[0]).line : 1;
  }

  #report(node: Node | null, message: string, hint?: string): void {
    const at = node?.range ? this.#counter.linePos(node.range[0]) : { line: 1, col: 1 };
    this.#diagnostics.push({
      severity: "error",
      code: "invalid-case",
      message,
      file: this.#file,
      line: at.line,
      column: at.col,
      ...(hint ? { hint } : {}),
    });
  }
}

function folderOf(own: Mapping, shared: Mapping): { folder?: string } {
  const folder = own.folder ?? shared.folder;
  return typeof folder === "string" ? { folder } : {};
}
