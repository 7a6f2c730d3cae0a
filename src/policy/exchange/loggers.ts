/** An event for a logger resource. */
export interface LogEvent {
  text: string;
  /** Index of the target's partition that takes it. */
  partitionId?: string | undefined;
  /** Events of one key go to one partition. */
  partitionKey?: string | undefined;
}

/** The logger resources that policies write to. */
export interface Loggers {
  /** Takes an event for delivery. Never fails and never waits: a request must not depend on its logs. */
  log(loggerId: string, event: LogEvent): void;
}
