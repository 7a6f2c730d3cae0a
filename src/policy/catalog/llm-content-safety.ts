import { definePolicy, type Report } from "../compiler/schema.ts";
import { attribute, type Element, elementChildren } from "../document/tree.ts";
import { PolicyError } from "../exchange/errors.ts";
import { CATEGORIES, loadSafetyChecks, OUTPUT_TYPES } from "./llm/content-safety.ts";
import { checkAnswer, checkRequest } from "./llm/safety-of-messages.ts";

export const llmContentSafety = definePolicy({
  name: "llm-content-safety",
  summary: "Has prompts and completions checked by Azure AI Content Safety, and refuses what it objects to.",
  category: "validation",
  sections: ["inbound", "outbound"],
  // Older documents have it at operation scope.
  scopes: ["global", "workspace", "product", "api", "operation"],
  attributes: {
    "backend-id": {
      type: "string",
      expression: true,
      required: true,
      doc: "Backend of the content-safety service, with the credentials for it.",
    },
    "shield-prompt": { type: "bool", expression: true, default: false, doc: "Look for attacks in prompts." },
    "enforce-on-completions": {
      type: "bool",
      expression: true,
      default: false,
      doc: "In inbound: check the completion as well.",
    },
    "window-size": {
      type: "int",
      expression: true,
      min: 1,
      max: 10_000,
      default: 10_000,
      doc: "Characters of a completion that are checked together; a stream is held back for so long.",
    },
    "window-overlap-size": {
      type: "int",
      expression: true,
      min: 0,
      doc: "Characters of a window that are checked with the next one again.",
    },
  },
  order: "any",
  children: {
    categories: {
      doc: "The harm categories to look for.",
      max: 1,
      attributes: {
        "output-type": {
          type: OUTPUT_TYPES,
          expression: true,
          default: "FourSeverityLevels",
          doc: "Severities 0, 2, 4 and 6, or 0 to 7.",
        },
      },
      children: {
        category: {
          doc: "A harm category.",
          min: 1,
          attributes: {
            name: { type: CATEGORIES, expression: true, required: true, doc: "The category." },
            threshold: {
              type: "int",
              expression: true,
              required: true,
              min: 0,
              max: 7,
              doc: "Severity from which on text is refused; 0 refuses all.",
            },
          },
        },
      },
    },
    blocklists: {
      doc: "Blocklists of the service to look into.",
      max: 1,
      children: {
        id: {
          doc: "A blocklist.",
          min: 1,
          text: { type: "string", expression: true, required: true, doc: "Its name." },
        },
      },
    },
  },
  check: warnAboutNothing,
  load(element, loader) {
    const checksOf = loadSafetyChecks(element, loader);
    const enforceOnCompletions = loader.bool(element, "enforce-on-completions", false);
    return async (x) => {
      const checks = checksOf(x);
      if (x.section !== "inbound") return checkAnswer(x, checks);
      if (enforceOnCompletions(x)) x.afterBackend(() => checkAnswer(x, checks).catch(byThisPolicy));
      await checkRequest(x, checks);
    };
  },
});

/** What fails after the backend section is in no policy's step, so it has to say whose it is. */
function byThisPolicy(error: unknown): never {
  if (!(error instanceof PolicyError)) throw error;
  const { reason, status, message, publicMessage, headers } = error;
  const more = { headers, source: "llm-content-safety", cause: error };
  throw new PolicyError(reason, status, message, publicMessage === undefined ? more : { ...more, publicMessage });
}

function warnAboutNothing(element: Element, report: Report): void {
  const lists = elementChildren(element).some(({ name }) => name === "categories" || name === "blocklists");
  const shield = attribute(element, "shield-prompt")?.value.text.trim().toLowerCase() ?? "false";
  if (lists || (shield !== "false" && shield !== "0")) return;
  report(element, "the policy checks nothing", 'add <categories>, <blocklists> or shield-prompt="true"', "warning");
}
