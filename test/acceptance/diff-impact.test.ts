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
