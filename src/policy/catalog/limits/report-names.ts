import { literalText, type PlanElement } from "../../compiler/element.ts";
import type { Evaluate, Loader } from "../../compiler/loader.ts";
import type { ValueSchema } from "../../compiler/schema.ts";
import { FIELD_NAME, FIELD_NAME_DOC, headerField } from "../messages/header-field.ts";

/** An attribute that names a variable in which a limit leaves a number. */
export function variableAttribute(doc: string): ValueSchema {
  return { type: "string", expression: false, doc };
}

/** An attribute that names a response header by which a limit tells a number. */
export function headerAttribute(doc: string): ValueSchema {
  return { ...variableAttribute(doc), pattern: FIELD_NAME, patternDoc: FIELD_NAME_DOC };
}

/** The header that such an attribute names; undefined where it is absent. */
export function headerName(element: PlanElement, attribute: string, loader: Loader): Evaluate<string | undefined> {
  const literal = literalText(element.attributes?.[attribute]);
  if (literal !== undefined) {
    const { name } = headerField(literal);
    return () => name;
  }
  const evaluate = loader.optionalText(element, attribute);
  return (x) => {
    const name = evaluate(x);
    return name === undefined ? undefined : headerField(name).name;
  };
}
