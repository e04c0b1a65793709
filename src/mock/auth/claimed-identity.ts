import type { Operation } from '../../spec/operation.ts';
import type { Answered } from '../answered.ts';
import { claimedBy, type Claimant } from '../bearer/claimed.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { basicCredentials } from '../token/basic-credentials.ts';

/** Whose request it is by what it says of itself, and how it says so, before any check. */
export function claimantOf(
  sandbox: Sandbox,
  { issuesTokens }: Operation,
  authorization: string | undefined,
  body?: unknown,
): Claimant & Pick<Answered, 'authentication'> {
  if (!issuesTokens) {
    const authentication = authorization === undefined ? undefined : 'bearer';
    return { ...claimedBy(sandbox, authorization), authentication };
  }
  const form = new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  if (form.has('client_secret')) {
    return { key: sandbox.keys.find(form.get('client_id') ?? ''), authentication: 'form' };
  }
  const [key] = (basicCredentials(authorization) ?? []).flatMap(({ clientId }) => sandbox.keys.find(clientId) ?? []);
  return { key, authentication: authorization === undefined ? undefined : 'basic' };
}
