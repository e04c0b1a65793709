// A security requirement with an empty alternative makes the token optional (OpenAPI 3.1 section 4.8.30). The order of the
// alternatives means nothing. A token that is presented is judged all the same (RFC 6750 section 3.1).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bearerOf } from '../support/http.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const example = ['of the specification'];
const own = ['of the clinic'];

/** A specification with one operation. */
const specWith = (security: object[]): string =>
  JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Names', version: '1.0.0' },
    servers: [{ url: 'https://names.example' }],
    paths: {
      '/names': {
        get: {
          operationId: 'listNames',
          security,
          responses: {
            200: {
              description: 'Names.',
              content: { 'application/json': { schema: { type: 'array', items: { type: 'string' } }, example } },
            },
          },
        },
      },
    },
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: 'https://names.example/token',
              scopes: { read: 'Read names.', write: 'Change names.' },
            },
          },
        },
      },
    },
  });

const clinicWith = (responses: object): string =>
  JSON.stringify({
    name: 'One',
    keys: [
      { clientId: 'one-active', clientSecret: 'not-a-secret-active', status: 'active' },
      { clientId: 'one-revoked', clientSecret: 'not-a-secret-revoked', status: 'revoked' },
    ],
    responses,
  });

/** The answer to a call, and what the journal says of it. */
async function ask(mock: Mock, authorization?: string): Promise<Record<string, unknown>> {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const response = await fetch(`${mock.baseUrl}/names`, { headers });
  const body: unknown = await response.json();
  const { id: _id, time: _time, milliseconds: _milliseconds, ...entry } = mock.journal.find().at(-1) ?? {};
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body, entry };
}

const withToken = { oauth: ['read'] };

describe.each([
  ['[{ oauth: [read] }, {}]', [withToken, {}]],
  ['[{}, { oauth: [read] }]', [{}, withToken]],
])('where the security of an operation is %s', (_shown, security) => {
  let folder: TemporaryFolder;
  let mock: Mock;
  beforeAll(async () => {
    folder = await temporaryFolder({
      'spec.json': specWith(security),
      'clinics/one.json': clinicWith({}),
      'clinics-with-answers/one.json': clinicWith({ listNames: own }),
    });
    mock = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics: `${folder.path}/clinics` });
  });
  beforeEach(() => {
    mock.reset();
    mock.answers.replace('one', 'listNames', own);
  });
  afterAll(async () => {
    await mock.close();
    await folder[Symbol.asyncDispose]();
  });

  test('a call without a token is answered by the specification, the first and the next', async () => {
    const answer = {
      status: 200,
      challenge: null,
      body: example,
      entry: { method: 'GET', path: '/names', operationId: 'listNames', status: 200 },
    };
    expect([await ask(mock), await ask(mock), await ask(mock)]).toEqual([answer, answer, answer]);
  });

  test('a call with a valid token is answered by its clinic, the first and the next', async () => {
    const token = await bearerOf(mock, 'one', { scope: 'read' });
    const answer = {
      status: 200,
      challenge: null,
      body: own,
      entry: {
        method: 'GET',
        path: '/names',
        operationId: 'listNames',
        status: 200,
        clinic: 'one',
        clientId: 'one-active',
        tokenId: expect.any(String),
        authentication: 'bearer',
      },
    };
    expect([await ask(mock, token), await ask(mock, token), await ask(mock, token)]).toEqual([answer, answer, answer]);
  });

  test("a clinic's file may hold the answer", async () => {
    const clinics = `${folder.path}/clinics-with-answers`;
    await using other = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics });
    expect(await ask(other, await bearerOf(other, 'one', { scope: 'read' }))).toMatchObject({ status: 200, body: own });
  });

  test.each<[string, number, string, () => Promise<string>]>([
    ['is none', 401, 'invalid_token', async () => 'Bearer nonsense'],
    [
      'has expired',
      401,
      'expired_token',
      async () => {
        const token = await bearerOf(mock, 'one', { scope: 'read' });
        mock.clock.advance({ days: 1 });
        return token;
      },
    ],
    ['lacks the scope', 403, 'insufficient_scope', () => bearerOf(mock, 'one', { scope: 'write' })],
    ['is that of a revoked key', 403, 'revoked_key', () => bearerOf(mock, 'one', { status: 'revoked', scope: 'read' })],
  ])('a call with a token that %s is refused', async (_name, status, reason, make) => {
    expect(await ask(mock, await make())).toMatchObject({
      status,
      challenge: reason === 'revoked_key' ? null : expect.stringContaining('error="'),
      entry: { operationId: 'listNames', status, reason, authentication: 'bearer' },
    });
  });

  test('a fault of a clinic strikes the calls with its token alone', async () => {
    const token = await bearerOf(mock, 'one', { scope: 'read' });
    mock.faults.add({ operationId: 'listNames', clinic: 'one', status: 503 });
    expect([(await ask(mock))['status'], (await ask(mock, token))['status']]).toEqual([200, 503]);
  });
});
