// With `record: 'bodies'` the journal keeps query, headers and body of each request, without secrets.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { bearerOf, requestToken } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const answer = { responses: { 204: { description: 'Done.' } } };
const spec = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Parcels', version: '1' },
  servers: [{ url: 'https://parcels.example' }],
  paths: {
    '/parcels': {
      get: { operationId: 'list', security: [{ query: [] }, { header: [] }], ...answer },
      post: {
        operationId: 'send',
        security: [{ oauth: [] }],
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } },
        ...answer,
      },
    },
  },
  components: {
    securitySchemes: {
      query: { type: 'apiKey', in: 'query', name: 'api_key' },
      header: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: {} } } },
    },
  },
});

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const secret = 'not-a-secret-account-backend';
beforeAll(async () => {
  folder = await temporaryFolder({ 'spec.json': spec });
  mock = await startUsualMock({ spec: `${folder.path}/spec.json`, record: 'bodies' });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

const last = (operationId: string): unknown => mock.journal.find({ operationId }).at(-1)?.request;

test('the query is kept, without a key', async () => {
  await fetch(`${mock.url}/parcels?page=2&tag=a&tag=b&api_key=${secret}`);
  expect(last('list')).toMatchObject({ query: { page: ['2'], tag: ['a', 'b'], api_key: ['[secret]'] } });
});

test('the headers are kept, without credentials', async () => {
  await fetch(`${mock.url}/parcels`, { headers: { 'X-Trace': 'one', 'X-Api-Key': 'mistyped', Cookie: 'a=b' } });
  expect(last('list')).toMatchObject({ headers: { 'x-trace': 'one', 'x-api-key': '[secret]', cookie: '[secret]' } });
});

test('the body is kept, without a secret in it', async () => {
  const headers = { Authorization: await bearerOf(mock, 'account'), 'Content-Type': 'application/json' };
  await fetch(`${mock.url}/parcels`, { method: 'POST', headers, body: JSON.stringify({ weight: 3, note: secret }) });
  expect(last('send')).toMatchObject({
    body: '{"weight":3,"note":"[secret]"}',
    headers: { authorization: '[secret]' },
  });
});

test('of a token request no body is kept, nor a secret anywhere', async () => {
  await requestToken(mock, 'account');
  expect(mock.journal.find().at(-1)?.request?.body).toBeUndefined();
  expect(JSON.stringify(mock.journal.find())).not.toContain(secret);
});

test('without the option nothing of it is kept', async () => {
  await using usual = await startUsualMock({ spec: `${folder.path}/spec.json` });
  await fetch(`${usual.url}/parcels?page=2`);
  expect(usual.journal.find().at(-1)?.request).toBeUndefined();
});
