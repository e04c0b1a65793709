/** How long an answer is held back, in milliseconds. */
export type Delay =
  | { milliseconds: number }
  /** Evenly spread between two bounds. */
  | { from: number; to: number }
  /** Log-normal, as latencies of services are: half of them below the median, a few far above. */
  | { median: number; sigma: number };

/** In which way the bytes of an answer do not arrive as they should. */
export type Delivery = 'reset' | 'close' | 'truncate' | 'garbage' | 'slow';

/** What goes wrong, for which requests, and how often. */
export interface Fault {
  /** Default: every operation. */
  operationId?: string | undefined;
  /** Default: every clinic. */
  clinic?: string | undefined;
  /** How many requests it strikes. Default: all. */
  count?: number | undefined;
  /** The share of the requests that it strikes, from 0 to 1. Default 1. */
  probability?: number | undefined;
  /** For how many seconds of the mock's clock it lasts. Default: until it is cleared. */
  seconds?: number | undefined;
  /** Holds the answer back. */
  delay?: Delay | undefined;
  /** Answers with this status: with the body that the specification documents for it, unless `body` is given. */
  status?: number | undefined;
  /** Which of the documented examples of the status, by its name. */
  example?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  /** Breaks the answer on its way. */
  delivery?: Delivery | undefined;
  /** Says another media type than that of the body. */
  contentType?: string | undefined;
  /** Says another lifetime, in seconds, than the token has. Strikes token requests alone. */
  expiresIn?: number | undefined;
}
