// Answers that depend on the request: the cases of a clinic, and the document's examples by the examples of its parameters.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const parcel = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string' }, state: { type: 'string' } },
};
const json = (schema: object, examples: object = {}): object => ({ 'application/json': { schema, ...examples } });
const spec = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Parcels', version: '1' },
  paths: {
    '/parcels': {
      get: {
        operationId: 'list',
        parameters: [
          { name: 'page', in: 'query', schema: { type: 'integer' } },
          { name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'filter', in: 'query', style: 'deepObject', schema: { type: 'object' } },
        ],
        responses: { 200: { description: 'All.', content: json({ type: 'array', items: parcel }) } },
      },
      post: {
        operationId: 'create',
        requestBody: { content: json({ type: 'object' }) },
        responses: {
          201: { description: 'Made.', content: json(parcel) },
          409: {
            description: 'Taken.',
            content: { 'application/problem+json': { schema: { type: 'object', required: ['reason'] } } },
          },
        },
      },
    },
    '/parcels/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        operationId: 'read',
        responses: {
          200: { description: 'One.', content: json(parcel, { example: { id: 'documented' } }) },
          404: { description: 'None.', content: json({ type: 'object' }, { example: { reason: 'unknown' } }) },
        },
      },
    },
    '/offices/{city}': {
      get: {
        operationId: 'office',
        parameters: [
          {
            name: 'city',
            in: 'path',
            required: true,
            schema: { type: 'string' },
            examples: { rome: { value: 'Roma' }, milan: { value: 'Milano' } },
          },
          {
            name: 'full',
            in: 'query',
            schema: { type: 'boolean' },
            examples: { milan: { value: true } },
          },
        ],
        responses: {
          200: {
            description: 'An office.',
            content: json(
              { type: 'string' },
              { examples: { rome: { value: 'in Rome' }, milan: { value: 'in Milan' } } },
            ),
          },
        },
      },
    },
    '/events': {
      get: {
        operationId: 'events',
        responses: { 200: { description: 'Events.', content: json({ type: 'array' }) } },
      },
    },
  },
});

const clinic = `
name: One
keys: [{ clientId: one, clientSecret: not-a-secret, status: active }]
responses:
  list:
    - when: { query: { page: 2 } }
      body: [{ id: P2 }]
    - when: { query: { tag: [a, b] } }
      body: [{ id: tagged }]
    - when: { query: { filter: { town: Pisa } } }
      body: [{ id: Pisan }]
    - when: { headers: { X-Tenant: north } }
      body: [{ id: northern }]
    - otherwise: [{ id: P1 }]
  create:
    - when: { body: { sender: { name: Ada } } }
      status: 409
      body: { reason: taken }
    - otherwise: { id: P9 }
  read:
    - when: { path: { id: P2 } }
      body: { id: P2, state: sent }
    - when: { path: { id: gone } }
      status: 404
  events:
    - when: 2026-01-01
      body: [opened]
`;

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ 'spec.json': spec, 'clinics/one.yaml': clinic });
  mock = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics: `${folder.path}/clinics` });
});
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

