// Which contracts `arzamed diff` says a change breaks: those that call the operation, however their path is written.
import { describe, expect, test } from '@jest/globals';
import { diffHere } from '../support/in-process.ts';

type Json = Record<string, unknown>;

const object = (...names: string[]): Json => ({
  type: 'object',
  required: names,
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
});

const operation = (operationId: string, schema: Json = object('name'), more: Json = {}): Json => ({
  operationId,
  responses: { 200: { description: 'Found.', content: { 'application/json': { schema } } } },
  ...more,
});

const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const one = { '/things/{id}': { parameters: [id], get: operation('getThing') } };
const mine = { '/things/mine': { get: operation('getMine') } };
const others = { '/others': { get: operation('listOthers') } };

const api = (paths: Json, more: Json = {}): Json => ({
  openapi: '3.1.0',
  info: { title: 'Things', version: '1.0.0' },
  servers: [{ url: 'https://things.example/api/v1' }],
  paths: { ...others, ...paths },
  ...more,
});

const contractOf = (path: string): Json => ({
  consumer: { name: 'app' },
  provider: { name: 'things' },
  interactions: [
    {
      type: 'Synchronous/HTTP',
      description: 'a request',
      request: { method: 'GET', path, headers: { Authorization: ['Bearer x'] } },
      response: { status: 200, body: { content: { name: 'One' }, contentType: 'application/json', encoded: false } },
    },
  ],
  metadata: { pactSpecification: { version: '4.0' } },
});

/** What is said of each breaking change, for a contract that calls a path. */
async function impact(path: string, before: Json, after: Json): Promise<(string | undefined)[]> {
  const { code, report } = await diffHere(before, after, contractOf(path));
  expect(code).toBe(1);
  return report.changes.filter(({ severity }) => severity === 'breaking').map((change) => change.impact?.verdict);
}

describe('where a template fits the path of a contract as well as a literal path does', () => {
  const orders = [
    ['before it', { ...one, ...mine }],
    ['after it', { ...mine, ...one }],
  ] as const;

  test.each(orders)('the literal path is touched where the template stands %s', async (_order, paths) => {
    expect(await impact('/api/v1/things/mine', api(paths), api(one))).toEqual(['breaks you']);
  });

  test.each(orders)('the template is not touched where it stands %s', async (_order, paths) => {
    expect(await impact('/api/v1/things/mine', api(paths), api(mine))).toEqual(['does not touch you']);
  });

  test.each(orders)('an answer of the literal path is touched where the template stands %s', async (_order, paths) => {
    const after = { ...paths, '/things/mine': { get: operation('getMine', object('title')) } };
    expect(await impact('/api/v1/things/mine', api(paths), api(after))).toContain('breaks you');
  });

  test.each(orders)('another value touches the template alone where it stands %s', async (_order, paths) => {
    expect(await impact('/api/v1/things/7', api(paths), api(mine))).toEqual(['breaks you']);
    expect(await impact('/api/v1/things/7', api(paths), api(one))).toEqual(['does not touch you']);
  });

  test('of two templates the one with fewer parameters is touched', async () => {
    const kind = { name: 'kind', in: 'path', required: true, schema: { type: 'string' } };
    const any = { '/{kind}/{id}': { parameters: [kind, id], get: operation('getAny') } };
    expect(await impact('/api/v1/things/7', api({ ...any, ...one }), api(any))).toEqual(['breaks you']);
    expect(await impact('/api/v1/things/7', api({ ...any, ...one }), api(one))).toEqual(['does not touch you']);
  });
});

describe("where the path of a contract lacks the server's prefix", () => {
  test('an operation that is gone breaks it', async () => {
    expect(await impact('/things/mine', api({ ...mine }), api({}))).toEqual(['breaks you']);
  });

  test('an operation that is gone breaks it behind a template that fits as well', async () => {
    expect(await impact('/things/mine', api({ ...one, ...mine }), api(one))).toEqual(['breaks you']);
  });

  test('a field of the answer that is gone breaks it', async () => {
    const after = { '/things/mine': { get: operation('getMine', object()) } };
    expect(await impact('/things/mine', api(mine), api(after))).toEqual(['breaks you']);
  });

  test('a scope that is needed now breaks it', async () => {
    const clientCredentials = { tokenUrl: 'https://things.example/token', scopes: { read: '', all: '' } };
    const components = { securitySchemes: { oauth: { type: 'oauth2', flows: { clientCredentials } } } };
    const needing = (...scopes: string[]): Json =>
      api(
        { '/things/mine': { get: operation('getMine', object('name'), { security: [{ oauth: scopes }] }) } },
        { components },
      );
    expect(await impact('/things/mine', needing('read'), needing('read', 'all'))).toEqual(['breaks you']);
  });

  test('another operation does not touch it', async () => {
    expect(await impact('/things/mine', api({ ...mine, ...one }), api(mine))).toEqual(['does not touch you']);
  });
});

