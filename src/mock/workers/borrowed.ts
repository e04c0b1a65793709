import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { isPlain } from '../plain.ts';
import type { Reply } from '../reply.ts';
import { sendAgain } from '../send-again.ts';
import type { AnsweredByWorker } from './messages.ts';

/** How many answers a worker keeps. */
const most = 1000;

/** Milliseconds after which the primary is told what was answered. */
const pause = 10;

/** An answer that this worker may give again. */
export interface Borrowed {
  /** The number of the loan. */
  loan: number;
  epoch: number;
  /** Until when, as `performance.now()` gives it. */
  until: number;
  reply: Reply;
}

/** What this worker was lent, and what it has answered with it. */
export class BorrowedAnswers {
  readonly #answers = new Map<string, Borrowed>();
  readonly #tell: (requests: AnsweredByWorker[]) => void;
  #untold: AnsweredByWorker[] = [];
  #epoch = 0;

  constructor(tell: (requests: AnsweredByWorker[]) => void) {
    this.#tell = tell;
  }

  /** Answers a request; false where the primary has to be asked. */
  answer(request: IncomingMessage, response: ServerResponse, connection: number): boolean {
    const began = performance.now();
    const borrowed = this.#answers.get(keyOf(request));
    if (!borrowed || began >= borrowed.until || !isPlain(request)) return false;
    sendAgain(response, borrowed.reply);
    const origin = performance.timeOrigin;
    if (this.#untold.length === 0) setTimeout(() => this.tell(), pause);
    this.#untold.push({
      loan: borrowed.loan,
      began: origin + began,
      ended: origin + performance.now(),
      connection,
    });
    return true;
  }

  keep(request: IncomingMessage, borrowed: Borrowed): void {
    if (borrowed.epoch !== this.#epoch || request.method !== 'GET' || !isPlain(request)) return;
    const [oldest] = this.#answers.keys();
    if (this.#answers.size >= most && oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.set(keyOf(request), borrowed);
  }

  /** Says what was answered, and forgets what was lent before this epoch. */
  recall(epoch: number): void {
    this.tell();
    this.#answers.clear();
    this.#epoch = epoch;
  }

  /** Says what was answered since the last time. */
  tell(): void {
    if (this.#untold.length > 0) this.#tell(this.#untold);
    this.#untold = [];
  }
}

/** Equal for requests that are answered alike, if they are plain. */
function keyOf({ method = '', url = '', headers: { authorization = '', accept } }: IncomingMessage): string {
  return `${method} ${url}\n${authorization}\n${accept === undefined ? '' : `=${accept}`}`;
}
