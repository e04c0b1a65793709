import {
  ApiError,
  ConnectionError,
  TimeoutError,
  UnavailableError,
  UnexpectedResponseError,
  type ApiFailure,
  type ErrorDetails,
} from './errors.ts';
import { warnOfOrigin } from './events.ts';
import type { Settings } from './options.ts';
import { readBody, redactorFor } from './parts.ts';
import { connectionReason, withoutCredentials } from './redact.ts';
import type { Request } from './request.ts';
import { backOff, readRetryAfter, within } from './timing.ts';
import type { Answer } from './types.ts';

export interface Task {
  /** Operation id, or `token request`. */
  operation: string;
  /** Maximum number of attempts. */
  attempts: number;
  /** Milliseconds since 1970. */
  deadline: number;
  /** Number of the next attempt, from 1. */
  attempt: number;
  signal?: AbortSignal | undefined;
}

/**
 * Sends a request, with retries.
 * @throws UnavailableError on 429 and 5xx; TimeoutError or ConnectionError without a complete answer; or the reason of the
 * caller's abort.
 */
export async function send(settings: Settings, task: Task, request: Request): Promise<Answer> {
  const { operation, signal } = task;
  for (; ; task.attempt += 1) {
    const { attempt } = task;
    const answer = await exchange(settings, task, request);
    if (!(answer instanceof ApiError)) return answer;
    const wait = backOff(attempt, (answer.code === 'unavailable' && answer.retryAfter) || 0, settings.random);
    if (attempt >= task.attempts || settings.now() + wait >= task.deadline) throw answer;
    settings.onEvent({ type: 'retry', operation, attempt, wait, reason: answer.code });
    await settings.sleep(wait, signal);
  }
}

/** Sends one request. @returns the answer, or a transient failure. */
async function exchange(settings: Settings, task: Task, { url, init }: Request): Promise<Answer | ApiFailure> {
  const { fetch, now } = settings;
  const { operation, attempt } = task;
  const redact = redactorFor(settings, init.headers);
  const details: ErrorDetails = {
    operation,
    // Only a failure pays for this.
    get endpoint() {
      return redact(`, ${init.method} ${url.split('?')[0]}`);
    },
  };
  const startedAt = now();
  try {
    return await within(Math.min(settings.attemptTimeout, task.deadline - startedAt), task, async (signal) => {
      // A redirect would send the credentials to an unchecked host.
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      const { status, headers, ok } = response;
      const requestId = redact(headers.get('x-request-id') ?? headers.get('x-amzn-requestid'));
      Object.assign(details, { upstreamStatus: status, requestId });
      settings.onEvent({ type: 'response', operation, status, requestId, milliseconds: now() - startedAt, attempt });
      if (!ok) warnOfOrigin(settings, headers.get('location') ?? '', [url]);
      const body = await readBody(response, details);
      if (status !== 429 && status < 500) return { response, body, details, redact };
      const retryAfter = readRetryAfter(headers.get('retry-after'), now());
      return new UnavailableError('unavailable', { ...details, retryAfter });
    });
  } catch (error) {
    task.signal?.throwIfAborted();
    if (error instanceof TimeoutError) return error;
    if (error instanceof UnexpectedResponseError) throw error;
    const cause = withoutCredentials(error, redact);
    return new ConnectionError(`connection failed: ${new URL(url).host} ${connectionReason(cause)}`, {
      ...details,
      cause,
    });
  }
}
