import { validateHeaderName, validateHeaderValue } from 'node:http';
import { messageOf } from '../../spec/thrown.ts';
import { ControlError } from './control-error.ts';

/** Headers by which HTTP frames an answer: with others than the server's own, no client could read it. */
const framing = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @throws ControlError `bad_request` if an answer cannot have these headers. */
export function checkHeaders(headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (framing.has(name.toLowerCase())) {
      throw new ControlError(
        'bad_request',
        `The header ${name} is set by the server; to break an answer, use delivery.`,
      );
    }
    attempt(() => {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }, 'An answer cannot have such a header.');
  }
}

/** @throws ControlError `bad_request` if a value cannot be written as JSON: it holds itself, or is nested too deeply. */
export function checkJson(value: unknown): void {
  attempt(() => void JSON.stringify(value), 'The body cannot be written as JSON.');
}

function attempt(act: () => void, what: string): void {
  try {
    act();
  } catch (error) {
    throw new ControlError('bad_request', `${what} ${messageOf(error)}`);
  }
}
