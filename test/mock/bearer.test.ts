import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMock, type Mock } from '../../src/mock/index.ts';
import { bearerOf, bodyOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';

let mock: Mock;
beforeAll(async () => {
  mock = await startUsualMock();
});
afterAll(() => mock.close());

function listDoctors(authorization?: string, target: Mock = mock): Promise<Response> {
  return fetch(`${target.baseUrl}/equipe/doctors`, {
    headers: authorization === undefined ? {} : { Authorization: authorization },
  });
}

describe('the API', () => {
  test.each(['bianchi', 'nuovo', 'ricci', 'san-giorgio', 'senza-foto'])(
    'answers with the doctors of the clinic that the token stands for: %s',
    async (clinic) => {
      const doctors: unknown = await (await listDoctors(await bearerOf(mock, clinic, { scope }))).json();
      const count = { bianchi: 3, nuovo: 0, ricci: 3, 'san-giorgio': 64, 'senza-foto': 2 }[clinic];
      expect(doctors).toHaveLength(count ?? -1);
    },
  );

  test('takes a scheme in small letters', async () => {
    const authorization = (await bearerOf(mock, 'bianchi', { scope })).replace('Bearer', 'bearer');
    expect((await listDoctors(authorization)).status).toBe(200);
  });

  test('refuses a request without a token: 401, a challenge without an error code', async () => {
    const response = await listDoctors();
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
    expect(await bodyOf(response)).toEqual({ message: 'There is no Authorization header with a bearer token.' });
  });

  test.each([
    ['Basic credentials', 'Basic YTpi'],
    ['nothing', ''],
  ])('takes %s for no token', async (_name, authorization) => {
    const response = await listDoctors(authorization);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api"');
  });

  test.each([
    ['an empty bearer token', 'Bearer'],
    ['a token that is no JWT', 'Bearer nonsense'],
    ['two tokens', 'Bearer a b'],
    ['a JWT whose signature is wrong', 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln'],
    ['a JWT without a signature', 'Bearer eyJhbGciOiJub25lIn0.e30.'],
  ])('refuses %s: 401 invalid_token', async (_name, authorization) => {
    const response = await listDoctors(authorization);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(await bodyOf(response)).toEqual({ message: 'The bearer token is not valid.' });
  });

  test('refuses a token of another mock', async () => {
    await using other = await startMock();
    expect((await listDoctors(await bearerOf(other, 'bianchi', { scope }))).status).toBe(401);
  });

  test('refuses a token that has expired: 401 invalid_token, and says so', async () => {
    let now = Date.parse('2026-11-23T12:00:00Z');
    await using clocked = await startUsualMock({ now: () => now });
    const authorization = await bearerOf(clocked, 'bianchi', { scope });
    now += 3_599_000;
    expect((await listDoctors(authorization, clocked)).status).toBe(200);
    now += 1000;
    const response = await listDoctors(authorization, clocked);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('The access token has expired');
    expect(await bodyOf(response)).toEqual({ message: 'The bearer token has expired.' });
  });

  test.each([
    ['revoked', 'The API key was revoked.'],
    ['expired', 'The API key has expired.'],
  ])('refuses a good token of a key that is %s: 403, without a challenge', async (status, message) => {
    const response = await listDoctors(await bearerOf(mock, 'bianchi', { status, scope }));
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await bodyOf(response)).toEqual({ message });
  });

  test("refuses a key from the moment of its own end, though the token's is later", async () => {
    let now = Date.parse('2036-12-31T23:59:58Z');
    await using clocked = await startUsualMock({ now: () => now });
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope });
    const authorization = `Basic ${btoa('san-giorgio-website:not-a-secret-san-giorgio-website')}`;
    const tokenUrl = `${clocked.url}/auth/san-giorgio/oauth2/token`;
    const answer = await fetch(tokenUrl, { method: 'POST', headers: { Authorization: authorization }, body: form });
    const token = `Bearer ${String((await bodyOf(answer))['access_token'])}`;
    expect((await listDoctors(token, clocked)).status).toBe(200);
    now += 1000;
    expect((await listDoctors(token, clocked)).status).toBe(403);
  });
});
