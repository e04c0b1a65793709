import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sandbox } from '../state/sandbox.ts';
import type { Handled } from './handle.ts';
import { timer } from './record.ts';
import { sendAgain } from './reply.ts';

interface Kept extends Handled {
  authorization: string;
  repeatableUntil: number;
}

/**
 * What requests were answered that can be answered in the same way again: `GET` of an operation without input, with a valid
 * token. Forgets all when anything in the sandbox is changed.
 */
export class FastPath {
  readonly #sandbox: Sandbox;
  #results = new Map<string, Kept>();
  /** The sandbox's changes when the first of the results was kept. */
  #changes = 0;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  /** Answers a request as it was answered before; false where it was not. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const { changes, clock } = this.#sandbox;
    if (changes !== this.#changes || !isPlain(request)) return false;
    const kept = this.#results.get(keyOf(request));
    if (!kept || kept.authorization !== request.headers.authorization) return false;
    if (kept.repeatableUntil <= clock.now()) return false;
    const note = timer(this.#sandbox, request.socket);
    note({ ...kept.record });
    sendAgain(response, kept.reply);
    return true;
  }

  /**
   * Keeps the answer to a request if it can be repeated.
   * @param changes of the sandbox before the request was handled.
   */
  keep(request: IncomingMessage, { reply, record, repeatableUntil }: Handled, changes: number): void {
    const { faults, verified, changes: now } = this.#sandbox;
    const { authorization } = request.headers;
    if (repeatableUntil === undefined || authorization === undefined || !isPlain(request)) return;
    if (changes !== now || !faults.none) return;
    if (now !== this.#changes || this.#results.size >= verified.most) this.#results.clear();
    this.#changes = now;
    this.#results.set(keyOf(request), { reply, record: { ...record }, repeatableUntil, authorization });
  }
}

/** The end of the token tells most requests apart: to hash all of it takes longer than all else. */
function keyOf({ url = '', headers: { accept, authorization = '' } }: IncomingMessage): string {
  return `${accept === undefined ? url : `${url} ${accept}`} ${authorization.slice(-32)}`;
}

/** Whether nothing in the head of a request asks for anything unusual, and it presents one token. */
function isPlain({ method, headers, rawHeaders }: IncomingMessage): boolean {
  if (method !== 'GET' || headers.authorization === undefined) return false;
  const { prefer, origin } = headers;
  if (prefer !== undefined || origin !== undefined || headers['content-type'] !== undefined) return false;
  // Some clients say of a request without a body that it has one of no bytes.
  if ((headers['content-length'] ?? '0') !== '0' || headers['transfer-encoding'] !== undefined) return false;
  let authorizations = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    // Of two headers Node shows the first alone, and something else on the way may look at the second.
    if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations += 1;
  }
  return authorizations === 1;
}
