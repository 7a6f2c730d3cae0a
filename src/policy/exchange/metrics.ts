/** One measurement of a metric that policies emit. */
export interface Measurement {
  /** Groups metrics of one purpose: `API Management` unless the policy says otherwise. */
  namespace: string;
  name: string;
  value: number;
  /** Name and value of each dimension, in the policy's order. Values may hold what a caller sent. */
  dimensions: readonly (readonly [name: string, value: string])[];
}

/** Takes measurements. Whoever keeps them adds them up by series: namespace, name and dimensions. */
export interface Metrics {
  /** Never fails and never waits: a request must not depend on its metrics. */
  add(measurement: Measurement): void;
}
