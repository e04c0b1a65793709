// Which operations of a document form a collection: shapes as real documents have them.
import { describe, expect, test } from '@jest/globals';
import { apiOf } from '../../src/openapi/api.ts';
import { deriveCollection } from '../../src/openapi/collections/collection.ts';
import type { Collection } from '../../src/openapi/collections/model.ts';

const text = { type: 'string' };
const whole = { type: 'integer' };
const parcel = { type: 'object', properties: { id: text, state: text, size: whole } };
const parcelRef = { $ref: '#/components/schemas/Parcel' };
const parcels = { type: 'array', items: parcelRef };

interface Given {
  /** The schema of the list. */
  list?: object;
  /** The schema of an item that is read. */
  item?: object;
  query?: Record<string, object>;
  paths?: [list: string, item: string];
  /** Other methods at the path of an item, with their responses and request bodies. */
  more?: Record<string, object>;
  id?: string;
}

function derive({
  list = parcels,
  item = parcelRef,
  query = {},
  paths,
  more,
  id,
}: Given): ReturnType<typeof deriveCollection> {
  const answer = (schema: object): object => ({
    responses: { 200: { description: 'An answer.', content: { 'application/json': { schema } } } },
  });
  const parameters = Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema }));
  const [ofList, ofItem] = paths ?? ['/parcels', '/parcels/{parcelId}'];
  const api = apiOf({
    openapi: '3.1.0',
    info: { title: 'Parcels', version: '1' },
    components: { schemas: { Parcel: parcel } },
    paths: { [ofList]: { get: { parameters, ...answer(list) } }, [ofItem]: { get: answer(item), ...more } },
  });
  const [first] = api.operations;
  if (!first) throw new Error('The document has no operation.');
  return deriveCollection(api, first, id);
}

function collection(given: Given): Collection {
  const derived = derive(given);
  if ('expected' in derived) throw new Error(derived.found);
  return derived;
}

const object = (properties: Record<string, object>): object => ({ type: 'object', properties });
const place = (given: Given): unknown => collection(given).operations[0]?.view?.place;

describe('the list', () => {
  test.each<[string, object, string[]]>([
    ['is the body', parcels, []],
    [
      'is the only list of objects beside other lists',
      object({ tags: { type: 'array', items: text }, data: parcels }),
      ['data'],
    ],
    [
      'is in an object of HAL',
      object({ _links: object({}), _embedded: object({ parcels }) }),
      ['_embedded', 'parcels'],
    ],
    [
      'stands beside links',
      object({ links: { type: 'array', items: object({ href: text }) }, content: parcels }),
      ['content'],
    ],
    [
      'is composed of a page and its items',
      { allOf: [object({ total: whole }), object({ items: parcels })] },
      ['items'],
    ],
    [
      'is the one of the items that are read',
      object({ orders: { type: 'array', items: object({ id: text }) }, results: parcels }),
      ['results'],
    ],
  ])('%s', (_, list, wanted) => {
    expect(place({ list })).toEqual(wanted);
  });

  test.each<[string, Given, string]>([
    ['one of texts', { list: { type: 'array', items: text } }, 'no list of objects'],
    ['a schema that says nothing', { list: {} }, 'no list of objects'],
    [
      'two lists',
      {
        list: object({
          sent: { type: 'array', items: object({ a: text }) },
          kept: { type: 'array', items: object({ b: text }) },
        }),
      },
      'several lists: sent, kept',
    ],
    [
      'items without an id',
      { list: { type: 'array', items: object({ weight: whole }) }, item: object({}) },
      'the properties weight',
    ],
    ['an id that is no property', { id: 'code' }, 'code'],
    [
      'a change by a list of operations',
      {
        more: {
          patch: {
            operationId: 'patch',
            requestBody: { content: { 'application/json-patch+json': {} } },
            responses: {},
          },
        },
      },
      'application/json-patch+json in patch',
    ],
  ])('is not derived from %s', (_, given, found) => {
    expect(derive(given)).toMatchObject({ found, expected: expect.any(String) });
  });
});

describe('the id', () => {
  test.each<[string, string[], string, string | undefined]>([
    ['the name of the parameter', ['parcelId', 'id'], '{parcelId}', 'parcelId'],
    ['that name in another style', ['parcel_id', 'id'], '{parcelId}', 'parcel_id'],
    ['its last word', ['code', 'id'], '{parcel-code}', 'code'],
    ['its last words', ['code', 'trackingCode'], '{parcelTrackingCode}', 'trackingCode'],
    ['an id where the parameter is of another name', ['name', 'Id'], '{parcel}', 'Id'],
    ['the first likely one', ['name', 'uuid'], '{parcel}', 'uuid'],
    ['one of its segment', ['name', 'parcelId'], '{id}', 'parcelId'],
    ['no object', ['name', 'parcel'], '{parcel}', 'parcel'],
  ])('is %s', (_, names, parameter, wanted) => {
    const item = object(Object.fromEntries(names.map((name) => [name, text])));
    expect(
      collection({ list: { type: 'array', items: item }, item, paths: ['/parcels', `/parcels/${parameter}`] }).id,
    ).toBe(wanted);
  });

  test('is the property that the caller names', () => {
    expect(collection({ id: 'state' }).id).toBe('state');
  });
});

