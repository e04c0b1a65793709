import { basicOf } from '../../verify/provider/credentials.ts';
import { parseObject } from './parse-object.ts';
import type { Outcome, Provider, StateChanges } from '../../verify/provider/provider.ts';

/** What Pact's verifier is answered: the values for the interaction's generators, as JSON. */
export interface StateChanged {
  status: number;
  values: string | Buffer;
  /** Why the state was not set, as the end of a sentence. */
  reason?: string;
}

/**
 * Sets a provider state, or undoes it. At a real provider there is nothing to set: what has come so far asks for no more
 * than credentials, which are given.
 * @param body Pact's state-change request: JSON with `state`, `params` and `action`.
 */
export async function changeState(provider: Provider, body: Buffer): Promise<StateChanged> {
  const { action, state } = parseObject(body) ?? {};
  if (provider.access.kind === 'test') {
    const changed = await forward(provider, provider.access.stateChanges, body);
    // The interaction is over by then.
    return action === 'teardown' ? { status: 200, values: '{}' } : changed;
  }
  // An interaction without a state has the empty one.
  if (provider.access.kind === 'none' || action === 'teardown' || state === '') return { status: 200, values: '{}' };
  const { credentials } = provider.access;
  const token = await provider.realToken(provider.access);
  if (token.kind !== 'token') {
    const reason = token.kind === 'silence' ? `the provider ${token.reason}` : 'the budget of requests is used up';
    return { status: token.kind === 'silence' ? 502 : 400, values: '{}', reason };
  }
  const { clientId, tokenUrl } = credentials;
  const values = {
    accessToken: token.accessToken,
    clientId,
    basic: basicOf(credentials),
    tokenPath: tokenUrl.pathname,
  };
  return { status: 200, values: JSON.stringify(values) };
}

async function forward(provider: Provider, stateChanges: StateChanges, body: Buffer): Promise<StateChanged> {
  const outcome = await sendStateChange(provider, stateChanges, body);
  if (outcome.kind === 'withheld') return { status: 400, values: '{}', reason: 'the budget of requests is used up' };
  if (outcome.kind === 'silence') return { status: 502, values: '{}', reason: `the URL for states ${outcome.reason}` };
  const { status } = outcome;
  const reason = status < 300 ? {} : { reason: `the URL for states answers ${status}` };
  return { status, values: outcome.body, ...reason };
}

/** Sends a state-change request of Pact, with the mock's control token where there is one. */
export function sendStateChange(
  provider: Provider,
  { url, controlToken }: StateChanges,
  body: Buffer,
): Promise<Outcome> {
  const authorization = controlToken === undefined ? [] : ['Authorization', `Bearer ${controlToken}`];
  const headers = ['Content-Type', 'application/json', 'Accept', 'application/json', ...authorization];
  return provider.send({ method: 'POST', url, headers, body });
}
