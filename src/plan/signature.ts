import { type KeyObject, sign, verify } from "node:crypto";
import type { Plan } from "./plan.ts";

/** What is signed: the plan's name, which is the hash of its root and through it of every part. */
function signedBytes(plan: Plan): Buffer {
  return Buffer.from(`${plan.root.format}\n${plan.name}\n`, "utf8");
}

/** Ed25519 signature (RFC 8032) of a plan, Base64. */
export function signPlan(plan: Plan, privateKey: KeyObject): string {
  return sign(null, signedBytes(plan), privateKey).toString("base64");
}

/** Is the signature the plan's? Check the plan's parts with `parsePlan` first: the signature covers its name. */
export function verifyPlan(plan: Plan, signature: string, publicKey: KeyObject): boolean {
  return verify(null, signedBytes(plan), publicKey, Buffer.from(signature.trim(), "base64"));
}
