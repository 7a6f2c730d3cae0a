import type { Scope } from "../exchange/errors.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { Message } from "../exchange/message.ts";
import { toBoolean, toDouble, toInt32, toInt64, toText } from "../expression/convert.ts";
import { loadExpression } from "../expression/load.ts";
import type { BodyRead, PlanElement, PlanValue } from "./element.ts";
import { isExpression, isTemplate, literalText } from "./element.ts";
import { expressionFailure } from "./expression-failure.ts";
import { type LoadedStep, runSteps } from "./pipeline.ts";
import type { MessageEdit, PolicyDefinition, Step } from "./schema.ts";

/** A value of a plan, ready to be evaluated for an exchange; constants ignore it. */
export type Evaluate<T> = (x: Exchange) => T;

/**
 * Turns the elements of one compiled document into steps, once, when a gateway loads a plan. Policies read their
 * attributes through it: the readers convert expression results to the type asked for (invariant culture).
 * A failing conversion is an expression failure, as in the service.
 */
export class Loader {
  readonly scope: Scope;
  readonly #policies: ReadonlyMap<string, PolicyDefinition>;

  constructor(policies: ReadonlyMap<string, PolicyDefinition>, scope: Scope) {
    this.#policies = policies;
    this.scope = scope;
  }

  /** A string; C# null and absence give `fallback`. */
  text(element: PlanElement, attribute: string, fallback = ""): Evaluate<string> {
    return this.textOf(element.attributes?.[attribute], fallback);
  }

  /** A string, undefined where the attribute is absent or the expression gives null. */
  optionalText(element: PlanElement, attribute: string): Evaluate<string | undefined> {
    const value = element.attributes?.[attribute];
    if (value === undefined) return () => undefined;
    return this.#evaluate(value, String, (result) => toText(result) ?? undefined);
  }

  int(element: PlanElement, attribute: string, fallback: number): Evaluate<number> {
    return this.#number(element.attributes?.[attribute], fallback, toInt32);
  }

  /** A 64-bit integer as a number: counts and byte sizes stay below 2^53. */
  long(element: PlanElement, attribute: string, fallback: number): Evaluate<number> {
    return this.#number(element.attributes?.[attribute], fallback, (result) => Number(toInt64(result)));
  }

  double(element: PlanElement, attribute: string, fallback: number): Evaluate<number> {
    return this.#number(element.attributes?.[attribute], fallback, toDouble);
  }

  bool(element: PlanElement, attribute: string, fallback: boolean): Evaluate<boolean> {
    const value = element.attributes?.[attribute];
    if (value === undefined) return () => fallback;
    return this.#evaluate(value, (literal) => literal === true || literal === "true" || literal === "1", toBoolean);
  }

  /**
   * A word of an enumeration; absence and C# null give `fallback`.
   * @throws {PolicyError} an expression failure, where an expression gives another word.
   */
  word<W extends string>(element: PlanElement, attribute: string, words: readonly W[], fallback: W): Evaluate<W> {
    const text = this.text(element, attribute, fallback);
    const known = (written: string): W => {
      const word = words.find((candidate) => candidate === written.trim());
      if (word !== undefined) return word;
      throw expressionFailure(`The value of "${attribute}" must be one of ${words.join(", ")}, not "${written}".`);
    };
    const literal = literalText(element.attributes?.[attribute] ?? fallback);
    if (literal === undefined) return (x) => known(text(x));
    const word = known(literal);
    return () => word;
  }

  /** A value of any type: expression results stay as they are (boxed), literals are strings. */
  any(value: PlanValue | undefined): Evaluate<unknown> {
    if (value === undefined) return () => null;
    return this.#evaluate<unknown>(value, String, (result) => result);
  }

  /** The text of a value that stands anywhere (element text, `value` children). */
  textOf(value: PlanValue | undefined, fallback = ""): Evaluate<string> {
    if (value === undefined) return () => fallback;
    return this.#evaluate(value, String, (result) => toText(result) ?? fallback);
  }

  /** As {@link textOf}, C# null kept as null. */
  nullableTextOf(value: PlanValue | undefined): Evaluate<string | null> {
    if (value === undefined) return () => null;
    return this.#evaluate<string | null>(value, String, toText);
  }

  /** The children of one name. */
  children(element: PlanElement, name: string): readonly PlanElement[] {
    return element.children?.filter((child) => child.name === name) ?? [];
  }

