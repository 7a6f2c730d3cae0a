import type { Bound, BoundBody } from "./bound.ts";

export type BodyRead = "request.body" | "response.body";

const request = "Gatehouse.IRequest";
const response = "Gatehouse.IResponse";

/**
 * The message bodies of the context that an expression may read. Reading is synchronous, so the engine brings them
 * into memory before it evaluates. A test for null alone reads nothing.
 */
export function bodyReads(body: BoundBody): BodyRead[] {
  const found = new Set<BodyRead>();
  let responseEscapes = false;
  let readsSomeResponse = false;
  visit(body, (node, parent) => {
    if (node.kind !== "call") return;
    const owner = node.member.declaring.fullName;
    if (node.member.name === "Body" && (owner === request || owner === response) && !isNullTest(parent)) {
      if (owner === request) found.add("request.body");
      else if (isContextResponse(node.receiver)) found.add("response.body");
      else readsSomeResponse = true;
    }
    // `var r = context.Response; r.Body…`: the response under another name.
    if (
      isContextResponse(node) &&
      !(parent?.kind === "call" && parent.receiver === node) &&
      !isNullTest(parent) &&
      parent?.kind !== "conditional-access"
    ) {
      responseEscapes = true;
    }
    if (isContextResponse(node) && parent?.kind === "conditional-access")
      readsSomeResponse ||= mentionsBody(parent.rest);
    if (isContextResponse(node) && parent?.kind === "conditional-access" && mentionsBody(parent.rest))
      found.add("response.body");
  });
  if (responseEscapes && readsSomeResponse) found.add("response.body");
  return [...found].sort();
}

function isContextResponse(node: Bound | undefined): boolean {
  return node?.kind === "call" && node.member.name === "Response" && node.receiver?.kind === "context";
}

function isNullTest(parent: Bound | undefined): boolean {
  if (parent?.kind !== "binary" || (parent.operator !== "==" && parent.operator !== "!=")) return false;
  return [parent.left, parent.right].some((side) => side.kind === "constant" && side.value === null);
}

function mentionsBody(node: Bound): boolean {
  let found = false;
  visit({ kind: "expression", value: node, locals: [] }, (inner) => {
    if (inner.kind === "call" && inner.member.name === "Body" && inner.member.declaring.fullName === response)
      found = true;
  });
  return found;
}

/** Calls `see` for every value of the tree, with the value it is part of. */
function visit(body: BoundBody, see: (node: Bound, parent: Bound | undefined) => void): void {
  type Item = { value: unknown; parent: Bound | undefined };
  const pending: Item[] = [{ value: body, parent: undefined }];
  const seen = new Set<unknown>();
  while (pending.length > 0) {
    const { value, parent } = pending.pop() as Item;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) {
      for (const item of value) pending.push({ value: item, parent });
      continue;
    }
    const isBound = "kind" in value && "type" in value && "at" in value;
    if (isBound) see(value as Bound, parent);
    const inside = isBound ? (value as Bound) : parent;
    for (const [key, inner] of Object.entries(value)) {
      // The tree's own branches; types, members and declarations are what it refers to.
      if (
        key === "type" ||
        key === "member" ||
        key === "owner" ||
        key === "typeArgs" ||
        (key === "target" && isFunction(inner))
      )
        continue;
      pending.push({ value: inner, parent: inside });
    }
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "function";
}