describe('the paging', () => {
  test.each<[string, Record<string, object>, object]>([
    [
      'limit and offset',
      { limit: { ...whole, default: 20, maximum: 100 }, offset: whole },
      { limit: 'limit', usual: 20, most: 100, offset: 'offset' },
    ],
    [
      'pages from 1',
      { page: { ...whole, minimum: 1 }, per_page: whole },
      { limit: 'per_page', usual: 20, page: { name: 'page', first: 1 } },
    ],
    [
      'pages from 0',
      { pageNumber: { ...whole, default: 0 }, pageSize: whole },
      { limit: 'pageSize', page: { name: 'pageNumber', first: 0 } },
    ],
    ['OData', { $top: whole, $skip: whole }, { limit: '$top', offset: '$skip' }],
    [
      'JSON:API',
      { 'page[number]': whole, 'page[size]': whole },
      { limit: 'page[size]', page: { name: 'page[number]', first: 1 } },
    ],
    ['a cursor', { cursor: text, limit: whole }, { cursor: { name: 'cursor', isNumber: false, isId: false } }],
    [
      'the id of the last item',
      { starting_after: text, limit: whole },
      { cursor: { name: 'starting_after', isNumber: false, isId: true } },
    ],
    [
      'a page that is a text',
      { page: text },
      { page: undefined, cursor: { name: 'page', isNumber: false, isId: false } },
    ],
    ['a size that is that of an item', { size: whole }, { limit: undefined }],
    ['no parameter', {}, { limit: undefined, usual: undefined }],
  ])('is by %s', (_, query, wanted) => {
    expect(collection({ query }).paging).toMatchObject(wanted);
  });

  test('leaves the parameters that are properties of an item as filters', () => {
    expect(collection({ query: { state: text, size: whole, limit: whole, sort: text } }).filters).toEqual([
      'state',
      'size',
    ]);
  });
});

describe('an envelope tells of the page', () => {
  test.each<[string, Record<string, object>, string[]]>([
    [
      'beside the list',
      { count: whole, next: text, previous: text },
      ['count count', 'next next', 'previous previous'],
    ],
    [
      'in an object',
      { page: object({ size: whole, number: whole, totalElements: whole }) },
      ['page.size limit', 'page.number page', 'page.totalElements total'],
    ],
    ['in links', { _links: object({ next: object({ href: text }) }) }, ['_links.next.href next']],
    ['by booleans', { has_more: { type: 'boolean' }, last: { type: 'boolean' } }, ['has_more more', 'last last']],
    ['by a token', { nextPageToken: text, kind: text }, ['nextPageToken next']],
  ])('%s', (_, properties, wanted) => {
    const { envelope } = collection({ list: object({ items: parcels, ...properties }) });
    expect(envelope.map((field) => `${field.place.join('.')} ${field.meaning}`)).toEqual(wanted);
  });
});

test('an item is found in the envelope that it is read in', () => {
  const item = object({ id: text, weight: whole });
  const list = object({ data: object({ items: { type: 'array', items: item } }) });
  const { operations } = collection({ list, item: object({ data: object({ parcel: item, status: object({}) }) }) });
  expect(operations.map(({ view }) => view?.place)).toEqual([
    ['data', 'items'],
    ['data', 'parcel'],
  ]);
});

test('paths with a slash at their end are of one collection', () => {
  const roles = collection({ paths: ['/parcels/', '/parcels/{id}/'], more: { delete: { responses: {} } } }).operations;
  expect(roles.map(({ role, status }) => `${role} ${status}`)).toEqual(['list 200', 'read 200', 'remove 204']);
});

test('a parameter of the path is a property of an item, if it has one', () => {
  const item = object({ id: text, depot_id: text });
  const paths: [string, string] = ['/{tenant}/depots/{depotId}/parcels', '/{tenant}/depots/{depotId}/parcels/{id}'];
  const { parents } = collection({ list: { type: 'array', items: item }, item, paths });
  expect(parents).toEqual([
    { parameter: 'tenant', property: undefined },
    { parameter: 'depotId', property: 'depot_id' },
  ]);
});
