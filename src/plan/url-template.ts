/** A piece of an operation's URL template. */
export type TemplateSegment =
  | { kind: "literal"; text: string }
  /** `{name}` within one segment, with literal text before and after it. */
  | { kind: "parameter"; name: string; prefix: string; suffix: string }
  /** `/*` or `{*name}`: the rest of the path; only at the end. */
  | { kind: "wildcard"; name: string | undefined };

export interface UrlTemplate {
  segments: readonly TemplateSegment[];
  /** `?q={name}` and `?q=value` parts: declared query parameters. */
  query: readonly { name: string; parameter: string | undefined; value: string | undefined }[];
}

/**
 * Parses an operation's URL template (`/orders/{id}?expand={what}`).
 * @throws Error saying what is wrong with it.
 */
export function parseUrlTemplate(template: string): UrlTemplate {
  const mark = template.indexOf("?");
  const path = mark < 0 ? template : template.slice(0, mark);
  const query = mark < 0 ? "" : template.slice(mark + 1);
  return { segments: parsePath(path), query: parseQuery(query) };
}

function parsePath(path: string): TemplateSegment[] {
  // A trailing slash makes no difference.
  const texts = path.replace(/^\//, "").replace(/\/$/, "").split("/");
  if (texts.length === 1 && texts[0] === "") return [];
  return texts.map((text, index) => {
    const segment = parseSegment(text, path);
    if (segment.kind === "wildcard" && index < texts.length - 1) {
      throw new Error(`the wildcard in "${path}" must stand at the end`);
    }
    return segment;
  });
}

function parseSegment(text: string, path: string): TemplateSegment {
  if (text === "*") return { kind: "wildcard", name: undefined };
  const match = /^([^{}]*)\{(\*?)([^{}*]+)\}([^{}]*)$/.exec(text);
  if (match) {
    const [, prefix = "", star, name = "", suffix = ""] = match;
    if (!star) return { kind: "parameter", name, prefix, suffix };
    if (prefix !== "" || suffix !== "")
      throw new Error(`the wildcard {*${name}} in "${path}" must be a segment of its own`);
    return { kind: "wildcard", name };
  }
  if (/[{}]/.test(text)) throw new Error(`the segment "${text}" of "${path}" is neither text nor one {parameter}`);
  return { kind: "literal", text };
}

function parseQuery(query: string): UrlTemplate["query"] {
  return query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", value = ""] = part.split("=", 2);
      const parameter = /^\{([^{}]+)\}$/.exec(value)?.[1];
      return { name, parameter, value: parameter === undefined ? value : undefined };
    });
}
