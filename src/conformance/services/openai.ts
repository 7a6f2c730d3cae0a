import type { ReceivedRequest } from "../upstreams.ts";
import { embedding } from "./embedding.ts";
import { events, json, jsonBody, type Service, type ServiceAnswer } from "./service.ts";

type Body = Readonly<Record<string, unknown>>;

/** Words separated by white space: what the kit's model counts as tokens, so that cases can be reckoned by hand. */
function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

/**
 * A language model in OpenAI's form that answers deterministically: the last message of the user after `echo: `, cut to as
 * many words as `max_tokens` says. A word is a token. The path's end decides, so Azure's addresses work as well.
 */
export class OpenAiService implements Service {
  #answers = 0;

  answer(request: ReceivedRequest): ServiceAnswer | undefined {
    const path = request.url.split("?")[0] ?? "";
    const [, operation] = /\/(chat\/completions|completions|embeddings|responses)$/.exec(path) ?? [];
    if (operation === undefined || request.method !== "POST") return undefined;
    const body = jsonBody(request);
    if (!body) return invalid("The body is no JSON object.");
    switch (operation) {
      case "chat/completions":
        return this.#chat(body);
      case "completions":
        return this.#completion(body);
      case "embeddings":
        return embeddings(body);
      default:
        return this.#response(body);
    }
  }

  #chat(body: Body): ServiceAnswer {
    if (!Array.isArray(body.messages) || body.messages.length === 0) return invalid("`messages` is needed.");
    const { reply, usage } = this.#reply(body.messages, body.max_completion_tokens ?? body.max_tokens);
    const id = `chatcmpl-${++this.#answers}`;
    const head = { id, created: 0, model: body.model ?? "kit" };
    if (body.stream !== true) {
      const choice = { index: 0, message: { role: "assistant", content: reply }, finish_reason: "stop" };
      return json({ ...head, object: "chat.completion", choices: [choice], usage: chatUsage(usage) });
    }
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index: 0, delta, finish_reason }],
    });
    return events([
      chunk({ role: "assistant", content: "" }),
      ...pieces(reply).map((content) => chunk({ content })),
      chunk({}, "stop"),
      ...(includesUsage(body)
        ? [{ ...head, object: "chat.completion.chunk", choices: [], usage: chatUsage(usage) }]
        : []),
      "[DONE]",
    ]);
  }

  #completion(body: Body): ServiceAnswer {
    const prompts = (Array.isArray(body.prompt) ? body.prompt : [body.prompt]).map((text) => String(text ?? ""));
    const { reply, usage } = this.#reply(
      prompts.map((content) => ({ role: "user", content })),
      body.max_tokens,
    );
    const head = { id: `cmpl-${++this.#answers}`, object: "text_completion", created: 0, model: body.model ?? "kit" };
    const choice = (text: string, finish_reason: string | null) => [{ index: 0, text, finish_reason }];
    if (body.stream !== true) return json({ ...head, choices: choice(reply, "stop"), usage: chatUsage(usage) });
    return events([
      ...pieces(reply).map((text) => ({ ...head, choices: choice(text, null) })),
      ...(includesUsage(body) ? [{ ...head, choices: [], usage: chatUsage(usage) }] : []),
      "[DONE]",
    ]);
  }

  #response(body: Body): ServiceAnswer {
    const items = Array.isArray(body.input) ? body.input : [{ role: "user", content: body.input }];
    const system = typeof body.instructions === "string" ? [{ role: "system", content: body.instructions }] : [];
    const { reply, usage } = this.#reply([...system, ...items], body.max_output_tokens);
    const output = [{ type: "message", role: "assistant", content: [{ type: "output_text", text: reply }] }];
    const head = { id: `resp-${++this.#answers}`, object: "response", created_at: 0, model: body.model ?? "kit" };
    const whole = {
      ...head,
      status: "completed",
      output,
      usage: {
        input_tokens: usage.prompt,
        output_tokens: usage.completion,
        total_tokens: usage.prompt + usage.completion,
      },
    };
    if (body.stream !== true) return json(whole);
    return events(
      [
        { type: "response.created", response: { ...head, status: "in_progress", output: [], usage: null } },
        ...pieces(reply).map((delta) => ({ type: "response.output_text.delta", delta })),
        { type: "response.output_text.done", text: reply },
        { type: "response.completed", response: whole },
      ],
      true,
    );
  }

  #reply(messages: readonly unknown[], most: unknown) {
    const read = messages.map((message) => {
      const { role, content } = message as { role?: unknown; content?: unknown };
      return { role, text: textOf(content) };
    });
    const asked = read.findLast(({ role }) => role === "user")?.text ?? "";
    const words = `echo: ${asked}`.split(/\s+/).filter((word) => word !== "");
    const reply = (typeof most === "number" ? words.slice(0, most) : words).join(" ");
    const prompt = read.reduce((sum, { text }) => sum + wordCount(text), 0);
    return { reply, usage: { prompt, completion: wordCount(reply) } };
  }
}

function embeddings(body: Body): ServiceAnswer {
  const inputs = (Array.isArray(body.input) ? body.input : [body.input]).map((text) => String(text ?? ""));
  const dimensions = typeof body.dimensions === "number" ? body.dimensions : undefined;
  const tokens = inputs.reduce((sum, text) => sum + wordCount(text), 0);
  return json({
    object: "list",
    model: body.model ?? "kit",
    data: inputs.map((text, index) => ({ object: "embedding", index, embedding: embedding(text, dimensions) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

function chatUsage({ prompt, completion }: { prompt: number; completion: number }) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function includesUsage({ stream_options }: Body): boolean {
  return (stream_options as { include_usage?: unknown } | undefined)?.include_usage === true;
}

/** A text word by word, each with the space before it. */
function pieces(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

/** A text, or the texts of a list of parts. */
function textOf(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === "string" ? content : "";
  return content.map((part) => (part as { text?: unknown } | null)?.text ?? "").join(" ");
}

function invalid(message: string): ServiceAnswer {
  return json({ error: { message, type: "invalid_request_error" } }, 400);
}
