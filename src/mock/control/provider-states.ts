import type { Key } from '../clinics/clinic.ts';
import { noSuch } from '../no-such.ts';
import type { Sandbox } from '../state/sandbox.ts';
import { issueToken } from '../token/issue-token.ts';
import { ControlError } from './control-error.ts';
import type { ControlRequest } from './requests.ts';

/** The request that Pact's verifiers send before (and after) an interaction, once for each of its provider states. */
type StateChange = ControlRequest<'changeProviderState'>['body'];
type Params = NonNullable<StateChange['params']>;

/** Values for the interaction's `fromProviderState`. */
type Values = Record<string, string>;

/** The provider states that the mock can take on. */
const states: Record<string, (sandbox: Sandbox, params: Params) => Values | Promise<Values>> = {
  'a key': (sandbox, params) => {
    const { clientId, clientSecret, clinic } = findKey(sandbox, params);
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    return { clientId, basic, tokenPath: sandbox.tokenUrl(clinic).slice(sandbox.url.length) };
  },
  'a bearer token': async (sandbox, params) => {
    const age = params.expired ? (sandbox.api.tokens.lifetime + 1) * 1000 : 0;
    const key = findKey(sandbox, params);
    const token = (await issueToken(sandbox, key, sandbox.api.flow?.scopes ?? [], sandbox.clock.now() - age)).token;
    return { accessToken: token };
  },
  'the next answer': (sandbox, { operationId, status }) => {
    const operation = sandbox.api.operations.find(({ id }) => id === operationId);
    if (!operation || status === undefined || !operation.statuses.includes(String(status))) {
      throw unsettable('It needs an operationId of the specification, and a status that the operation documents.');
    }
    sandbox.faults.add({ operationId: operation.id, status, count: 1 });
    return {};
  },
};

/**
 * Takes on a provider state and gives its values.
 * @throws ControlError if the mock does not know the state, or cannot take it on.
 */
export async function takeOnState(sandbox: Sandbox, { state, params = {}, action }: StateChange): Promise<Values> {
  // An interaction without a state has the empty one. There is nothing to tear down: what a state sets, its request uses up.
  if (state === '' || action === 'teardown') return {};
  const takeOn = Object.hasOwn(states, state) ? states[state] : undefined;
  if (!takeOn) {
    const known = Object.keys(states).map((name) => `"${name}"`);
    throw unsettable(`The mock has no provider state "${state}", only ${known.join(', ')}.`);
  }
  return takeOn(sandbox, params);
}

function findKey(sandbox: Sandbox, { clinic, keyStatus: wanted = 'active' }: Params): Key {
  const { fixtures } = sandbox;
  if (clinic !== undefined && !fixtures.clinic(clinic)) throw unsettable(noSuch('clinic', clinic, fixtures.ids()));
  const key = sandbox.keys.list(clinic).find((candidate) => sandbox.keys.status(candidate) === wanted);
  if (key) return key;
  throw unsettable(`There is no ${wanted} key${clinic === undefined ? '' : ` of a clinic ${clinic}`}.`);
}

function unsettable(message: string): ControlError {
  return new ControlError('bad_request', message);
}
