// Faults that cannot be carried out, or would do nothing, are refused with a sentence that says what to do.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bodyOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(() => mock.close());

async function add(fault: unknown): Promise<[status: number, message: unknown]> {
  const response = await fetch(`${mock.url}/_mock/faults`, { method: 'POST', body: JSON.stringify(fault) });
  return [response.status, (await bodyOf(response))['message']];
}

const effects = 'status, headers, body, contentType, delay, delivery, expiresIn';

describe('a fault is refused', () => {
  test.each([
    ['that says nothing', {}],
    ['that says only for which requests', { count: 1, operationId: 'listDoctors', clinic: 'bianchi' }],
  ])('%s', async (_name, fault) => {
    expect(await add(fault)).toEqual([400, `The fault has no effect; give at least one of ${effects}.`]);
  });

  test('with an example that its status does not have, and told those that there are', async () => {
    expect(await add({ operationId: 'listDoctors', status: 403, example: 'expired_token' })).toEqual([
      404,
      'There is no example expired_token of 403, only revoked_key, expired_key, unknown_key, insufficient_scope.',
    ]);
  });

  test('with an example of a status that has none', async () => {
    expect(await add({ status: 418, example: 'teapot' })).toEqual([
      404,
      'There is no example teapot of 418: there are none.',
    ]);
  });

  test('with an example of no status', async () => {
    expect(await add({ example: 'expired_token' })).toEqual([400, expect.stringMatching(/^The fault has no effect/)]);
    expect(await add({ example: 'expired_token', delay: { milliseconds: 1 } })).toEqual([
      400,
      'An example belongs to a status: give the status as well.',
    ]);
  });

  test('of the lifetime at an operation that issues no tokens', async () => {
    expect(await add({ operationId: 'listDoctors', expiresIn: 60 })).toEqual([
      400,
      'The operation listDoctors issues no tokens, so expiresIn has no effect: omit operationId.',
    ]);
  });

  test('of the lifetime with another answer than the token', async () => {
    expect(await add({ expiresIn: 60, status: 503 })).toEqual([
      400,
      'expiresIn changes the token response: it cannot be combined with status or body.',
    ]);
  });

  test.each([
    ['delay', 3000, '$.delay: expected object, found 3000. For example: "delay": {"milliseconds":3000}'],
    ['delay', { seconds: 3 }, 'For example: "delay": {"milliseconds":3000}'],
    ['headers', 'Retry-After: 5', 'For example: "headers": {"Retry-After":"5"}'],
  ])('with a %s of another form, and shown one: %j', async (name, value, message) => {
    expect(await add({ status: 503, [name]: value })).toEqual([400, expect.stringContaining(message)]);
  });
});
