// What a fault with a status answers: the documented example that fits, with the challenge that belongs to it.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault, Mock } from '../../src/mock/index.ts';
import { basic, bearerOf, bodyOf, keyOf, requestToken, tokenUrlOf } from '../support/http.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const scope = 'https://api.nextgen.arzamed.com/read';
const listDoctors = { operationId: 'listDoctors' };

let mock: Mock;
let authorization: string;
beforeEach(async () => {
  mock = await startUsualMock();
  authorization = await bearerOf(mock, 'bianchi', { scope });
});
afterEach(() => mock.close());

/** Status, message and challenge of a call that a fault strikes. */
async function answerTo(fault: Fault): Promise<[status: number, message: unknown, challenge: string | null]> {
  mock.faults.add(fault);
  const response = await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } });
  const { message } = await bodyOf(response);
  return [response.status, message, response.headers.get('www-authenticate')];
}

describe('a fault with a status', () => {
  test('401 is that of a token that is no longer good, with its challenge', async () => {
    expect(await answerTo({ ...listDoctors, status: 401 })).toEqual([
      401,
      'The bearer token is not valid.',
      'Bearer realm="api", error="invalid_token", error_description="The access token is not valid"',
    ]);
  });

  test('403 is that of a revoked key, for which no token helps', async () => {
    expect(await answerTo({ ...listDoctors, status: 403 })).toEqual([403, 'The API key was revoked.', null]);
  });

  test.each([
    [401, 'missing_token', 'There is no Authorization header with a bearer token.', 'Bearer realm="api"'],
    [401, 'expired_token', 'The bearer token has expired.', expect.stringContaining('The access token has expired')],
    [403, 'expired_key', 'The API key has expired.', null],
    [
      403,
      'insufficient_scope',
      'The bearer token lacks the scope that this operation asks for.',
      `Bearer realm="api", error="insufficient_scope", scope="${scope}"`,
    ],
  ])('%s answers with the example that it names: %s', async (status, example, message, challenge) => {
    expect(await answerTo({ ...listDoctors, status, example })).toEqual([status, message, challenge]);
  });

  test('has the headers of the fault in the place of the documented ones', async () => {
    const fault = { ...listDoctors, status: 401, headers: { 'WWW-Authenticate': 'Basic realm="proxy"' } };
    expect((await answerTo(fault))[2]).toBe('Basic realm="proxy"');
  });

  test('strikes the token endpoint with the example that it names', async () => {
    mock.faults.add({ operationId: 'requestToken', status: 400, example: 'invalid_scope' });
    expect(await bodyOf(await requestToken(mock, 'bianchi', { scope }))).toMatchObject({ error: 'invalid_scope' });
  });

  test('strikes the token endpoint with the challenge of HTTP Basic', async () => {
    mock.faults.add({ operationId: 'requestToken', status: 401 });
    const response = await requestToken(mock, 'bianchi', { scope });
    expect(response.headers.get('www-authenticate')).toBe('Basic realm="token endpoint"');
    expect(await bodyOf(response)).toMatchObject({ error: 'invalid_client' });
  });

  test('strikes a token endpoint that the specification does not describe', async () => {
    await using ferries = await startUsualMock({
      spec: 'test/other-api/ferries.yaml',
      clinics: 'test/other-api/clinics',
    });
    ferries.faults.add({ status: 503 });
    expect((await requestToken(ferries, 'baltic')).status).toBe(503);
  });
});

describe('the journal tells of a request that a fault answers how its client authenticated', () => {
  function last(): unknown {
    return mock.journal.find().at(-1);
  }

  test('by a bearer token', async () => {
    await answerTo({ ...listDoctors, status: 503 });
    expect(last()).toMatchObject({ authentication: 'bearer', clientId: 'bianchi-backend' });
  });

  test('by HTTP Basic', async () => {
    mock.faults.add({ operationId: 'requestToken', status: 503 });
    await requestToken(mock, 'bianchi', { scope });
    expect(last()).toMatchObject({ authentication: 'basic', clientId: 'bianchi-backend' });
  });

  test('by its secret in the form', async () => {
    mock.faults.add({ operationId: 'requestToken', status: 503 });
    const { clientId, clientSecret } = keyOf(mock, 'bianchi');
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
    await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST', body });
    expect(last()).toMatchObject({ authentication: 'form', clientId: 'bianchi-backend' });
  });

  test('in no way', async () => {
    mock.faults.add({ status: 503 });
    await fetch(`${mock.baseUrl}/equipe/doctors`);
    await fetch(tokenUrlOf(mock, 'bianchi'), { method: 'POST' });
    expect(mock.journal.find({ status: 503 }).map(({ authentication }) => authentication)).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('a fault of the lifetime', () => {
  test('strikes token requests alone', async () => {
    mock.faults.add({ expiresIn: 5, count: 1 });
    await fetch(`${mock.baseUrl}/equipe/doctors`, { headers: { Authorization: authorization } });
    expect(mock.journal.find().at(-1)).toMatchObject({ status: 200, fault: undefined });
    const response = await fetch(tokenUrlOf(mock, 'bianchi'), {
      method: 'POST',
      headers: { Authorization: basic(keyOf(mock, 'bianchi')) },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    expect(await bodyOf(response)).toMatchObject({ expires_in: 5 });
  });
});
