import type { Bound, BoundBody } from "./bound.ts";
import type { Type } from "./types.ts";

/**
 * The typed tree as a plan carries it, for native data planes that recognise what they can do themselves: constants,
 * members by signature, operators, concatenations, conditions. Anything else is `{ k: "other" }`, which nothing
 * recognises.
 *
 * `k` kind, `t` C# static type, `v` constant value, `m` member key (`System.String|int Length { get; }`), `r` receiver,
 * `a` arguments or operands, `o` operator.
 */
export type ExpressionTree =
  | { k: "const"; t: string; v: string | number | boolean | null }
  | { k: "secret"; v: string }
  | { k: "context"; t: string }
  | { k: "call"; t: string; m: string; y?: string[]; r?: ExpressionTree; a?: ExpressionTree[] }
  | { k: "op"; t: string; o: string; a: ExpressionTree[] }
  | { k: "concat"; t: string; a: ExpressionTree[] }
  | { k: "if"; t: string; a: ExpressionTree[] }
  | { k: "convert"; t: string; o: string; m?: string; a: ExpressionTree[] }
  | { k: "chain"; t: string; r: ExpressionTree; a: ExpressionTree[] }
  | { k: "receiver"; t: string }
  | { k: "array"; t: string; a: ExpressionTree[] }
  | { k: "other" };

const other: ExpressionTree = { k: "other" };

/** The tree of a checked expression; statement bodies are opaque, but for one that only returns. */
export function expressionTree(body: BoundBody): ExpressionTree {
  if (body.kind === "expression") return treeOf(body.value);
  const [only] = body.statements;
  return body.statements.length === 1 && only?.kind === "return" && only.value ? treeOf(only.value) : other;
}

function treeOf(node: Bound): ExpressionTree {
  const t = String(node.type);
  switch (node.kind) {
    case "constant":
      return constant(node.value, node.type);
    case "secret":
      return { k: "secret", v: node.name };
    case "context":
      return { k: "context", t };
    case "call": {
      const { member, receiver, args, typeArgs } = node;
      return {
        k: "call",
        t,
        m: member.key,
        ...(typeArgs.length > 0 ? { y: typeArgs.map(String) } : {}),
        ...(receiver ? { r: treeOf(receiver) } : {}),
        ...(args.length > 0 ? { a: args.map(treeOf) } : {}),
      };
    }
    case "binary":
    case "logical":
      return { k: "op", t, o: node.operator, a: [treeOf(node.left), treeOf(node.right)] };
    case "coalesce":
      return { k: "op", t, o: "??", a: [treeOf(node.left), treeOf(node.right)] };
    case "unary":
      return { k: "op", t, o: node.operator, a: [treeOf(node.operand)] };
    case "concat":
      return { k: "concat", t, a: node.parts.map(treeOf) };
    case "conditional":
      return { k: "if", t, a: [treeOf(node.condition), treeOf(node.whenTrue), treeOf(node.whenFalse)] };
    case "convert":
      return {
        k: "convert",
        t,
        o: node.conversion.kind,
        ...(node.conversion.kind === "user" ? { m: node.conversion.member.key } : {}),
        a: [treeOf(node.operand)],
      };
    case "conditional-access":
      return { k: "chain", t, r: treeOf(node.target), a: [treeOf(node.rest)] };
    case "hole":
      return { k: "receiver", t };
    case "array":
      return node.items ? { k: "array", t, a: node.items.map(treeOf) } : other;
    default:
      return other;
  }
}

function constant(value: string | number | bigint | boolean | null, type: Type): ExpressionTree {
  return { k: "const", t: String(type), v: typeof value === "bigint" ? String(value) : value };
}
