// Collections: a clinic's file lists items, and the operations of the document read and change them.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { readApi } from '../../src/openapi/api.ts';
import { fieldsOf, isList, parseJson, textAt, valueAt } from '../../src/util/json.ts';
import { bearerOf } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const json = (schema: object): object => ({ 'application/json': { schema } });
const answer = (schema?: object, more: object = {}): object => ({
  description: 'An answer.',
  ...(schema ? { content: json(schema) } : {}),
  ...more,
});
const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const listOf = (name: string): object => ({ type: 'array', items: ref(name) });
const query = (name: string, schema: object = { type: 'integer' }): object => ({ name, in: 'query', schema });
const inPath = (...names: string[]): object[] =>
  names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
const form = { type: 'object', properties: { name: { type: 'string' } } };
const header = { schema: { type: 'string' } };

const schemas = {
  Parcel: {
    type: 'object',
    required: ['id', 'state', 'createdAt', 'weight'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', readOnly: true },
      state: { type: 'string', enum: ['draft', 'sent', 'delivered'], default: 'draft' },
      weight: { type: 'number', minimum: 1, maximum: 30 },
      note: { type: ['string', 'null'], maxLength: 20 },
      tags: { type: 'array', items: { type: 'string' } },
      pin: { type: 'string', writeOnly: true },
      createdAt: { type: 'string', format: 'date-time', readOnly: true },
      updatedAt: { type: 'string', format: 'date-time', readOnly: true },
    },
  },
  NewParcel: {
    type: 'object',
    required: ['weight'],
    properties: {
      state: { type: 'string' },
      weight: { type: 'number' },
      note: { type: ['string', 'null'] },
      pin: { type: 'string' },
    },
  },
  Depot: {
    type: 'object',
    required: ['depotId', 'name'],
    properties: { depotId: { type: 'integer' }, name: { type: 'string' }, open: { type: 'boolean' } },
  },
  Box: {
    type: 'object',
    required: ['boxCode'],
    properties: { boxCode: { type: 'string', pattern: '^B-[0-9]{3}$' }, size: { type: 'string' } },
  },
  Courier: {
    type: 'object',
    required: ['uuid', 'name'],
    properties: { uuid: { type: 'string', format: 'uuid' }, name: { type: 'string' } },
  },
  Error: {
    type: 'object',
    required: ['reason'],
    properties: { reason: { type: 'string', example: 'documented' } },
  },
};
const notFound = answer(ref('Error'));

