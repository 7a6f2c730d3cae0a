/**
 * What any data plane reports about one request: one flat object, one line. Names follow the OpenTelemetry HTTP
 * semantic conventions where one exists. Never holds a secret, a key or an Authorization header.
 */
export interface AccessRecord {
  /** RFC 3339, when the request was received. */
  time: string;
  "gatehouse.request.id": string;
  trace_id?: string;
  "gatehouse.gateway": string;
  "gatehouse.data_plane": "node" | "haproxy" | "nginx" | "envoy";
  "gatehouse.environment"?: string;
  "gatehouse.plan": string;
  /** `/api/template` of the matched operation. */
  "http.route"?: string;
  "gatehouse.api"?: string;
  "gatehouse.operation"?: string;
  "gatehouse.product"?: string;
  "gatehouse.subscription"?: string;
  "user.id"?: string;
  "client.address": string;
  "http.request.method": string;
  "url.path": string;
  "http.response.status_code": number;
  /** Bytes of the bodies. */
  "http.request.body.size": number;
  "http.response.body.size": number;
  /** Milliseconds: from receipt to the end of the response, waiting for backends, and the rest. */
  "gatehouse.duration.total": number;
  "gatehouse.duration.backend": number;
  "gatehouse.duration.policy": number;
  "gatehouse.backend"?: string;
  "gatehouse.backend.target"?: string;
  "gatehouse.backend.attempts": number;
  "gatehouse.cache"?: "hit" | "miss" | "stored" | "none";
  /** Tokens of a call to a language model, where a policy looked at them: as the model said, else estimated. */
  "gen_ai.usage.input_tokens"?: number;
  "gen_ai.usage.output_tokens"?: number;
  /** The policy or built-in step that ended the request with an error, and its reason code. */
  "error.source"?: string;
  "error.type"?: string;
  "error.message"?: string;
  /** The client went away or the response broke off. */
  "gatehouse.aborted"?: boolean;
}
