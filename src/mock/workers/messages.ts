/** The variable by which a process knows that it is a worker. */
export const workerVariable = 'ARZAMED_WORKER';

/** What a worker needs to begin. */
export interface WorkerSettings {
  host: string;
  port: number;
  /** How many connections it may have. */
  connections: number;
  /** The port of this machine on which the primary answers. */
  upstream: number;
}

/** What the primary tells a worker. */
export type ToWorker =
  | { type: 'listen'; settings: WorkerSettings }
  /** Say what you have answered, and forget what you were lent. */
  | { type: 'recall'; epoch: number }
  | { type: 'close' };

/** What a worker tells the primary. */
export type FromWorker =
  | { type: 'listening'; url: string }
  | { type: 'refused'; code: string | undefined; reason: string }
  | { type: 'answered'; requests: AnsweredByWorker[] }
  /** All that was answered by what was lent until then has been said. */
  | { type: 'recalled'; epoch: number };

/** A request that a worker has answered with what it was lent. */
export interface AnsweredByWorker {
  /** The number of the loan. */
  loan: number;
  /** Milliseconds since 1970, with fractions. */
  began: number;
  ended: number;
  /** On which of the worker's connections. */
  connection: number;
}

/** With each request that a worker hands on: which worker, and on which of its connections it came. */
export const connectionHeader = 'x-arzamed-connection';

/** In an answer that the worker may give again: number, epoch and for how many milliseconds. */
export const loanHeader = 'x-arzamed-loan';
