// Errors that the mock words by itself, in the form that the document gives to their status.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const text = { type: 'string' };
const object = (properties: object, more: object = {}): object => ({ type: 'object', properties, ...more });
const response = (type: string, media: object): object => ({ description: 'An answer.', content: { [type]: media } });
const problem = response('application/problem+json', {
  schema: object(
    {
      type: { ...text, format: 'uri-reference' },
      title: text,
      status: { type: 'integer', minimum: 400 },
      detail: text,
    },
    { required: ['title', 'status', 'detail'], additionalProperties: false },
  ),
});
const success = response('application/json', { schema: text, example: 'here' });
const requestBody = {
  required: true,
  content: { 'application/json': { schema: object({ weight: { type: 'integer' } }) } },
};
const spec = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Parcels', version: '1' },
  paths: {
    '/parcels': {
      post: {
        requestBody,
        responses: {
          200: success,
          400: problem,
          405: response('application/xml', { schema: object({ message: text }, { xml: { name: 'failure' } }) }),
          413: response('application/json', {
            schema: object({ code: { const: 'large' }, message: { ...text, maxLength: 60 } }),
            example: { code: 'large', message: 'Too large.' },
          }),
          415: response('text/plain', { schema: text }),
        },
      },
    },
    '/shelves': {
      get: {
        security: [{ key: [] }],
        responses: {
          200: success,
          default: response('application/json', { schema: object({ error: object({ message: text }) }) }),
        },
      },
      put: {
        requestBody,
        responses: {
          200: success,
          '4XX': response('application/vnd.parcels+json', {
            schema: object({
              statusCode: { type: 'integer' },
              errors: { type: 'array', minItems: 1, items: object({ code: text, message: text }) },
            }),
          }),
        },
      },
    },
    '/short': {
      get: {
        responses: {
          200: success,
          406: response('application/json', { schema: object({ detail: { ...text, maxLength: 9 } }) }),
        },
      },
    },
    '/bare': { get: { responses: { 200: success, 406: response('application/problem+json', {}) } } },
    '/nothing': { post: { requestBody, responses: { 200: success, 400: { description: 'No.' } } } },
  },
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
});

let folder: TemporaryFolder;
let mock: Mock;
beforeAll(async () => {
  folder = await temporaryFolder({ 'spec.json': spec });
  mock = await startUsualMock({ spec: `${folder.path}/spec.json` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

const json = 'application/json';

async function send(
  method: string,
  path: string,
  body?: string,
  headers: object = {},
): Promise<[number, string, unknown]> {
  const init = { method, headers: { 'Content-Type': json, ...headers }, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(mock.url + path, init);
  const type = answer.headers.get('content-type') ?? '';
  const sent = await answer.text();
  return [answer.status, type, type.endsWith('json') ? JSON.parse(sent) : sent];
}

const unreadable =
  'The body of the request is not what its Content-Type says, is nested too deeply or has too many fields.';

describe('an error of the mock has the documented form', () => {
  test('of RFC 9457, with the reason as detail', async () => {
    expect(await send('POST', '/parcels', '{')).toEqual([
      400,
      'application/problem+json',
      { type: 'about:blank', title: 'Bad Request', status: 400, detail: unreadable },
    ]);
  });

  test('also where the request violates the document', async () => {
    expect(await send('POST', '/parcels', '{"weight":"much"}')).toEqual([
      400,
      'application/problem+json',
      {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: 'Request body property weight must be integer',
      },
    ]);
  });

  test('of XML, for a method that an operation beside it documents', async () => {
    const message = '/parcels does not take PATCH, only POST.';
    expect(await send('PATCH', '/parcels')).toEqual([
      405,
      'application/xml',
      `<failure><message>${message}</message></failure>`,
    ]);
    const { headers } = await fetch(`${mock.url}/parcels`, { method: 'PATCH' });
    expect(headers.get('allow')).toBe('POST');
  });

  test('of the example, with the reason as its message', async () => {
    expect(await send('POST', '/parcels', JSON.stringify('x'.repeat(1024 * 1024)))).toEqual([
      413,
      json,
      { code: 'large', message: 'The body of the request is larger than 1024 KiB.' },
    ]);
  });

  test('of plain text', async () => {
    expect(await send('POST', '/parcels', '{}', { 'Content-Encoding': 'odd' })).toEqual([
      415,
      'text/plain',
      'The Content-Encoding or the charset of the request is not supported.',
    ]);
  });

  test('of the default response, for a refused key', async () => {
    const message = 'There is no API key in the header parameter X-Key.';
    expect(await send('GET', '/shelves')).toEqual([401, json, { error: { message } }]);
  });

  test('of a range, where texts stand deeper', async () => {
    const [status, type, body] = await send('PUT', '/shelves', '{"weight":"much"}');
    expect([status, type]).toEqual([422, 'application/vnd.parcels+json']);
    const message = 'Request body property weight must be integer';
    expect(body).toEqual({ statusCode: 422, errors: [{ code: expect.any(String), message }] });
  });

  test('without the reason where the schema does not allow it', async () => {
    const [status, type, body] = await send('GET', '/short', undefined, { Accept: 'text/html' });
    expect([status, type]).toEqual([406, json]);
    expect(body).toEqual({ detail: expect.stringMatching(/^.{0,9}$/) });
  });

  test('of a media type without a schema', async () => {
    const [status, type, body] = await send('GET', '/bare', undefined, { Accept: 'text/html' });
    expect([status, type]).toEqual([406, 'application/problem+json']);
    expect(body).toMatchObject({ title: 'Not Acceptable', status: 406 });
  });

  test('or that of the mock, where the document gives none', async () => {
    expect(await send('POST', '/nothing', '{')).toEqual([400, json, { message: unreadable }]);
    expect((await send('PATCH', '/nothing'))[1]).toBe(json);
  });
});