const document = {
  openapi: '3.1.0',
  info: { title: 'Parcels', version: '1' },
  servers: [{ url: 'https://parcels.example/v1' }],
  paths: {
    '/parcels': {
      get: {
        operationId: 'listParcels',
        parameters: [
          query('limit', { type: 'integer', default: 2, maximum: 3 }),
          query('offset', { type: 'integer', minimum: 0 }),
          query('state', { type: 'string' }),
          query('tags', { type: 'array', items: { type: 'string' } }),
        ],
        responses: { 200: answer(listOf('Parcel'), { headers: { Link: header, 'X-Total-Count': header } }) },
      },
      post: {
        operationId: 'createParcel',
        requestBody: { required: true, content: json(ref('NewParcel')) },
        responses: { 201: answer(ref('Parcel')), 400: answer(ref('Error')) },
      },
    },
    '/parcels/{parcelId}': {
      parameters: inPath('parcelId'),
      get: { operationId: 'readParcel', responses: { 200: answer(ref('Parcel')), 404: notFound } },
      put: {
        operationId: 'replaceParcel',
        requestBody: { content: json(ref('NewParcel')) },
        responses: { 200: answer(ref('Parcel')), 404: notFound },
      },
      patch: {
        operationId: 'updateParcel',
        requestBody: { content: { 'application/merge-patch+json': { schema: { type: 'object' } } } },
        responses: { 200: answer(ref('Parcel')), 404: notFound },
      },
      delete: { operationId: 'removeParcel', responses: { 204: answer(), 404: notFound } },
    },
    '/depots': {
      get: {
        operationId: 'listDepots',
        parameters: [query('page', { type: 'integer', minimum: 0 }), query('page_size')],
        responses: {
          200: answer({
            type: 'object',
            required: ['items', 'total', 'next'],
            properties: {
              items: listOf('Depot'),
              total: { type: 'integer' },
              next: { type: ['string', 'null'], format: 'uri' },
              hasMore: { type: 'boolean' },
            },
          }),
        },
      },
      post: {
        operationId: 'createDepot',
        requestBody: { content: json(ref('Depot')) },
        responses: { 201: answer(undefined, { headers: { Location: header } }), 409: answer(ref('Error')) },
      },
    },
    '/depots/{depotId}': {
      parameters: inPath('depotId'),
      get: { operationId: 'readDepot', responses: { 200: answer(ref('Depot')) } },
      put: {
        operationId: 'putDepot',
        requestBody: { content: json(ref('Depot')) },
        responses: { 204: answer(), 201: answer(ref('Depot')) },
      },
      delete: {
        operationId: 'removeDepot',
        responses: {
          200: answer({
            type: 'object',
            required: ['deleted'],
            properties: { deleted: { type: 'boolean', const: true } },
          }),
        },
      },
    },
    '/depots/{depotId}/boxes': {
      parameters: inPath('depotId'),
      get: {
        operationId: 'listBoxes',
        parameters: [query('cursor', { type: 'string' }), query('limit')],
        responses: {
          200: answer({
            type: 'object',
            properties: {
              data: listOf('Box'),
              meta: { type: 'object', properties: { nextCursor: { type: 'string' } } },
            },
          }),
        },
      },
      post: {
        operationId: 'createBox',
        requestBody: { content: json({ type: 'object', properties: { data: ref('Box') } }) },
        responses: { 201: answer({ type: 'object', required: ['data'], properties: { data: ref('Box') } }) },
      },
    },
    '/depots/{depotId}/boxes/{boxCode}': {
      parameters: inPath('depotId', 'boxCode'),
      get: {
        operationId: 'readBox',
        responses: {
          200: answer({ type: 'object', required: ['data'], properties: { data: ref('Box') } }),
          404: notFound,
        },
      },
    },
    '/zones': {
      get: {
        responses: {
          200: answer({ type: 'array', items: { type: 'object', properties: { id: { type: 'string' } } } }),
        },
      },
    },
    '/zones/{zone}': { delete: { parameters: inPath('zone'), responses: { 204: answer() } } },
    '/couriers/': {
      get: {
        operationId: 'listCouriers',
        parameters: [query('limit'), query('starting_after', { type: 'string' })],
        responses: {
          200: answer({ type: 'object', properties: { data: listOf('Courier'), has_more: { type: 'boolean' } } }),
        },
      },
      post: {
        operationId: 'createCourier',
        requestBody: {
          content: { 'application/x-www-form-urlencoded': { schema: form }, 'multipart/form-data': { schema: form } },
        },
        responses: { 201: answer(ref('Courier')) },
      },
    },
    '/couriers/{courier}/': {
      parameters: inPath('courier'),
      get: { operationId: 'readCourier', responses: { 200: answer(ref('Courier')), 404: notFound } },
    },
  },
  components: {
    schemas,
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      bearer: { type: 'http', scheme: 'bearer' },
    },
  },
  security: [{ key: [] }, { bearer: [] }],
};

const collections = `
collections:
  /parcels:
    - { id: P1, state: sent, weight: 2, tags: [a, b], createdAt: 2026-01-01T00:00:00Z, pin: '1234' }
    - { id: P2, state: delivered, weight: 3.5, tags: [b], createdAt: 2026-01-02T00:00:00Z, note: fragile }
    - { id: P3, state: sent, weight: 1, createdAt: 2026-01-03T00:00:00Z }
  listDepots:
    - { depotId: 1, name: North }
    - { depotId: 2, name: South, open: true }
  /zones: [{ id: east }, { id: west }]
  /depots/1/boxes: [{ boxCode: B-001 }, { boxCode: B-002 }, { boxCode: B-003 }]
  /depots/2/boxes: [{ boxCode: B-001, size: large }]
  /couriers/:
    id: uuid
    items:
      - { uuid: 7f2c1d3e-0000-4000-8000-000000000001, name: Ada }
      - { uuid: 7f2c1d3e-0000-4000-8000-000000000002, name: Bob }
      - { uuid: 7f2c1d3e-0000-4000-8000-000000000003, name: Cyd }
`;
const clinic = (id: string, text: string): string =>
  `name: ${id}\nkeys: [{ clientId: ${id}, clientSecret: secret-${id}, status: active }]\n${text}`;

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({
    'spec.json': JSON.stringify(document),
    'clinics/one.yaml': clinic('one', collections),
    'clinics/two.yaml': clinic(
      'two',
      `responses:\n  readParcel:\n    - when: { path: { parcelId: P1 } }\n      status: 404\ncollections:\n  /parcels:\n    - { id: P1, state: sent, weight: 9, createdAt: 2026-01-01T00:00:00Z }\n    - { id: P8, state: sent, weight: 8, createdAt: 2026-01-01T00:00:00Z }`,
    ),
  });
  mock = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics: `${folder.path}/clinics` });
});
afterEach(() => mock.reset());
afterAll(async () => {
  await mock.close();
  await folder[Symbol.asyncDispose]();
});

