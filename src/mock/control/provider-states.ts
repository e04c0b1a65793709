import { Ajv2020, type JSONSchemaType } from 'ajv/dist/2020.js';
import { keyStatus, type Key, type KeyStatus } from '../clinics/clinic.ts';
import { jsonReply, type Reply } from '../reply.ts';
import type { Sandbox } from '../sandbox.ts';
import { issueToken } from '../token/issue-token.ts';

/** The request that Pact's verifiers send before (and after) an interaction, once for each of its provider states. */
interface StateChange {
  state: string;
  params?: Params;
  action?: string;
}

interface Params {
  clinic?: string;
  keyStatus?: KeyStatus;
  expired?: boolean;
  operationId?: string;
  status?: number;
}

const schema: JSONSchemaType<StateChange> = {
  type: 'object',
  required: ['state'],
  properties: {
    state: { type: 'string' },
    action: { type: 'string', nullable: true },
    params: {
      type: 'object',
      nullable: true,
      additionalProperties: false,
      properties: {
        clinic: { type: 'string', nullable: true },
        keyStatus: { type: 'string', enum: ['active', 'revoked', 'expired'], nullable: true },
        expired: { type: 'boolean', nullable: true },
        operationId: { type: 'string', nullable: true },
        status: { type: 'integer', nullable: true },
      },
    },
  },
};

const isStateChange = new Ajv2020().compile<StateChange>(schema);

class StateError extends Error {}

type State = (sandbox: Sandbox, params: Params) => Promise<Record<string, string>>;

/** The provider states that the mock can take on; what each gives is for the values of `fromProviderState`. */
const states: Record<string, State> = {
  'a key': async (sandbox, params) => {
    const { clientId, clientSecret, clinic } = findKey(sandbox, params);
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    return { clientId, basic, tokenPath: new URL(sandbox.tokenUrl(clinic)).pathname };
  },
  'a bearer token': async (sandbox, params) => {
    const age = params.expired ? (sandbox.api.tokens.lifetime + 1) * 1000 : 0;
    const key = findKey(sandbox, params);
    const token = await issueToken(sandbox, key, sandbox.api.flow?.scopes ?? [], sandbox.now() - age);
    return { accessToken: token };
  },
  'the next answer': async (sandbox, { operationId, status }) => {
    const operation = sandbox.api.operations.find(({ id }) => id === operationId);
    if (!operation || status === undefined || !operation.statuses.includes(String(status))) {
      throw new StateError('It needs an operationId of the specification, and a status that the operation documents.');
    }
    sandbox.faults.add(operation.id, status);
    return {};
  },
};

/** Carries out a state-change request of Pact and answers with the values that the state gives. */
export async function providerStates(sandbox: Sandbox, body: unknown): Promise<Reply> {
  if (!isStateChange(body)) {
    return jsonReply(400, { message: 'This is not a state-change request of Pact: { state, params, action }.' });
  }
  // An interaction without a state has the empty one. There is nothing to tear down: what a state sets, its request uses up.
  if (body.state === '' || body.action === 'teardown') return jsonReply(200, {});
  const state = states[body.state];
  if (!state) {
    return jsonReply(400, { message: `The mock has no provider state "${body.state}".`, states: Object.keys(states) });
  }
  try {
    return jsonReply(200, await state(sandbox, body.params ?? {}));
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return jsonReply(400, { message: `The provider state "${body.state}" cannot be set. ${error.message}` });
  }
}

function findKey(sandbox: Sandbox, { clinic, keyStatus: wanted = 'active' }: Params): Key {
  const keys = clinic === undefined ? [...sandbox.keys.values()] : sandbox.clinics.get(clinic)?.keys;
  const key = keys?.find((candidate) => keyStatus(candidate, sandbox.now()) === wanted);
  if (key) return key;
  throw new StateError(`There is no ${wanted} key${clinic === undefined ? '' : ` of a clinic ${clinic}`}.`);
}
