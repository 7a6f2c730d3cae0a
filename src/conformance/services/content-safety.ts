import type { ReceivedRequest } from "../upstreams.ts";
import { json, jsonBody, type Service, type ServiceAnswer } from "./service.ts";

const CATEGORIES = ["Hate", "SelfHarm", "Sexual", "Violence"];
const MOST_CHARACTERS = 10_000;

/**
 * Azure AI Content Safety that judges by words in the text: `violence4` is violence of severity 4 (likewise `hate`, `selfharm`,
 * `sexual`), `blocked-NAME` stands on the blocklist NAME, and `attack` is an attack on the prompt.
 */
export class ContentSafetyService implements Service {
  answer(request: ReceivedRequest): ServiceAnswer | undefined {
    const [, operation] = /\/contentsafety\/(text:analyze|text:shieldPrompt)\?api-version=/.exec(request.url) ?? [];
    if (operation === undefined || request.method !== "POST") return undefined;
    const body = jsonBody(request);
    const text = operation === "text:analyze" ? body?.text : body?.userPrompt;
    if (!body || typeof text !== "string") return refused("InvalidRequestBody");
    if ([...text].length > MOST_CHARACTERS) return refused("InvalidRequestBody");
    if (operation === "text:shieldPrompt") {
      return json({ userPromptAnalysis: { attackDetected: /\battack\b/i.test(text) }, documentsAnalysis: [] });
    }
    const { categories = CATEGORIES, outputType, blocklistNames = [] } = body;
    return json({
      blocklistsMatch: (blocklistNames as string[])
        .filter((name) => text.includes(`blocked-${name}`))
        .map((name) => ({ blocklistName: name, blocklistItemId: "1", blocklistItemText: `blocked-${name}` })),
      categoriesAnalysis: (categories as string[]).map((category) => {
        const severity = severityOf(category, text);
        return { category, severity: outputType === "EightSeverityLevels" ? severity : severity - (severity % 2) };
      }),
    });
  }
}

/** From 0 to 7. */
function severityOf(category: string, text: string): number {
  const found = text.matchAll(new RegExp(`\\b${category.toLowerCase()}([0-7])\\b`, "gi"));
  return Math.max(0, ...[...found].map(([, level]) => Number(level)));
}

function refused(code: string): ServiceAnswer {
  return json({ error: { code, message: "The request body is not valid." } }, 400);
}
