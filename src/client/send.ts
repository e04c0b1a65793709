import {
  ArzamedError,
  ConnectionError,
  TimeoutError,
  UnavailableError,
  type ArzamedFailure,
  type ErrorDetails,
} from './errors.ts';
import { warnOfOrigin } from './events.ts';
import type { Settings } from './options.ts';
import { redactor, withoutCredentials, type Redact } from './redact.ts';
import type { Request } from './request.ts';
import { backOff, readRetryAfter, within } from './timing.ts';

/** One thing to do, by one or more requests. */
export interface Task {
  /** Operation id, or `token request`. */
  operation: string;
  /** How often it may be sent; once where sending it again may do harm. */
  attempts: number;
  /** When it must have ended, in milliseconds since 1970. */
  deadline: number;
  /** Number of the next attempt, from 1. */
  attempt: number;
  /** The caller's own. */
  signal?: AbortSignal | undefined;
}

/** An answer with its whole body. */
export interface Answer {
  response: Response;
  body: string;
  /** What an error about this answer knows. */
  details: ErrorDetails;
  redact: Redact;
}

/**
 * Sends a request, again where that may help, until there is an answer or no attempt or no time is left.
 * @throws UnavailableError on 429 and 5xx; TimeoutError or ConnectionError if no whole answer came; or the reason of the
 * caller's abort.
 */
export async function send(settings: Settings, task: Task, request: Request): Promise<Answer> {
  const { operation, signal } = task;
  for (; ; task.attempt += 1) {
    const { attempt } = task;
    const answer = await exchange(settings, task, request);
    if (!(answer instanceof ArzamedError)) return answer;
    const wait = backOff(attempt, (answer.code === 'unavailable' && answer.retryAfter) || 0, settings.random);
    if (attempt >= task.attempts || settings.now() + wait >= task.deadline) throw answer;
    settings.onEvent({ type: 'retry', operation, attempt, wait, reason: answer.code });
    await settings.sleep(wait, signal);
  }
}

/** Sends one request. What comes back instead of an answer is a failure that may pass. */
async function exchange(settings: Settings, task: Task, { url, init }: Request): Promise<Answer | ArzamedFailure> {
  const { fetch, now } = settings;
  const { operation, attempt } = task;
  const redact = redactor(settings.clientSecret, init.headers['authorization']);
  let details: ErrorDetails = { operation };
  const startedAt = now();
  try {
    return await within(Math.min(settings.attemptTimeout, task.deadline - startedAt), task, async (signal) => {
      // A redirect would carry the credentials on to a place that nobody checked.
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      const { status, headers, ok } = response;
      const requestId = redact(headers.get('x-request-id') ?? headers.get('x-amzn-requestid'));
      details = { operation, status, requestId };
      settings.onEvent({ type: 'response', operation, status, requestId, milliseconds: now() - startedAt, attempt });
      const location = !ok && headers.get('location');
      if (location) warnOfOrigin(settings, location, [url]);
      const body = await response.text();
      if (status !== 429 && status < 500) return { response, body, details, redact };
      const retryAfter = readRetryAfter(headers.get('retry-after'), now());
      return new UnavailableError('unavailable', { ...details, retryAfter });
    });
  } catch (error) {
    task.signal?.throwIfAborted();
    if (error instanceof TimeoutError) return error;
    return new ConnectionError('connection failed', { ...details, cause: withoutCredentials(error, redact) });
  }
}