test('a contract below the prefix of another server is touched', async () => {
  const servers = [{ url: 'https://things.example/api/v1' }, { url: 'https://things.example/beta' }];
  expect(await impact('/beta/things/mine', api(mine, { servers }), api({}, { servers }))).toEqual(['breaks you']);
});

test('a contract with another prefix is not touched', async () => {
  expect(await impact('/elsewhere/things/mine', api(mine), api({}))).toEqual(['does not touch you']);
});

describe('a change touches the contracts that use what it is about', () => {
  const contract = (request: Json, response: Json = {}): Json => ({
    consumer: { name: 'app' },
    provider: { name: 'things' },
    interactions: [
      {
        description: 'a request',
        request: { method: 'POST', path: '/things', ...request },
        response: { status: 200, headers: { 'Content-Type': 'application/json' }, body: { name: 'One' }, ...response },
      },
    ],
    metadata: { pactSpecification: { version: '3.0.0' } },
  });
  const described = (more: Json, answer: Json = {}): Json =>
    api({
      '/things': {
        post: {
          operationId: 'addThing',
          responses: {
            200: { description: '', content: { 'application/json': { schema: object('name') } }, ...answer },
          },
          ...more,
        },
      },
    });
  const size = (schema: Json, more: Json = {}): Json =>
    described({ parameters: [{ name: 'size', in: 'query', schema, ...more }] });
  const sent = (schema: Json): Json =>
    described({
      requestBody: { content: { 'application/json': { schema: { type: 'object', properties: { size: schema } } } } },
    });
  const typed = (...types: string[]): Json =>
    described({}, { content: Object.fromEntries(types.map((type) => [type, { schema: object('name') }])) });
  const [loose, tight] = [{ type: 'integer' }, { type: 'integer', maximum: 5 }];
  const json = { 'Content-Type': 'application/json' };

  test.each<[name: string, before: Json, after: Json, contract: Json, verdict: string]>([
    [
      'a bound that its value keeps',
      size(loose),
      size(tight),
      contract({ query: { size: ['4'] } }),
      'does not touch you',
    ],
    [
      'a bound that its value does not keep',
      size(loose),
      size(tight),
      contract({ query: { size: ['6'] } }),
      'breaks you',
    ],
    ['a bound of a parameter that it leaves out', size(loose), size(tight), contract({}), 'does not touch you'],
    [
      'a parameter that it leaves out is needed',
      size(loose),
      size(loose, { required: true }),
      contract({}),
      'breaks you',
    ],
    [
      'a parameter that it sends is needed',
      size(loose),
      size(loose, { required: true }),
      contract({ query: { size: ['4'] } }),
      'does not touch you',
    ],
    [
      'a default that it does not rely on',
      size({ ...loose, default: 1 }),
      size({ ...loose, default: 2 }),
      contract({ query: { size: ['4'] } }),
      'does not touch you',
    ],
    [
      'a body that is taken still',
      sent(loose),
      sent(tight),
      contract({ headers: json, body: { size: 4 } }),
      'does not touch you',
    ],
    [
      'a body that is taken no more',
      sent(loose),
      sent(tight),
      contract({ headers: json, body: { size: 6 } }),
      'breaks you',
    ],
    [
      'a media type that it does not read',
      typed('application/json', 'text/csv'),
      typed('application/json'),
      contract({}),
      'does not touch you',
    ],
    [
      'a header that it does not look at',
      described({}, { headers: { 'X-Total': { schema: loose } } }),
      described({}),
      contract({}),
      'does not touch you',
    ],
    [
      'a header that it looks at',
      described({}, { headers: { 'X-Total': { schema: loose } } }),
      described({}),
      contract({}, { headers: { ...json, 'X-Total': '7' } }),
      'breaks you',
    ],
  ])('%s', async (_name, before, after, given, verdict) => {
    const { report } = await diffHere(before, after, given);
    const breaking = report.changes.filter(({ severity }) => severity === 'breaking');
    expect(breaking.map((change) => change.impact?.verdict)).toEqual([verdict]);
  });
});
