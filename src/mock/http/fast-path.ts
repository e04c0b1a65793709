import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sandbox } from '../state/sandbox.ts';
import type { Handled } from './handle.ts';
import { timer } from './record.ts';
import { longestAccept, sendAgain } from './reply.ts';

interface Kept extends Handled {
  authorization: string;
  repeatableUntil: number;
}

/** Repeats answers to `GET` of an operation without input, with a valid token, until the sandbox changes. */
export class FastPath {
  readonly #sandbox: Sandbox;
  #results = new Map<string, Kept>();
  /** The sandbox's changes when the first of the results was kept. */
  #changes = 0;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Answers a request that was answered before; otherwise returns false. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const kept = this.find(request);
    if (!kept) return false;
    timer(this.#sandbox, request)({ ...kept.record });
    sendAgain(response, kept.reply);
    return true;
  }

  /** The answer to a request that was answered before. */
  find(request: IncomingMessage): Handled | undefined {
    const { changes, clock } = this.#sandbox;
    if (changes !== this.#changes || !isPlain(request)) return undefined;
    const kept = this.#results.get(keyOf(request));
    if (!kept || kept.authorization !== request.headers.authorization) return undefined;
    return kept.repeatableUntil <= clock.now() ? undefined : kept;
  }

  /**
   * Keeps the answer to a request if it can be repeated.
   * @param changes of the sandbox before the request was handled.
   */
  keep(request: IncomingMessage, { reply, record, repeatableUntil }: Handled, changes: number): void {
    const { faults, verified, changes: now } = this.#sandbox;
    const { authorization } = request.headers;
    if (repeatableUntil === undefined || authorization === undefined || !isPlain(request)) return;
    if ((request.headers.accept ?? '').length > longestAccept) return;
    if (changes !== now || !faults.none) return;
    if (now !== this.#changes || this.#results.size >= verified.most) this.#results.clear();
    this.#changes = now;
    this.#results.set(keyOf(request), { reply, record: { ...record }, repeatableUntil, authorization });
  }
}

/** The end of the token tells most requests apart; hashing all of it takes longer than all else. */
function keyOf({ url = '', headers: { accept, authorization = '' } }: IncomingMessage): string {
  return `${accept === undefined ? url : `${url} ${accept}`} ${authorization.slice(-32)}`;
}

/** Whether a request presents one token, and its headers ask for nothing unusual. */
function isPlain({ method, headers, rawHeaders }: IncomingMessage): boolean {
  if (method !== 'GET' || headers.authorization === undefined) return false;
  const { prefer, origin, expect } = headers;
  if (prefer !== undefined || origin !== undefined || headers['content-type'] !== undefined) return false;
  // Node hands on what is expected, and more than one host.
  if (expect !== undefined) return false;
  // Some clients send a Content-Length of 0 without a body.
  if ((headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined) return false;
  // Of two headers Node shows only the first, and another server on the way may read the second.
  return countOf(rawHeaders, 'authorization') === 1 && countOf(rawHeaders, 'host') === 1;
}

/** @param name in small letters. */
function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const found = rawHeaders[index] ?? '';
    if (found.length === name.length && found.toLowerCase() === name) count += 1;
  }
  return count;
}