async function ask(path: string, init: RequestInit = {}): Promise<[number, unknown]> {
  const response = await fetch(`${mock.url}/${path}`, init);
  const body: unknown = await response.json();
  return [response.status, body];
}
const post = (body: unknown): Promise<[number, unknown]> =>
  ask('parcels', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

describe('a case of a clinic', () => {
  test('is chosen by the query', async () => {
    expect(await ask('parcels?page=2')).toEqual([200, [{ id: 'P2' }]]);
    expect(await ask('parcels?page=3')).toEqual([200, [{ id: 'P1' }]]);
    expect(await ask('parcels?page=2')).toEqual([200, [{ id: 'P2' }]]);
  });

  test('is chosen by several values of one name', async () => {
    expect(await ask('parcels?tag=a&tag=b')).toEqual([200, [{ id: 'tagged' }]]);
    expect(await ask('parcels?tag=a')).toEqual([200, [{ id: 'P1' }]]);
  });

  test('is chosen by a part of an object in the query', async () => {
    expect(await ask('parcels?filter[town]=Pisa&filter[size]=2')).toEqual([200, [{ id: 'Pisan' }]]);
    expect(await ask('parcels?filter[town]=Roma')).toEqual([200, [{ id: 'P1' }]]);
  });

  test('that is an error comes in its own media type, whatever else is accepted', async () => {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    const body = JSON.stringify({ sender: { name: 'Ada' } });
    const response = await fetch(`${mock.url}/parcels`, { method: 'POST', headers, body });
    expect([response.status, response.headers.get('content-type')]).toEqual([409, 'application/problem+json']);
    const wish = { headers: { ...headers, Prefer: 'code=409' }, method: 'POST', body: '{}' };
    expect((await fetch(`${mock.url}/parcels`, wish)).status).toBe(409);
  });

  test('is chosen by a header, whatever the case of its name', async () => {
    expect(await ask('parcels', { headers: { 'x-tenant': 'north' } })).toEqual([200, [{ id: 'northern' }]]);
    expect(await ask('parcels')).toEqual([200, [{ id: 'P1' }]]);
  });

  test('is chosen by fields of the body, and gives a status', async () => {
    expect(await post({ sender: { name: 'Ada', town: 'Pisa' } })).toEqual([409, { reason: 'taken' }]);
    expect(await post({ sender: { name: 'Bob' } })).toEqual([201, { id: 'P9' }]);
  });

  test('is chosen by the path; without a body it gives what the document has for its status', async () => {
    expect(await ask('parcels/P2')).toEqual([200, { id: 'P2', state: 'sent' }]);
    expect(await ask('parcels/gone')).toEqual([404, { reason: 'unknown' }]);
  });

  test('that no request meets leaves the answer to the document', async () => {
    expect(await ask('parcels/other')).toEqual([200, { id: 'documented' }]);
  });
});

test('a list whose elements have no conditions is the body itself', async () => {
  expect(await ask('events')).toEqual([200, [{ when: '2026-01-01', body: ['opened'] }]]);
});

test("the document's example is chosen by the parameters' examples of the same name", async () => {
  expect(await ask('offices/Milano?full=true')).toEqual([200, 'in Milan']);
  expect(await ask('offices/Roma')).toEqual([200, 'in Rome']);
  expect(await ask('offices/Torino')).toEqual([200, 'in Rome']);
});

test.each([
  ['a body that the schema forbids', '- when: { path: { id: P2 } }\n      body: { id: 5 }', ':7', 'path       $.id'],
  ['a status that is not documented', '- when: { path: { id: P2 } }\n      status: 418', ':7', 'found      418'],
  ['a body that the schema of its status forbids', '- otherwise: { state: sent }', ':6', 'path       $.id'],
  [
    'a path without such a parameter',
    '- when: { path: { parcel: P2 } }\n      body: { id: P2 }',
    ':6',
    'of the path: id',
  ],
  ['a misspelt key of a case', '- when: { path: { id: P2 } }\n      staus: 404', ':7', 'found      staus'],
  ['a misspelt condition', '- when: { pathh: { id: P2 } }\n      status: 404', ':6', 'found      pathh'],
  [
    'a case after `otherwise`',
    '- otherwise: { id: a }\n    - otherwise: { id: b }',
    ':6',
    '`otherwise` in the last case',
  ],
])('%s is refused with file and line', async (_, cases, line, fact) => {
  const text = `name: Two\nkeys: [{ clientId: two, clientSecret: not-a-secret, status: active }]\n\nresponses:\n  read:\n    ${cases}\n`;
  await using wrong = await temporaryFolder({ 'spec.json': spec, 'clinics/two.yaml': text });
  const start = startUsualMock({ spec: `${wrong.path}/spec.json`, clinics: `${wrong.path}/clinics` });
  await expect(start).rejects.toThrow(`two.yaml${line}`);
  await expect(start).rejects.toThrow(fact);
});
