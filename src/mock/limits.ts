/** What a mock takes before it refuses. */
export interface Limits {
  /** Connections that may be open; more are closed at once. Default 1,000. */
  connections: number;
  /** Bytes that the head of a request may have. Default 16,384; above: 431. */
  headerBytes: number;
  /** Seconds in which the head of a request must have come. Default 10; after that: 408. */
  headerSeconds: number;
  /** Seconds in which the whole request must have come. Default 30; after that: 408. */
  requestSeconds: number;
  /** Entries that the journal of each sandbox keeps. Default 10,000. */
  journalEntries: number;
  /** Sandboxes that there may be. Default 1,000. */
  sandboxes: number;
  /** Seconds after which a sandbox that nobody asked ends. Default 900. */
  sandboxIdleSeconds: number;
}

export const defaultLimits: Limits = {
  connections: 1000,
  headerBytes: 16_384,
  headerSeconds: 10,
  requestSeconds: 30,
  journalEntries: 10_000,
  sandboxes: 1000,
  sandboxIdleSeconds: 900,
};
