import { ContentSafetyService } from "./content-safety.ts";
import { OpenAiService } from "./openai.ts";
import type { Service } from "./service.ts";
import { TokenEndpointService } from "./token-endpoint.ts";

const SERVICES = {
  openai: () => new OpenAiService(),
  "content-safety": () => new ContentSafetyService(),
  "token-endpoint": () => new TokenEndpointService(),
} as const satisfies Record<string, () => Service>;

/** Services that an upstream of a case can stand for. */
export type ServiceKind = keyof typeof SERVICES;

export const SERVICE_KINDS = Object.keys(SERVICES) as readonly ServiceKind[];

export function createService(kind: ServiceKind): Service {
  return SERVICES[kind]();
}
