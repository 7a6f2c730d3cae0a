import type { PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import { PolicyError } from "../../exchange/errors.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { UrlParts } from "../../exchange/url.ts";
import { isObject, items } from "./json-shape.ts";
import { postJson, unusable } from "./service-call.ts";

/** Harm categories of the service. */
export const CATEGORIES = ["Hate", "SelfHarm", "Sexual", "Violence"] as const;
export const OUTPUT_TYPES = ["FourSeverityLevels", "EightSeverityLevels"] as const;

/** Characters that the service takes at once. */
export const MOST_CHARACTERS = 10_000;

const TIMEOUT_MS = 30_000;
/** Which version the service's own policy uses is unconfirmed; this is the first that has both calls. */
const API_VERSION = "2024-09-01";

/** What one execution of the policy checks. */
export interface SafetyChecks {
  backendId: string;
  /** Look for attacks in prompts. */
  shieldPrompt: boolean;
  outputType: (typeof OUTPUT_TYPES)[number];
  categories: readonly { name: (typeof CATEGORIES)[number]; threshold: number }[];
  blocklists: readonly string[];
  /** Characters of a completion that are checked together, and how many of them once more with the next ones. */
  window: { size: number; overlap: number };
}

/** Reads what the policy checks from its element. */
export function loadSafetyChecks(element: PlanElement, loader: Loader): Evaluate<SafetyChecks> {
  const backendId = loader.text(element, "backend-id");
  const shieldPrompt = loader.bool(element, "shield-prompt", false);
  const size = loader.int(element, "window-size", MOST_CHARACTERS);
  const overlap = loader.int(element, "window-overlap-size", 0);
  const list = loader.child(element, "categories");
  const outputType = loader.word(list ?? element, "output-type", OUTPUT_TYPES, "FourSeverityLevels");
  const categories = (list ? loader.children(list, "category") : []).map((category) => ({
    name: loader.word(category, "name", CATEGORIES, "Hate"),
    threshold: loader.int(category, "threshold", 0),
  }));
  const blocklists = loader.child(element, "blocklists");
  const ids = blocklists ? loader.children(blocklists, "id").map(({ text }) => loader.textOf(text)) : [];
  return (x) => {
    const window = Math.min(Math.max(1, size(x)), MOST_CHARACTERS);
    return {
      backendId: backendId(x),
      shieldPrompt: shieldPrompt(x),
      outputType: outputType(x),
      categories: categories.map(({ name, threshold }) => ({ name: name(x), threshold: threshold(x) })),
      blocklists: ids.map((id) => id(x).trim()),
      window: { size: window, overlap: Math.min(Math.max(0, overlap(x)), window - 1) },
    };
  };
}

/** Text and reason code are unconfirmed (policy reference 4.5). */
export function contentRefused(): PolicyError {
  return new PolicyError("ContentSafetyViolation", 403, "Request failed content safety check.");
}

/**
 * Asks the service about a text of at most {@link MOST_CHARACTERS} characters.
 * @returns whether it is objectionable. @throws {PolicyError} 500 where the service does not answer as it should.
 */
export async function isObjectionable(
  x: Exchange,
  checks: SafetyChecks,
  text: string,
  prompt: boolean,
): Promise<boolean> {
  if (text.trim() === "") return false;
  const analyzed = checks.categories.length > 0 || checks.blocklists.length > 0;
  const found = await Promise.all([
    analyzed ? analyze(x, checks, text) : undefined,
    prompt && checks.shieldPrompt ? detectAttack(x, checks, text) : undefined,
  ]);
  const [reason] = found.filter((one) => one !== undefined);
  if (reason === undefined) return false;
  x.trace({ source: "llm-content-safety", severity: "information", message: reason });
  return true;
}

/** Why the text is objectionable by its categories and blocklists; undefined where it is not. */
async function analyze(x: Exchange, checks: SafetyChecks, text: string): Promise<string | undefined> {
  const { categories, blocklists, outputType } = checks;
  const answer = await call(x, checks.backendId, "text:analyze", {
    text,
    ...(categories.length > 0 ? { categories: categories.map(({ name }) => name), outputType } : {}),
    ...(blocklists.length > 0 ? { blocklistNames: blocklists, haltOnBlocklistHit: false } : {}),
  });
  const [match] = items(answer.blocklistsMatch);
  if (match !== undefined) return `blocklist ${isObject(match) ? match.blocklistName : ""}`;
  for (const { name, threshold } of categories) {
    const analysis = items(answer.categoriesAnalysis).find((one) => isObject(one) && one.category === name);
    const severity = isObject(analysis) ? analysis.severity : undefined;
    // What was not judged may be anything.
    if (typeof severity !== "number") throw unusable(`The backend "${checks.backendId}" did not judge ${name}.`);
    if (severity >= threshold) return `${name} of severity ${severity}, threshold ${threshold}`;
  }
  return undefined;
}

async function detectAttack(x: Exchange, { backendId }: SafetyChecks, text: string): Promise<string | undefined> {
  const { userPromptAnalysis } = await call(x, backendId, "text:shieldPrompt", { userPrompt: text, documents: [] });
  const detected = isObject(userPromptAnalysis) ? userPromptAnalysis.attackDetected : undefined;
  if (typeof detected !== "boolean") throw unusable(`The backend "${backendId}" did not judge the prompt.`);
  return detected ? "attack in the prompt" : undefined;
}

async function call(x: Exchange, backendId: string, operation: string, content: object) {
  const make = (base: UrlParts) => {
    const url = { ...base, path: `${base.path.replace(/\/$/, "")}/contentsafety/${operation}` };
    return {
      url: { ...url, query: `${base.query === "" ? "?" : `${base.query}&`}api-version=${API_VERSION}` },
      content,
    };
  };
  const answer = await postJson(x, backendId, make, TIMEOUT_MS);
  if (!isObject(answer)) throw unusable(`The backend "${backendId}" did not answer with a JSON object.`);
  return answer;
}
