import { performance } from 'node:perf_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Operation } from '../../openapi/operations.ts';
import { isStillGood, tokenIdOf } from '../auth/verified-tokens.ts';
import type { Key } from '../clinics/clinic.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { sendAgain } from './reply.ts';

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
        method === 'get' && !issuesTokens && security.credentials && !/[{%]/.test(serverPath + path),
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
    this.#sandbox.record(
      {
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
      },
      { began: began.time, ended: this.#sandbox.clock.now(), ticks: { began: began.ticks, ended }, connection },
    );
    sendAgain(response, reply);
    return true;
  }

  /** Whose request it is, if the token was verified before and is good still. */
  #bearer(
    { security }: Operation,
    authorization: string,
    now: number,
  ): { key: Key; tokenId: string | undefined } | undefined {
    const { verified, keys } = this.#sandbox;
    const token = authorization.startsWith('Bearer ') ? verified.find(authorization.slice(7)) : undefined;
    if (!token || !isStillGood(this.#sandbox, token, now)) return undefined;
    if (!security.credentials?.scopes.every((scope) => token.scopes.has(scope))) return undefined;
    const key = keys.find(token.clientId);
    if (key?.clinic !== token.clinic || keys.status(key) !== 'active') return undefined;
    return { key, tokenId: tokenIdOf(token.claims) };
  }
}

/** Whether nothing in the head of a request asks for anything unusual, and it presents one token. */
function isPlain({ headers, rawHeaders }: IncomingMessage): boolean {
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