interface Answer {
  status: number;
  body: unknown;
  headers: Headers;
}

async function ask(method: string, target: string, body?: unknown, more: Record<string, string> = {}): Promise<Answer> {
  const isText = typeof body === 'string';
  const type = isText ? 'application/x-www-form-urlencoded' : 'application/json';
  const url = target.startsWith('http') ? target : `${mock.baseUrl}/${target}`;
  const response = await fetch(url, {
    method,
    headers: { 'X-Key': 'secret-one', ...(body === undefined ? {} : { 'Content-Type': type }), ...more },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: parseJson(text), headers: response.headers };
}
const get = (target: string, more: Record<string, string> = {}): Promise<Answer> => ask('GET', target, undefined, more);
const merge = (target: string, body: object): Promise<Answer> =>
  ask('PATCH', target, body, { 'Content-Type': 'application/merge-patch+json' });

/** The ids of a list, wherever it stands in the body. */
function idsIn({ body }: Answer): unknown[] {
  const list = [body, ...Object.values(fieldsOf(body) ?? {})].find(isList) ?? [];
  return list.map((item) => Object.values(fieldsOf(item) ?? {})[0]);
}
const p1 = { id: 'P1', state: 'sent', weight: 2, tags: ['a', 'b'], createdAt: '2026-01-01T00:00:00Z' };
const present = '2026-11-05T10:00:00.000Z';

describe('a list', () => {
  test('has the items of the account, without what is write-only', async () => {
    const { status, body } = await get('parcels?limit=1');
    expect([status, body]).toEqual([200, [p1]]);
  });

  test('is limited by the default and the maximum of the document', async () => {
    expect(idsIn(await get('parcels'))).toEqual(['P1', 'P2']);
    expect(idsIn(await get('parcels?limit=3'))).toEqual(['P1', 'P2', 'P3']);
    expect((await get('parcels?limit=4')).status).toBe(422);
  });

  test('begins at an offset, and tells of its neighbours and of all by documented headers', async () => {
    const first = await get('parcels?limit=1&offset=1');
    expect(idsIn(first)).toEqual(['P2']);
    expect(first.headers.get('x-total-count')).toBe('3');
    const [, next = ''] = /<([^>]*)>; rel="next"/.exec(first.headers.get('link') ?? '') ?? [];
    expect(idsIn(await get(next))).toEqual(['P3']);
    expect((await get(next)).headers.get('link')).toContain('offset=1>; rel="prev"');
    expect((await get('parcels?limit=3')).headers.get('link')).toBeNull();
  });

  test('is filtered by properties of its items', async () => {
    expect(idsIn(await get('parcels?state=sent'))).toEqual(['P1', 'P3']);
    expect(idsIn(await get('parcels?tags=b'))).toEqual(['P1', 'P2']);
    expect(idsIn(await get('parcels?state=draft'))).toEqual([]);
  });

  test('in an envelope has pages that begin at 0, a total and a link', async () => {
    const first = await get('depots?page=0&page_size=1');
    expect(first.body).toEqual({
      items: [{ depotId: 1, name: 'North' }],
      total: 2,
      next: `${mock.baseUrl}/depots?page=1&page_size=1`,
      hasMore: true,
    });
    const second = await get(textAt(first.body, 'next') ?? '');
    expect(second.body).toMatchObject({ items: [{ depotId: 2 }], total: 2, next: null, hasMore: false });
  });

  test('of a parent has the items of that alone, by a cursor until its end', async () => {
    const first = await get('depots/1/boxes?limit=2');
    expect(idsIn(first)).toEqual(['B-001', 'B-002']);
    const cursor = String(valueAt(first.body, ['meta', 'nextCursor']));
    const last = await get(`depots/1/boxes?limit=2&cursor=${cursor}`);
    expect(idsIn(last)).toEqual(['B-003']);
    expect(valueAt(last.body, ['meta', 'nextCursor'])).toBeUndefined();
    expect((await get('depots/1/boxes?cursor=nowhere')).status).toBe(400);
    expect((await get('depots/2/boxes')).body).toEqual({ data: [{ boxCode: 'B-001', size: 'large' }] });
    expect((await get('depots/3/boxes')).status).toBe(404);
  });

  test('begins after the item that the client names', async () => {
    const first = await get('couriers/?limit=2');
    expect(first.body).toMatchObject({ data: [{ name: 'Ada' }, { name: 'Bob' }], has_more: true });
    const second = await get(`couriers/?limit=2&starting_after=${String(idsIn(first)[1])}`);
    expect(second.body).toMatchObject({ data: [{ name: 'Cyd' }], has_more: false });
  });

  test('is of the caller, and never a stale one', async () => {
    expect(idsIn(await get('parcels', { 'X-Key': 'secret-two' }))).toEqual(['P1', 'P8']);
    await ask('DELETE', 'parcels/P1');
    expect(idsIn(await get('parcels'))).toEqual(['P2', 'P3']);
    expect(idsIn(await get('parcels', { 'X-Key': 'secret-two' }))).toEqual(['P1', 'P8']);
  });

  test('is not repeated after a change where nothing in a request tells two apart', async () => {
    const bearer = { Authorization: await bearerOf(mock, 'one'), 'X-Key': '' };
    for (const _ of [1, 2, 3]) expect(idsIn(await get('zones', bearer))).toEqual(['east', 'west']);
    expect((await ask('DELETE', 'zones/east', undefined, bearer)).status).toBe(204);
    expect(idsIn(await get('zones', bearer))).toEqual(['west']);
  });

  test('answers HEAD', async () => {
    const { status, headers, body } = await ask('HEAD', 'parcels');
    expect([status, headers.get('x-total-count'), body]).toEqual([200, '3', undefined]);
  });
});

describe('an item', () => {
  test('is read by its id', async () => {
    expect((await get('parcels/P1')).body).toEqual(p1);
    expect((await get('depots/2/boxes/B-001')).body).toEqual({ data: { boxCode: 'B-001', size: 'large' } });
    expect((await get('couriers/7f2c1d3e-0000-4000-8000-000000000002/')).body).toMatchObject({ name: 'Bob' });
  });

  test('that is unknown gets the documented answer, or one that says so', async () => {
    const { status, body } = await get('parcels/P9');
    expect([status, body]).toEqual([404, { reason: 'documented' }]);
    expect((await ask('DELETE', 'parcels/P9')).status).toBe(404);
    expect((await get('depots/9')).body).toEqual({ message: 'There is no 9 in /depots.' });
    expect(mock.journal.find({ status: 404, clinic: 'one' })).toHaveLength(3);
  });

  test('is removed once', async () => {
    expect((await ask('DELETE', 'parcels/P2')).status).toBe(204);
    expect((await ask('DELETE', 'parcels/P2')).status).toBe(404);
    const depot = await ask('DELETE', 'depots/2');
    expect([depot.status, depot.body]).toEqual([200, { deleted: true }]);
    expect((await get('depots/2/boxes')).status).toBe(404);
    expect((await get('depots/2/boxes/B-001')).status).toBe(404);
  });
});

describe('a new item', () => {
  test('gets an id, defaults and times, and is found where Location says', async () => {
    mock.clock.set(new Date(present));
    const { status, body, headers } = await ask('POST', 'parcels', { weight: 5, id: 'mine', pin: '99' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: 'P4',
      state: 'draft',
      weight: 5,
      createdAt: expect.stringMatching(/^2026-11-05T10:00:0/),
    });
    expect(headers.get('location')).toBe(`${mock.baseUrl}/parcels/P4`);
    expect((await get(headers.get('location') ?? '')).body).toEqual(body);
    expect(idsIn(await get('parcels?offset=2'))).toEqual(['P3', 'P4']);
  });

  test('is valid though the schema of the request allows more', async () => {
    const { status, body } = await ask('POST', 'parcels', {
      weight: 500,
      state: 'lost',
      colour: 'red',
      note: 'n'.repeat(30),
    });
    expect(status).toBe(201);
    const { schemas: checker } = await readApi(`${folder.path}/spec.json`);
    expect(checker.check(['components', 'schemas', 'Parcel'], body, 'answer')).toEqual([]);
  });

  test('has the id that the client may choose, unless it is taken', async () => {
    const made = await ask('POST', 'depots', { depotId: 7, name: 'East' });
    expect([made.status, made.body, made.headers.get('location')]).toEqual([
      201,
      undefined,
      `${mock.baseUrl}/depots/7`,
    ]);
    expect((await get('depots/7')).body).toEqual({ depotId: 7, name: 'East' });
    expect((await ask('POST', 'depots', { depotId: 7, name: 'West' })).status).toBe(409);
  });

  test('belongs to its parent', async () => {
    const { status, body, headers } = await ask('POST', 'depots/1/boxes', {
      data: { boxCode: 'B-777', size: 'small' },
    });
    expect([status, body]).toEqual([201, { data: { boxCode: 'B-777', size: 'small' } }]);
    expect((await get(headers.get('location') ?? '')).body).toEqual(body);
    expect((await get('depots/2/boxes/B-777')).status).toBe(404);
    expect((await ask('POST', 'depots/1/boxes', { data: { boxCode: 'B' } })).status).toBe(422);
  });

  test('of a form gets a UUID, the same for the same seed', async () => {
    const first = await ask('POST', 'couriers/', 'name=Dee');
    expect(first.body).toEqual({ uuid: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4/), name: 'Dee' });
    expect(first.headers.get('location')).toMatch(/\/couriers\/[\da-f-]{36}\/$/);
    mock.reset();
    expect((await ask('POST', 'couriers/', 'name=Dee')).body).toEqual(first.body);
  });

  test('of several parts has them', async () => {
    const body = new FormData();
    body.append('name', 'Eve');
    const response = await fetch(`${mock.baseUrl}/couriers/`, {
      method: 'POST',
      headers: { 'X-Key': 'secret-one' },
      body,
    });
    expect(await response.json()).toMatchObject({ name: 'Eve' });
  });

  test('is not made by a wrong request', async () => {
    expect((await ask('POST', 'parcels', { weight: 'heavy' })).status).toBe(400);
    expect((await get('parcels')).headers.get('x-total-count')).toBe('3');
  });
});

