import { performance } from 'node:perf_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answered } from './answered.ts';
import type { Operation } from '../spec/operation.ts';
import { isStillGood, tokenIdOf } from './bearer/verified-tokens.ts';
import type { Key } from './clinics/clinic.ts';
import { isPlain } from './plain.ts';
import type { Sandbox } from './sandbox.ts';
import { sendAgain } from './send-again.ts';
import { lend } from './workers/lend.ts';

/**
 * The way of a request that is as one before: `GET` of an operation without input, with a token that was verified, answered by
 * what is kept. All that may have changed since is looked at; whatever is unusual goes the whole way.
 */
export class Shortcut {
  readonly #sandbox: Sandbox;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    const plain = sandbox.api.operations.filter(
      ({ method, issuesTokens, security, serverPath, path }) =>
        method === 'get' && !issuesTokens && security !== undefined && !/[{%]/.test(serverPath + path),
    );
    this.#operations = new Map(plain.map((operation) => [operation.serverPath + operation.path, operation]));
  }

  /** Answers a request; false where it has to go the whole way. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '', headers, socket: connection } = request;
    const operation = method === 'GET' ? this.#operations.get(url) : undefined;
    if (!operation || !isPlain(request)) return false;
    const began = { ticks: performance.now(), time: this.#sandbox.clock.now() };
    const { authorization = '', accept } = headers;
    const bearer = this.#bearer(operation, authorization, began.time);
    if (!bearer || this.#sandbox.faults.mayStrike(operation, bearer.key.clinic)) return false;
    const { key, tokenId } = bearer;
    const clinic = this.#sandbox.fixtures.clinic(key.clinic);
    const reply = clinic && this.#sandbox.answers.kept(operation, clinic, accept);
    if (!reply) return false;
    const ended = performance.now();
    const answered: Answered = {
      method: 'GET',
      path: url,
      operationId: operation.id,
      clinic: clinic.id,
      clientId: key.clientId,
      tokenId,
      authentication: 'bearer',
      status: reply.status,
      reason: undefined,
      fault: undefined,
      broken: undefined,
      retryAfter: undefined,
      credentialsInQuery: undefined,
      origin: undefined,
      milliseconds: ended - began.ticks,
      violations: undefined,
    };
    this.#sandbox.record(answered, {
      began: began.time,
      ended: this.#sandbox.clock.now(),
      ticks: { began: began.ticks, ended },
      connection,
    });
    lend(this.#sandbox, response, answered, bearer.until - began.time);
    sendAgain(response, reply);
    return true;
  }

  /** Whose request it is, if the token was verified before and is good still. */
  #bearer(
    { security }: Operation,
    authorization: string,
    now: number,
  ): { key: Key; tokenId: string | undefined; until: number } | undefined {
    const { verified, keys, signingKeys } = this.#sandbox;
    const token = authorization.startsWith('Bearer ') ? verified.find(authorization.slice(7)) : undefined;
    if (!token || !isStillGood(this.#sandbox, token, now)) return undefined;
    if (!security?.scopes.every((scope) => token.scopes.has(scope))) return undefined;
    const key = keys.find(token.clientId);
    if (key?.clinic !== token.clinic || keys.status(key) !== 'active') return undefined;
    // A key that was replaced verifies for as long as its last token is good, or less.
    const isCurrent = token.kid === signingKeys.current.kid;
    const until = isCurrent ? Math.min((token.claims.exp ?? 0) * 1000, key.expiresAt ?? Infinity) : now;
    return { key, tokenId: tokenIdOf(token.claims), until };
  }
}
