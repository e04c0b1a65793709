// Documents whose schemas refer to each other, and references in what is data: nothing is expanded without end, and
// nothing that only looks like a reference is followed.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Mock } from '../../src/mock/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { startUsualMock } from '../support/usual-mock.ts';

const names = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
/** Each of them refers to all of them. */
const mutual = Object.fromEntries(
  names.map((name) => [
    name,
    {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, ...Object.fromEntries(names.map((each) => [each, reference(each)])) },
    },
  ]),
);
const answer = (schema: object, more: object = {}): object => ({
  200: { description: 'An answer.', content: { 'application/json': { schema, ...more } } },
});
const schemas = {
  ...mutual,
  Parcel: {
    type: 'object',
    required: ['id', 'weight', 'inside', 'label'],
    properties: {
      id: { type: 'integer', readOnly: true },
      weight: { type: 'number', nullable: true, minimum: 0, exclusiveMinimum: true },
      label: { type: 'string', nullable: true },
      inside: { type: 'array', items: reference('Parcel') },
      parent: reference('Parcel'),
      next: { allOf: [reference('Parcel')], nullable: true },
    },
  },
  Chain: {
    type: 'object',
    required: ['next'],
    properties: { next: { type: 'object', nullable: true, allOf: [reference('Chain')] } },
  },
};
const spec = {
  openapi: '3.0.3',
  info: { title: 'Parcels', version: '1' },
  servers: [{ url: 'https://parcels.example' }],
  'x-nowhere': { $ref: 'nowhere.yaml' },
  paths: {
    '/mutual': {
      get: { operationId: 'getMutual', responses: answer(reference('A')) },
      post: {
        operationId: 'postMutual',
        requestBody: { required: true, content: { 'application/json': { schema: reference('B') } } },
        responses: answer({ type: 'string' }, { example: 'taken' }),
      },
    },
    '/parcels': {
      get: { operationId: 'getParcel', responses: answer(reference('Parcel')) },
      post: {
        operationId: 'postParcel',
        requestBody: { required: true, content: { 'application/json': { schema: reference('Parcel') } } },
        responses: answer({ type: 'string' }, { example: 'taken' }),
      },
    },
    '/chain': { get: { operationId: 'getChain', responses: answer(reference('Chain')) } },
    '/data': {
      get: {
        operationId: 'getData',
        'x-elsewhere': { $ref: 'https://elsewhere.example/a.yaml' },
        responses: answer(
          { type: 'object' },
          { example: { $ref: '/etc/hostname', user: { $ref: '#/definitions/User' } } },
        ),
      },
    },
  },
  components: { schemas },
};

let mock: Mock;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder({ 'spec.json': JSON.stringify(spec) });
  mock = await startUsualMock({ spec: `${folder.path}/spec.json`, clinics: undefined });
});
afterAll(async () => {
  await mock[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const get = async (path: string, headers: Record<string, string> = {}): Promise<unknown> =>
  (await fetch(mock.baseUrl + path, { headers })).json();
const post = async (path: string, body: object): Promise<number> => {
  const headers = { 'Content-Type': 'application/json' };
  return (await fetch(mock.baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
};

describe('schemas that all refer to each other', () => {
  test('are answered with as much as fits', async () => {
    expect(await get('/mutual')).toMatchObject({ name: expect.any(String), B: { name: expect.any(String) } });
  });

  test('are answered at random too', async () => {
    expect(await get('/mutual', { Prefer: 'dynamic=true' })).toMatchObject({ name: expect.any(String) });
  });

  test.each([
    [200, { name: 'b', A: { name: 'a', B: { name: 'b', C: { name: 'c' } } } }],
    [422, { A: { name: 'a' } }],
    [422, { name: 'b', A: { name: 'a', B: { name: 'b', C: { name: 1 } } } }],
  ])('are checked in requests at each depth: %i %j', async (status, body) => {
    expect(await post('/mutual', body)).toBe(status);
  });
});

describe('a schema that leads back to itself', () => {
  test('ends in an answer where it is optional, and in a list', async () => {
    expect(await get('/parcels')).toEqual({
      id: expect.any(Number),
      weight: expect.any(Number),
      label: 'string',
      inside: [],
    });
  });

  test('ends in null where it is required and may be null', async () => {
    expect(await get('/chain')).toEqual({ next: null });
  });

  test.each([
    ['null where the document allows it', 200, { weight: null, label: null, inside: [] }],
    ['an excluded bound', 422, { weight: 0, label: 'a', inside: [] }],
    ['the same, further in', 422, { weight: 1, label: 'a', inside: [{ weight: 0, label: 'a', inside: [] }] }],
    ['null, further in', 200, { weight: 1, label: 'a', inside: [{ weight: null, label: null, inside: [] }] }],
    ['no list, further in', 422, { weight: 1, label: 'a', inside: [{ weight: 1, label: 'a' }] }],
  ])('keeps the meaning of OpenAPI 3.0 in requests: %s', async (_, status, body) => {
    expect(await post('/parcels', body)).toBe(status);
  });
});

test('what looks like a reference in an example is data', async () => {
  expect(await get('/data')).toEqual({ $ref: '/etc/hostname', user: { $ref: '#/definitions/User' } });
});