describe('a change', () => {
  test('replaces all but what the service sets', async () => {
    const { status, body } = await ask('PUT', 'parcels/P2', { state: 'sent', weight: 4, id: 'P9' });
    expect([status, body]).toEqual([
      200,
      { id: 'P2', state: 'sent', weight: 4, createdAt: '2026-01-02T00:00:00Z', updatedAt: expect.any(String) },
    ]);
    expect((await get('parcels/P2')).body).toEqual(body);
    expect((await ask('PUT', 'parcels/P9', { weight: 4 })).status).toBe(404);
  });

  test('makes an item where the document has 201 for it', async () => {
    const made = await ask('PUT', 'depots/5', { depotId: 5, name: 'Five' });
    expect([made.status, made.body]).toEqual([201, { depotId: 5, name: 'Five' }]);
    expect(made.headers.get('location')).toBe(`${mock.baseUrl}/depots/5`);
    expect((await ask('PUT', 'depots/5', { depotId: 5, name: 'V' })).status).toBe(204);
  });

  test('merges a patch', async () => {
    mock.clock.set(new Date(present));
    const { status, body } = await merge('parcels/P2', { note: null, weight: 9, createdAt: '2000-01-01T00:00:00Z' });
    const updatedAt: unknown = expect.stringMatching(/^2026-11-05/);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'P2',
      state: 'delivered',
      weight: 9,
      tags: ['b'],
      createdAt: '2026-01-02T00:00:00Z',
      updatedAt,
    });
  });

  test('keeps what the schema does not allow to change so', async () => {
    expect((await merge('parcels/P1', { weight: null, state: 'lost' })).body).toMatchObject({
      state: 'sent',
      weight: 2,
    });
  });
});

