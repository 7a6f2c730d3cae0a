/** The scenarios, in the order of the report. */
export const SCENARIO_NAMES = ["pass-through", "key", "jwt", "body-64k", "upload-64k", "routes-1000"] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** The peers, in the order of the report. */
export const PEER_NAMES = ["gatehouse", "haproxy", "nginx", "caddy", "fastify"] as const;
export type PeerName = (typeof PEER_NAMES)[number];
