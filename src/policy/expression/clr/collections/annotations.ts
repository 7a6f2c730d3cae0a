import type { MemberFunction } from "../declare.ts";
import { withTypes } from "../declare.ts";
import { ArgumentNullException } from "../exceptions.ts";

/** Objects that expressions attached to nodes of a JSON or XML tree. */
const attached = new WeakMap<object, unknown[]>();

function annotationsOf(node: object): unknown[] {
  return attached.get(node) ?? [];
}

function annotate(node: object, annotation: unknown): void {
  if (annotation === null) throw new ArgumentNullException("annotation");
  const list = attached.get(node);
  if (list) list.push(annotation);
  else attached.set(node, [annotation]);
}

/** The annotation members that JToken and XObject have in common. */
export const annotationMembers: Record<string, MemberFunction> = {
  "void AddAnnotation(object annotation)": annotate,
  "T Annotation<T>()": withTypes(
    (types, node: object) => annotationsOf(node).find((item) => types[0]?.is(item)) ?? null,
  ),
  "IEnumerable<T> Annotations<T>()": withTypes((types, node: object) =>
    annotationsOf(node).filter((item) => types[0]?.is(item)),
  ),
  "void RemoveAnnotations<T>()": withTypes((types, node: object) => {
    attached.set(
      node,
      annotationsOf(node).filter((item) => !types[0]?.is(item)),
    );
  }),
};
