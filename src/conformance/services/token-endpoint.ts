import type { ReceivedRequest } from "../upstreams.ts";
import { json, type Service, type ServiceAnswer } from "./service.ts";

/** A token endpoint (RFC 6749), or that of a managed identity: `token-1`, `token-2`, … for whoever asks. */
export class TokenEndpointService implements Service {
  #count = 0;

  answer(request: ReceivedRequest): ServiceAnswer {
    const form = new URLSearchParams(request.method === "POST" ? request.body : request.url.split("?")[1]);
    const asked = Object.fromEntries(["resource", "scope", "client_id"].flatMap((name) => named(name, form.get(name))));
    return json({ access_token: `token-${++this.#count}`, token_type: "Bearer", expires_in: "3600", ...asked });
  }
}

function named(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}