describe('the items', () => {
  test('are as at the start after a reset', async () => {
    await ask('DELETE', 'parcels/P1');
    await fetch(`${mock.url}/_mock/reset`, { method: 'POST' });
    expect((await get('parcels/P1')).status).toBe(200);
  });

  test('are those of a sandbox', async () => {
    await using sandbox = mock.sandboxes.create();
    const key = sandbox.keys.list('one')[0]?.clientSecret ?? '';
    const made = await ask('POST', `${sandbox.baseUrl}/parcels`, { weight: 2 }, { 'X-Key': key });
    expect(made.headers.get('location')).toBe(`${sandbox.baseUrl}/parcels/P4`);
    expect((await get(`${sandbox.baseUrl}/parcels/P4`, { 'X-Key': key })).status).toBe(200);
    expect((await get('parcels/P4')).status).toBe(404);
  });

  test('are not asked where the clinic has a case, a fault strikes or another answer is preferred', async () => {
    expect((await get('parcels/P1', { 'X-Key': 'secret-two' })).status).toBe(404);
    expect((await get('parcels/P8', { 'X-Key': 'secret-two' })).body).toMatchObject({ weight: 8 });
    mock.faults.add({ operationId: 'createParcel', status: 503, count: 1 });
    expect((await ask('POST', 'parcels', { weight: 5 })).status).toBe(503);
    expect((await ask('POST', 'parcels', { weight: 5 }, { Prefer: 'code=400' })).status).toBe(400);
    expect((await get('parcels')).headers.get('x-total-count')).toBe('3');
  });

  test('are limited in number', async () => {
    const items = Array.from({ length: 10_000 }, (_, index) => ({
      depotId: index,
      name: `Depot in the street ${index}`,
    }));
    const keys = [{ clientId: 'full', clientSecret: 'secret-one', status: 'active' }];
    const text = JSON.stringify({ name: 'Full', keys, collections: { '/depots': items } });
    await using large = await temporaryFolder({ 'full.json': text });
    await using full = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics: large.path });
    const { status, body } = await ask('POST', `${full.baseUrl}/depots`, { depotId: 20_000, name: 'One more' });
    expect([status, textAt(body, 'message')]).toEqual([507, expect.stringContaining('at most')]);
    expect((await get(`${full.baseUrl}/depots`)).body).toMatchObject({ total: 10_000 });
  });
});

