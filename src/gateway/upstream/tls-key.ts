import { createHash } from "node:crypto";
import type { BackendTls } from "../../policy/exchange/services.ts";

const keys = new WeakMap<BackendTls, string>();

/** Equal for TLS settings of equal effect, whatever object holds them: plans and policies make new ones. */
export function tlsKey(tls: BackendTls | undefined): string {
  if (!tls) return "";
  let key = keys.get(tls);
  if (key === undefined) keys.set(tls, (key = describe(tls)));
  return key;
}

function describe(tls: BackendTls): string {
  const { clientCertificate, ca } = tls;
  const checks = tls.validateChain && tls.validateName ? "" : `${tls.validateChain} ${tls.validateName}`;
  if (!clientCertificate && !ca) return checks;
  const secret = JSON.stringify([clientCertificate?.cert, clientCertificate?.key, ca]);
  return `${checks} ${createHash("sha256").update(secret).digest("base64")}`;
}
