import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { Answered, Fault, Mock } from '../../src/mock/index.ts';
import { bearerOf, requestToken } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

/** What is told of the last request that an action sends. */
async function toldOf(act: (mock: Mock) => Promise<unknown>): Promise<Answered> {
  const told = new EventEmitter();
  await using mock = await startUsualMock({ onAnswer: (answered) => told.emit('answer', answered) });
  const first = once(told, 'answer');
  await act(mock);
  const [answered] = await first;
  return answered;
}

describe('onAnswer is told', () => {
  test('of a token that was issued, with its clinic', async () => {
    expect(await toldOf((mock) => requestToken(mock, 'ricci', { scope }))).toEqual({
      id: 1,
      time: expect.any(String),
      method: 'POST',
      path: '/auth/ricci/oauth2/token',
      operationId: 'requestToken',
      clinic: 'ricci',
      clientId: 'ricci-backend',
      tokenId: expect.any(String),
      authentication: 'basic',
      status: 200,
      milliseconds: expect.any(Number),
    });
  });

  test('why a token was refused', async () => {
    const answered = await toldOf((mock) => requestToken(mock, 'ricci', { scope: 'wrong' }));
    expect(answered).toMatchObject({ status: 400, reason: 'invalid_scope' });
  });

  test('why a token request could not be read', async () => {
    const body = 'x'.repeat(65 * 1024);
    const answered = await toldOf((mock) => fetch(`${mock.url}/auth/ricci/oauth2/token`, { method: 'POST', body }));
    expect(answered).toMatchObject({ status: 400, reason: 'invalid_request' });
  });

  test('why a call was refused', async () => {
    const answered = await toldOf((mock) => fetch(`${mock.baseUrl}/equipe/doctors`));
    expect(answered).toMatchObject({ operationId: 'listDoctors', status: 401, reason: 'missing_token' });
  });

  test('of a path that does not exist, without its query and without a token in it', async () => {
    const answered = await toldOf((mock) => fetch(`${mock.url}/eyJhbGciOiJub25lIn0.e30.c2ln?client_secret=canary`));
    expect(answered).toMatchObject({ path: '/[token]', operationId: undefined, status: 404 });
    expect(JSON.stringify(answered)).not.toContain('canary');
  });

  test.each<[Fault, string]>([
    [{ delay: { milliseconds: 1 }, body: 'canary' }, 'delay 1 ms, another body'],
    [{ delay: { median: 1, sigma: 0 }, contentType: 'text/html' }, 'delay around 1 ms, Content-Type text/html'],
    [{ status: 401, example: 'expired_token' }, 'status 401 (expired_token)'],
    [{ delivery: 'truncate' }, 'body truncated'],
  ])('what the fault %j did', async (fault, effect) => {
    const told = await toldOf((mock) => {
      mock.faults.add({ ...fault, count: 1 });
      return fetch(`${mock.baseUrl}/equipe/doctors`)
        .then((response) => response.text())
        .catch(String);
    });
    expect(told).toMatchObject({ fault: 'fault-1', effect });
  });

  test('of a connection that a fault has broken', async () => {
    const told: Answered[] = [];
    await using mock = await startUsualMock({ onAnswer: (answered) => told.push(answered) });
    const headers = { Authorization: await bearerOf(mock, 'nuovo', { scope }) };
    mock.faults.add({ operationId: 'listDoctors', delivery: 'reset' });
    await expect(fetch(`${mock.baseUrl}/equipe/doctors`, { headers })).rejects.toThrow('fetch failed');
    await mock.close();
    expect(told.map(({ operationId }) => operationId)).toEqual(['requestToken', 'listDoctors']);
  });
});
