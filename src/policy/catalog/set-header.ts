import { literalText, type PlanElement } from "../compiler/element.ts";
import type { Evaluate, Loader } from "../compiler/loader.ts";
import { ALL_SCOPES, ALL_SECTIONS, defineMessagePolicy, type MessageEdit } from "../compiler/schema.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { HeaderList } from "../exchange/headers.ts";
import { EXISTS_ACTIONS, type ExistsAction, existsActionSchema } from "./messages/exists-action.ts";
import {
  FIELD_NAME,
  FIELD_NAME_DOC,
  fieldValue,
  type HeaderField,
  headerField,
  unfolded,
} from "./messages/header-field.ts";

export const setHeader = defineMessagePolicy({
  name: "set-header",
  summary: "Sets, adds to or removes a header of the request or response.",
  category: "transformation",
  sections: ALL_SECTIONS,
  scopes: ALL_SCOPES,
  attributes: {
    name: {
      type: "string",
      expression: true,
      required: true,
      pattern: FIELD_NAME,
      patternDoc: FIELD_NAME_DOC,
      patternWarns: true,
      doc: "Name of the header.",
    },
    "exists-action": existsActionSchema,
  },
  children: {
    value: {
      doc: "A value; several make one line with commas, or several lines where the header does not allow joining.",
      text: { type: "string", expression: true, doc: "The value." },
    },
  },
  edit(element, loader) {
    const name = literalText(element.attributes?.name);
    const action = loader.word(element, "exists-action", EXISTS_ACTIONS, "override");
    const values = loader.children(element, "value");
    if (name === undefined) {
      const evaluateName = loader.text(element, "name");
      const evaluate = values.map((value) => evaluateValue(value, loader));
      return (x, message) => {
        const field = headerField(evaluateName(x));
        write(message.headers, field, action(x), evaluate, x);
      };
    }
    if (!FIELD_NAME.test(name)) {
      return () => {
        headerField(name);
      };
    }
    const field = headerField(name);
    if (field.locked) return () => {};
    return literalOverride(field, element, values) ?? general(field, action, values, loader);
  },
});

/** The commonest form, prepared in full: a literal name, one literal value, to be overridden. */
function literalOverride(
  field: HeaderField,
  element: PlanElement,
  values: readonly PlanElement[],
): MessageEdit | undefined {
  const action = element.attributes?.["exists-action"] ?? "override";
  const literal = literalText(values[0]?.text ?? "");
  if (action !== "override" || values.length !== 1 || literal === undefined) return undefined;
  const value = checked(literal, field.name);
  if (value === undefined) return undefined;
  const { name } = field;
  return (_x, message) => message.headers.set(name, value);
}

function general(
  field: HeaderField,
  action: Evaluate<ExistsAction>,
  values: readonly PlanElement[],
  loader: Loader,
): MessageEdit {
  const evaluate = values.map((value) => evaluateValue(value, loader));
  return (x, message) => write(message.headers, field, action(x), evaluate, x);
}

function evaluateValue(value: PlanElement, loader: Loader): Evaluate<string | null> {
  const literal = literalText(value.text ?? "");
  return literal === undefined ? loader.nullableTextOf(value.text) : () => unfolded(literal);
}

/** Undefined for a literal that no header may hold: the statement then fails each time it runs. */
function checked(literal: string, name: string): string | undefined {
  try {
    return fieldValue(unfolded(literal), name);
  } catch {
    return undefined;
  }
}

function write(
  headers: HeaderList,
  field: HeaderField,
  action: ExistsAction,
  evaluate: readonly Evaluate<string | null>[],
  x: Exchange,
): void {
  if (field.locked) return;
  const { name } = field;
  if (action === "delete") {
    if (!field.permanent) headers.delete(name);
    return;
  }
  if (action === "skip" && headers.has(name)) return;
  const values: string[] = [];
  for (const value of evaluate) {
    const text = value(x);
    // A null result means that the value is left out (unconfirmed).
    if (text !== null) values.push(fieldValue(text, name));
  }
  if (action === "append") {
    if (values.length === 0) return;
    values.unshift(...headers.all(name));
  }
  if (values.length === 0 && field.permanent) return;
  if (values.length > 1 && !field.separate) headers.set(name, values.join(","));
  else headers.set(name, ...values);
}