describe('a provider state', () => {
  const file = `
a parcel is lost:
  - collections: { one: { /parcels: [{ id: L1, state: sent, weight: 2, createdAt: 2026-01-01T00:00:00Z }] } }
`;
  const startWith = async (text: string): Promise<Mock> => {
    await using states = await temporaryFolder({ 'states.yaml': text });
    const options = { spec: `${folder.path}/spec.json`, clinics: `${folder.path}/clinics` };
    return await startUsualMock({ ...options, providerStates: `${states.path}/states.yaml` });
  };

  test('replaces the items of a collection, until a reset', async () => {
    await using states = await startWith(file);
    const parcels = async (): Promise<unknown[]> => idsIn(await get(`${states.baseUrl}/parcels`));
    expect(await parcels()).toEqual(['P1', 'P2']);
    await ask('POST', `${states.url}/_mock/provider-states`, { state: 'a parcel is lost' });
    expect(await parcels()).toEqual(['L1']);
    expect((await get(`${states.baseUrl}/depots`)).body).toMatchObject({ total: 2 });
    states.reset();
    expect(await parcels()).toEqual(['P1', 'P2']);
  });

  test('is refused with file and line', async () => {
    await expect(startWith(file.replace('weight: 2', 'weight: 0'))).rejects.toThrow('states.yaml:3');
    await expect(startWith(file.replace('one:', 'none:'))).rejects.toThrow('There is no clinic none, only one, two.');
  });
});

describe('a file is refused with file and line', () => {
  test.each([
    ['an unknown path', '/parcel: []', ':4', 'Did you mean /parcels?'],
    ['a path that lists nothing', '/parcels/P1: []', ':4', 'no list of objects'],
    ['a property that is no id', '/parcels: { id: code, items: [] }', ':4', 'found       code'],
    ['a value that is no list', '/parcels: 5', ':4', 'a list of items'],
    ['an item that the schema forbids', '/parcels:\n    - { id: P1, state: sent }', ':5', '$[0].createdAt'],
    [
      'a wrong property',
      '/parcels:\n    - { id: P1, createdAt: 2026-01-01T00:00:00Z, weight: 1,\n        state: lost }',
      ':6',
      'path        $[0].state',
    ],
    ['an item without an id', '/depots: [{ name: North, depotId: null }]', ':4', 'path        $[0].depotId'],
    [
      'an id that is used twice',
      '/depots: [{ depotId: 1, name: A },\n    { depotId: 1, name: B }]',
      ':5',
      'no other item has',
    ],
    [
      'an item whose parent is not told',
      '/depots/{depotId}/boxes: [{ boxCode: B-001 }]',
      ':4',
      'a property for {depotId}',
    ],
  ])('for %s', async (_, text, line, fact) => {
    await using wrong = await temporaryFolder({ 'three.yaml': clinic('three', `collections:\n  ${text}\n`) });
    const start = startUsualMock({ spec: `${folder.path}/spec.json`, clinics: wrong.path });
    await expect(start).rejects.toMatchObject({ code: 'fixture_invalid' });
    await expect(start).rejects.toThrow(`three.yaml${line}`);
    await expect(start).rejects.toThrow(fact);
  });
});
