import { describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, requestToken } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const startFerries = (): Promise<Mock> =>
  startUsualMock({ spec: 'test/other-api/ferries.yaml', clinics: 'test/other-api/clinics' });

describe('a mock of another API', () => {
  test('has the path of its first server in its base URL', async () => {
    await using mock = await startFerries();
    expect(mock.baseUrl).toBe(`${mock.url}/v2`);
  });

  test('answers with the fixture of the clinic that the token stands for', async () => {
    await using mock = await startFerries();
    const ask = async (clinic: string): Promise<unknown> => {
      const headers = { Authorization: await bearerOf(mock, clinic) };
      return (await fetch(`${mock.baseUrl}/sailings?from=HEL`, { headers })).json();
    };
    expect(await ask('baltic')).toMatchObject([{ ship: 'Kalevala' }, { ship: 'Vellamo' }]);
    expect(await ask('nordic')).toEqual([]);
  });

  test("answers with the specification's example where the clinic has no fixture", async () => {
    await using mock = await startFerries();
    const headers = { Authorization: await bearerOf(mock, 'nordic') };
    const response = await fetch(`${mock.baseUrl}/sailings/5`, { headers });
    expect(await response.json()).toMatchObject({ ship: 'Example' });
  });

  test('answers everybody where the operation asks for no token', async () => {
    await using mock = await startFerries();
    expect(await (await fetch(`${mock.baseUrl}/ports`)).json()).toEqual(['HEL', 'TLL', 'STO']);
  });

  test('refuses a request that violates the specification with the documented status', async () => {
    await using mock = await startFerries();
    const headers = { Authorization: await bearerOf(mock, 'baltic') };
    const response = await fetch(`${mock.baseUrl}/sailings?from=helsinki`, { headers });
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({ reason: 'The request is not valid.' });
  });

  test('takes a JSON body and answers with the documented header', async () => {
    await using mock = await startFerries();
    const response = await fetch(`${mock.baseUrl}/sailings/12/bookings`, {
      method: 'POST',
      headers: { Authorization: await bearerOf(mock, 'baltic'), 'Content-Type': 'application/json' },
      body: JSON.stringify({ passengers: 2, car: null }),
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/v2/bookings/7');
  });

  test.each([
    ['is not the JSON that it says it is', '{', 400],
    ['is larger than 1 MiB', JSON.stringify('x'.repeat(1024 * 1024)), 413],
  ])('refuses a body that %s', async (_name, body, status) => {
    await using mock = await startFerries();
    const response = await fetch(`${mock.baseUrl}/sailings/12/bookings`, {
      method: 'POST',
      headers: { Authorization: await bearerOf(mock, 'baltic'), 'Content-Type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await bodyOf(response)).toEqual({ message: expect.any(String) });
  });

  test('answers without a body where none is documented', async () => {
    await using mock = await startFerries();
    const headers = { Authorization: await bearerOf(mock, 'baltic') };
    const response = await fetch(`${mock.baseUrl}/bookings/7`, { method: 'DELETE', headers });
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  test('asks for the scope of the operation', async () => {
    await using mock = await startFerries();
    const headers = { Authorization: await bearerOf(mock, 'baltic', { scope: 'sailings:read' }) };
    const response = await fetch(`${mock.baseUrl}/bookings/7`, { method: 'DELETE', headers });
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="bookings:write"');
  });

  test('grants all scopes to a request that names none, where the specification does not demand one', async () => {
    await using mock = await startFerries();
    expect((await requestToken(mock, 'baltic')).status).toBe(200);
  });

  test("issues tokens at the specification's own path too, for the lifetime of its example", async () => {
    await using mock = await startFerries();
    const response = await fetch(`${mock.url}/connect/token`, {
      method: 'POST',
      headers: { Authorization: basic(keyOf(mock, 'nordic')) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token, expires_in: lifetime } = await bodyOf(response);
    expect(lifetime).toBe(900);
    const sailings = await fetch(`${mock.baseUrl}/sailings?from=HEL`, {
      headers: { Authorization: `Bearer ${String(token)}` },
    });
    expect(await sailings.json()).toEqual([]);
  });

  test('says which operations exist where a path is unknown', async () => {
    await using mock = await startFerries();
    const response = await fetch(`${mock.baseUrl}/baltic/sailings`);
    expect(response.status).toBe(404);
    const { hint, operations } = await bodyOf(response);
    expect(hint).toContain('Remove "baltic": /v2/sailings.');
    expect(operations).toContainEqual({ operationId: 'findSailings', method: 'GET', path: '/v2/sailings' });
  });
});
