import { literalText, type PlanValue } from "../../compiler/element.ts";
import type { Loader } from "../../compiler/loader.ts";
import { PolicyError } from "../../exchange/errors.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Message } from "../../exchange/message.ts";
import { liquidModel } from "./model.ts";
import { compileLiquid, type LiquidTemplate } from "./template.ts";

/** A template filled in for an exchange, its `body` that of the message: which must be in memory. */
export type RenderLiquid = (x: Exchange, message: Message) => string;

/**
 * The text is a template: compiled once when it is literal, else for each text that an expression or secret gives.
 * @throws {PolicyError} when run: a template that does not parse or fails. Reason and status are unconfirmed.
 */
export function liquidText(
  value: PlanValue | undefined,
  loader: Loader,
  options: { xsiNil: "blank" | "null" },
): RenderLiquid {
  const literal = literalText(value ?? "");
  const text = loader.textOf(value);
  const compiled = literal === undefined ? undefined : compileLiquid(literal);
  return (x, message) => rendered(compiled ?? compileTemplate(text(x)), liquidModel(x, message, options));
}

/** Why a template does not parse; undefined for one that does. */
export function liquidProblem(text: string): string | undefined {
  try {
    compileLiquid(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function compileTemplate(text: string): LiquidTemplate {
  try {
    return compileLiquid(text);
  } catch (error) {
    throw new PolicyError("LiquidTemplateFailure", 500, (error as Error).message, { cause: error });
  }
}

function rendered(template: LiquidTemplate, model: object): string {
  try {
    return template(model);
  } catch (error) {
    throw new PolicyError("LiquidTemplateFailure", 500, `The Liquid template failed. ${(error as Error).message}`, {
      cause: error,
    });
  }
}
