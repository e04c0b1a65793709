// Answers of other people's documents: documented headers, media types and statuses of every form.
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const text = { schema: { type: 'string' }, example: 'abcdefgh' };
const json = { 'application/json': text };
const header = (value: string): object => ({ schema: { type: 'string' }, example: value });
const response = (content?: object, headers?: object): object => ({
  description: 'An answer.',
  ...(content ? { content } : {}),
  ...(headers ? { headers } : {}),
});
const operations: Record<string, { responses: object; security?: object[] }> = {
  length: { responses: { 200: response(json, { 'Content-Length': header('4') }) } },
  encoding: { responses: { 200: response(json, { 'Content-Encoding': header('gzip'), Date: header('yesterday') }) } },
  odd: {
    responses: {
      200: response(json, {
        'X-Odd': header('“quoted”'),
        'X-Two': header('a\r\nb'),
        'X-Accent': header('é'),
        'X-Fine': header('fine'),
      }),
    },
  },
  any: { responses: { 200: response({ '*/*': text }) } },
  someApplication: { responses: { 200: response({ 'application/*': text }) } },
  someText: { responses: { 200: response({ 'text/*': text }) } },
  noSchema: { responses: { 200: response({ 'application/json': {} }) } },
  noContent: { responses: { 200: response() } },
  range: {
    responses: { '2XX': response(json), '4XX': response({ 'application/json': { example: { code: 'refused' } } }) },
  },
  fallback: { responses: { default: response({ 'application/json': { example: { code: 'any' } } }) } },
  laterBody: { responses: { 200: response(), 201: response(json) } },
  open: { security: [], responses: { 200: response(json) } },
  writeOnly: {
    responses: {
      200: response({
        'application/json': {
          schema: {
            type: 'object',
            required: ['id', 'password'],
            properties: { id: { type: 'integer' }, password: { type: 'string', writeOnly: true } },
          },
        },
      }),
    },
  },
};
const spec = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Odd answers', version: '1' },
  servers: [{ url: 'https://odd.example' }],
  security: [{ key: [] }],
  paths: Object.fromEntries(
    Object.entries(operations).map(([id, each]) => [`/${id}`, { get: { operationId: id, ...each } }]),
  ),
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
});
const account = JSON.stringify({
  name: 'One',
  keys: [{ clientId: 'one', clientSecret: 'secret-one', status: 'active' }],
  responses: {
    range: 'own',
    fallback: 'own',
    laterBody: 'own',
    open: 'own',
    noSchema: { any: 'thing' },
    writeOnly: { id: 1 },
  },
});

let plain: Mock;
let withFixtures: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ 'spec.json': spec, 'accounts/one.yaml': account });
  plain = await startUsualMock({ spec: `${folder.path}/spec.json` });
  withFixtures = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics: `${folder.path}/accounts` });
});
afterAll(async () => {
  await plain.close();
  await withFixtures.close();
  await folder[Symbol.asyncDispose]();
});

interface Got {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** By Node's own client, which sends no `Accept` of itself and decodes nothing. */
function get(name: string, headers: Record<string, string> = {}, mock = plain): Promise<Got> {
  const key = mock.clinics[0]?.keys[0]?.clientSecret ?? '';
  return new Promise((resolve, reject) => {
    request(`${mock.url}/${name}`, { headers: { 'X-Key': key, ...headers }, agent: false }, (answer) => {
      const { statusCode: status, headers: got } = answer;
      resolve(buffer(answer).then((bytes) => ({ status, headers: { ...got }, body: bytes.toString() })));
    })
      .once('error', reject)
      .end();
  });
}

describe('a documented header', () => {
  test.each(['length', 'encoding'])('never breaks the answer: %s', async (name) => {
    const { status, headers, body } = await get(name);
    expect({ status, body }).toEqual({ status: 200, body: '"abcdefgh"' });
    expect(headers).toMatchObject({ 'content-length': '10', date: expect.stringContaining('GMT') });
    expect(headers).not.toHaveProperty('content-encoding');
  });

  test('is left out where HTTP cannot carry its text', async () => {
    const { status, headers } = await get('odd');
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'x-fine': 'fine' });
    expect(headers).not.toHaveProperty('x-odd');
    expect(headers).not.toHaveProperty('x-two');
    expect(headers).not.toHaveProperty('x-accent');
  });
});

describe('a media type', () => {
  test.each([
    ['any', undefined],
    ['any', 'application/json'],
    ['any', 'application/json, text/plain, */*'],
    ['someApplication', undefined],
    ['someApplication', 'application/json'],
  ])('that is a range is sent as JSON: %s for %s', async (name, accept) => {
    const { status, headers, body } = await get(name, accept === undefined ? {} : { Accept: accept });
    expect({ status, type: headers['content-type'], body }).toEqual({
      status: 200,
      type: 'application/json',
      body: '"abcdefgh"',
    });
  });

  test('that is a range of texts is sent as plain text', async () => {
    expect(await get('someText')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: 'abcdefgh',
    });
  });

  test('without a schema and an example is an empty body', async () => {
    expect(await get('noSchema')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '',
    });
  });

  test('that Accept does not allow is refused', async () => {
    expect((await get('length', { Accept: 'text/csv' })).status).toBe(406);
  });

  test('is not sent where no content is documented', async () => {
    const { status, headers } = await get('noContent');
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('content-type');
  });
});

describe('a fixture', () => {
  test.each([
    ['range', 200],
    ['fallback', 200],
    ['laterBody', 201],
    ['open', 200],
  ])('is possible for %s', async (name, status) => {
    expect(await get(name, {}, withFixtures)).toMatchObject({ status, body: '"own"' });
  });

  test('is possible where no schema is documented', async () => {
    expect(await get('noSchema', {}, withFixtures)).toMatchObject({ status: 200, body: '{"any":"thing"}' });
  });

  test('need not have what only requests have', async () => {
    expect(await get('writeOnly', {}, withFixtures)).toMatchObject({ status: 200, body: '{"id":1}' });
  });
});

describe('a refusal', () => {
  test.each([
    ['range', { code: 'refused' }],
    ['fallback', { code: 'any' }],
  ])('has the documented body of %s', async (name, body) => {
    const answer = await get(name, { 'X-Key': 'wrong' });
    expect({ status: answer.status, body: JSON.parse(answer.body) }).toEqual({ status: 401, body });
  });
});
