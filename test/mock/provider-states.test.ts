import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bodyOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(() => mock.close());

function setState(change: unknown): Promise<Response> {
  return fetch(`${mock.url}/_mock/provider-states`, { method: 'POST', body: JSON.stringify(change) });
}

async function statusWith(token: unknown): Promise<number> {
  const headers = { Authorization: `Bearer ${String(token)}` };
  return (await fetch(`${mock.baseUrl}/equipe/doctors`, { headers })).status;
}

describe('the provider states', () => {
  test('give a key with what a token request needs', async () => {
    const state = await bodyOf(await setState({ state: 'a key', params: { clinic: 'ricci' } }));
    expect(state).toEqual({
      clientId: 'ricci-backend',
      basic: `Basic ${btoa('ricci-backend:not-a-secret-ricci-backend')}`,
      tokenPath: '/auth/ricci/oauth2/token',
    });
  });

  test('give a path below the URL of a sandbox, where the provider is one', async () => {
    const sandbox = mock.sandboxes.create();
    const body = JSON.stringify({ state: 'a key', params: { clinic: 'ricci' } });
    const answer = await fetch(`${sandbox.url}/_mock/provider-states`, { method: 'POST', body });
    expect(await bodyOf(answer)).toMatchObject({ tokenPath: '/auth/ricci/oauth2/token' });
  });

  test.each([
    ['a good token', {}, 200],
    ['an expired token', { expired: true }, 401],
    ['a token of a revoked key', { keyStatus: 'revoked' }, 403],
    ['a token of an expired key', { keyStatus: 'expired' }, 403],
  ])('give %s', async (_name, params, status) => {
    const { accessToken } = await bodyOf(
      await setState({ state: 'a bearer token', params: { clinic: 'bianchi', ...params } }),
    );
    expect(await statusWith(accessToken)).toBe(status);
  });

  test('order the next answer of an operation, and only that', async () => {
    const { accessToken } = await bodyOf(await setState({ state: 'a bearer token', params: { clinic: 'nuovo' } }));
    await setState({ state: 'the next answer', params: { operationId: 'listDoctors', status: 503 } });
    expect([await statusWith(accessToken), await statusWith(accessToken)]).toEqual([503, 200]);
  });

  test.each([
    ['an interaction without a state', { state: '', action: 'setup' }],
    ['a tear-down', { state: 'a bearer token', action: 'teardown' }],
  ])('have nothing to do for %s', async (_name, change) => {
    const response = await setState(change);
    expect([response.status, await response.json()]).toEqual([200, {}]);
  });

  test('name those that exist where one does not', async () => {
    const response = await setState({ state: 'a full moon' });
    expect(response.status).toBe(400);
    expect(await bodyOf(response)).toEqual({
      message: 'The mock has no provider state "a full moon", only "a key", "a bearer token", "the next answer".',
    });
  });

  test.each(['constructor', '__proto__', 'toString'])(
    'take no name that every object has for a state: %s',
    async (state) => {
      const response = await setState({ state });
      expect(response.status).toBe(400);
    },
  );

  test.each([
    ['a clinic that does not exist', 'a key', { clinic: 'rossi' }, 'There is no clinic rossi, only bianchi'],
    [
      'a key that does not exist',
      'a bearer token',
      { clinic: 'nuovo', keyStatus: 'revoked' },
      'There is no revoked key',
    ],
    [
      'an undocumented status',
      'the next answer',
      { operationId: 'listDoctors', status: 418 },
      'a status that the operation',
    ],
    [
      'an unknown operation',
      'the next answer',
      { operationId: 'no', status: 503 },
      'an operationId of the specification',
    ],
  ])('refuse %s', async (_name, state, params, message) => {
    const response = await setState({ state, params });
    expect(response.status).toBe(400);
    expect((await bodyOf(response))['message']).toContain(message);
  });

  test.each([['{'], ['[]'], ['{"state":7}'], ['{"state":"a key","params":{"clinc":"x"}}']])(
    'refuse what is no state-change request: %s',
    async (body) => {
      const response = await fetch(`${mock.url}/_mock/provider-states`, { method: 'POST', body });
      expect(response.status).toBe(400);
    },
  );
});