  child(element: PlanElement, name: string): PlanElement | undefined {
    return element.children?.find((child) => child.name === name);
  }

  /** One step that runs the policies among these elements in order. */
  steps(elements: readonly PlanElement[] | undefined): Step {
    const steps = this.load(elements ?? []);
    return (x) => runSteps(steps, x);
  }

  /** The policies among these elements as steps, each with its origin. */
  load(elements: readonly PlanElement[]): LoadedStep[] {
    return elements
      .filter((element) => element.path !== undefined)
      .map((element) => ({ run: this.#step(element), element, scope: this.scope }));
  }

  /**
   * The message-editing policies among the children, for a policy that builds a message of its own.
   * @throws Error for a policy that cannot edit such a message: it must not be passed over.
   */
  edits(elements: readonly PlanElement[] | undefined): MessageEdit {
    const edits = (elements ?? []).flatMap((element) => {
      if (element.path === undefined) return [];
      const edit = this.#policies.get(element.name)?.edit?.(element, this);
      if (!edit) throw new Error(`The policy "${element.name}" (${element.at}) cannot edit the message of its parent.`);
      const prefetch = this.prefetch(element);
      const whole: MessageEdit = prefetch
        ? (x, message) => {
            const waiting = prefetch(x);
            return waiting ? waiting.then(() => edit(x, message)) : edit(x, message);
          }
        : edit;
      return [whole];
    });
    return (x, message) => applyEdits(edits, x, message, 0);
  }

  /**
   * Brings into memory the bodies that the element's own expressions read, policies inside it not counted.
   * Undefined when they read none.
   */
  prefetch(element: PlanElement): Step | undefined {
    return prefetchBodies(ownReads(element));
  }

  /** As {@link prefetch} for one value. */
  prefetchValue(value: PlanValue | undefined): Step | undefined {
    return prefetchBodies(new Set(isExpression(value) ? value.reads : []));
  }

  #step(element: PlanElement): Step {
    const definition = this.#policies.get(element.name);
    if (!definition) throw new Error(`The plan uses the policy "${element.name}", which this gateway does not know.`);
    const step = definition.load(element, this);
    const prefetch = definition.prefetch === "own" ? undefined : this.prefetch(element);
    if (!prefetch) return step;
    return (x) => {
      const waiting = prefetch(x);
      return waiting ? waiting.then(() => step(x)) : step(x);
    };
  }

  #number(value: PlanValue | undefined, fallback: number, convert: (result: unknown) => number): Evaluate<number> {
    if (value === undefined) return () => fallback;
    return this.#evaluate(value, (literal) => (typeof literal === "number" ? literal : convert(literal)), convert);
  }

  #evaluate<T>(
    value: PlanValue,
    literal: (value: string | number | boolean) => T,
    convert: (result: unknown) => T,
  ): Evaluate<T> {
    if (isExpression(value)) {
      const run = loadExpression(value.js);
      return (x) => convert(run(x));
    }
    if (isTemplate(value)) {
      const parts = value.template;
      return (x) =>
        literal(parts.map((part) => (typeof part === "string" ? part : x.services.secret(part.secret))).join(""));
    }
    const constant = literal(value);
    return () => constant;
  }
}

function applyEdits(edits: readonly MessageEdit[], x: Exchange, message: Message, from: number): void | Promise<void> {
  for (let i = from; i < edits.length; i++) {
    const waiting = (edits[i] as MessageEdit)(x, message);
    if (waiting) return waiting.then(() => applyEdits(edits, x, message, i + 1));
  }
}

function ownReads(element: PlanElement, reads = new Set<BodyRead>()): Set<BodyRead> {
  const values = [...Object.values(element.attributes ?? {}), element.text];
  for (const value of values) if (isExpression(value)) for (const read of value.reads ?? []) reads.add(read);
  for (const child of element.children ?? []) if (child.path === undefined) ownReads(child, reads);
  return reads;
}

function prefetchBodies(reads: ReadonlySet<BodyRead>): Step | undefined {
  if (reads.size === 0) return undefined;
  const request = reads.has("request.body");
  const response = reads.has("response.body");
  return (x) => {
    const limit = x.services.limits.bodyBytes;
    const first = request ? x.request.readBody(limit) : undefined;
    if (!response || !x.response) return first;
    const target = x.response;
    return first ? first.then(() => target.readBody(limit)) : target.readBody(limit);
  };
}
