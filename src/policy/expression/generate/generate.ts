import type { BoundBody } from "../bound.ts";
import type { Language } from "../language.ts";
import type { Type } from "../types.ts";
import { Emitter } from "./emitter.ts";
import { Module } from "./module.ts";
import { statements } from "./statements.ts";

/**
 * JavaScript for a checked expression: the body of a function that takes the library `lib` and gives the function
 * from an exchange `x` to the boxed result. No name or text of the user's stands in it but as a string literal.
 */
export function generate(language: Language, body: BoundBody, resultType: Type): string {
  const module = new Module();
  const emitter = new Emitter(language, module, isRepeating(body));
  const code = emitter.functionBody([], body, resultType, statements);
  const reset = module.op("reset");
  const fault = module.op("fault");
  return `"use strict";${module.prelude}return(x)=>{${reset}();try{${code}}catch(e){throw ${fault}(e);}};`;
}

/**
 * Whether code of the expression may run more than once or name a value twice: only then can strings grow beyond what
 * the text itself bounds, and concatenations need watching.
 */
function isRepeating(body: BoundBody): boolean {
  return body.kind === "statements" || containsLambda(body.value);
}

function containsLambda(value: unknown): boolean {
  const pending: unknown[] = [value];
  const seen = new Set<unknown>();
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== "object" || node === null || seen.has(node)) continue;
    seen.add(node);
    if (Array.isArray(node)) {
      pending.push(...node);
      continue;
    }
    const bound = node as { kind?: unknown; at?: unknown };
    if (bound.kind === "lambda") return true;
    // Only the tree's own nodes are followed, not the types and members they refer to.
    for (const [key, inner] of Object.entries(node))
      if (key !== "type" && key !== "member" && key !== "owner" && key !== "typeArgs") pending.push(inner);
  }
  return false;
}
