import {
  type Context,
  type Emitter,
  evalToken,
  Liquid,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
} from "liquidjs";
import { FormatException } from "../../expression/clr/exceptions.ts";
import { DateTime } from "../../expression/clr/system/date-time.ts";
import { formatBoxed } from "../../expression/clr/system/format.ts";

/** A template ready to render. */
export type LiquidTemplate = (model: object) => string;

/** What templates may use up: characters of a template, milliseconds and memory units of one rendering. */
const LIMITS = { parseLimit: 512 * 1024, renderLimit: 2000, memoryLimit: 20_000_000 };

/** Filters of the policy reference (13.4), which are written in Pascal case, by liquidjs's names for them. */
const FILTERS: Readonly<Record<string, string>> = {
  Abs: "abs",
  Append: "append",
  AtLeast: "at_least",
  AtMost: "at_most",
  Capitalize: "capitalize",
  Ceil: "ceil",
  Compact: "compact",
  Concat: "concat",
  Default: "default",
  Downcase: "downcase",
  Escape: "escape",
  First: "first",
  Floor: "floor",
  H: "escape",
  Join: "join",
  Last: "last",
  Lstrip: "lstrip",
  Map: "map",
  Minus: "minus",
  Modulo: "modulo",
  NewlineToBr: "newline_to_br",
  Plus: "plus",
  Prepend: "prepend",
  Remove: "remove",
  RemoveFirst: "remove_first",
  Replace: "replace",
  ReplaceFirst: "replace_first",
  Reverse: "reverse",
  Round: "round",
  Rstrip: "rstrip",
  Size: "size",
  Slice: "slice",
  Sort: "sort",
  Split: "split",
  Strip: "strip",
  StripHtml: "strip_html",
  StripNewlines: "strip_newlines",
  Times: "times",
  Truncate: "truncate",
  TruncateWords: "truncatewords",
  Uniq: "uniq",
  Upcase: "upcase",
  UrlDecode: "url_decode",
  UrlEncode: "url_encode",
};

let engine: Liquid | undefined;

/**
 * Compiles a Liquid template: DotLiquid's names and blocks on a maintained Liquid engine. Templates see own members of the
 * model only, and can load nothing.
 * @throws Error with Liquid's message (line and column in the template) when it does not parse.
 */
export function compileLiquid(text: string): LiquidTemplate {
  engine ??= createEngine();
  const liquid = engine;
  const template = liquid.parse(text);
  return (model) => liquid.renderSync(template, model) as string;
}

function createEngine(): Liquid {
  const liquid = new Liquid({
    ...LIMITS,
    ownPropertyOnly: true,
    strictFilters: true,
    relativeReference: false,
    templates: {},
  });
  for (const [name, known] of Object.entries(FILTERS)) {
    const implementation = liquid.filters[known];
    if (implementation) liquid.registerFilter(name, implementation);
  }
  liquid.registerFilter("DividedBy", divide);
  liquid.registerFilter("Date", formatDate);
  liquid.registerFilter("Currency", (value: unknown) => formatBoxed(Number(value), "C"));
  liquid.registerTag("JSONArrayFor", JsonArrayFor);
  return liquid;
}

/** Whole numbers divide as whole numbers, as in C#. */
function divide(value: unknown, by: unknown): number {
  const [a, b] = [Number(value), Number(by)];
  if (b === 0) throw new Error("divided by 0");
  return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b;
}

/** Dates take .NET format strings; what is no date stays as it is. */
function formatDate(value: unknown, format: unknown): unknown {
  try {
    const text = String(value);
    const date = text === "now" ? DateTime.parse(new Date().toISOString()) : DateTime.parse(text);
    return formatBoxed(date, typeof format === "string" && format !== "" ? format : null);
  } catch (error) {
    if (error instanceof FormatException) return value;
    throw error;
  }
}

/** `{% JSONArrayFor x in list %} … {% endJSONArrayFor %}`: the items with commas between them. */
class JsonArrayFor extends Tag {
  readonly #variable: string;
  readonly #list: ReturnType<TagToken["tokenizer"]["readValue"]>;
  readonly #body: Template[] = [];

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    const { tokenizer } = token;
    const variable = tokenizer.readIdentifier().content;
    tokenizer.skipBlank();
    const keyword = tokenizer.readIdentifier().content;
    this.#list = tokenizer.readValue();
    if (variable === "" || keyword !== "in" || !this.#list)
      throw new Error(`"${token.getText()}" is not "JSONArrayFor x in list"`);
    this.#variable = variable;
    const stream = liquid.parser
      .parseStream(remaining)
      .on("tag:endJSONArrayFor", () => stream.stop())
      .on("template", (template: Template) => this.#body.push(template))
      .on("end", () => {
        throw new Error("JSONArrayFor is not closed by endJSONArrayFor");
      });
    stream.start();
  }

  override *render(context: Context, emitter: Emitter): Generator<unknown, void, never> {
    const value: unknown = yield this.#list && evalToken(this.#list, context);
    const items = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
    for (const [index, item] of items.entries()) {
      if (index > 0) emitter.write(",");
      context.push({ [this.#variable]: item });
      yield this.liquid.renderer.renderTemplates(this.#body, context, emitter);
      context.pop();
    }
  }
}
