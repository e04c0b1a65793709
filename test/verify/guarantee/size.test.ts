import { describe, expect, test } from '@jest/globals';
import { readApi } from '../../../src/openapi/api.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import { coverageOf } from '../../../src/verify/coverage.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answering, openIn } from './inline.ts';

type Json = Record<string, unknown>;

const models = 60;

/** Models that each lead to the next two, the last ones back to the first. */
function linked(model: (next: Json, another: Json) => Json): Json {
  const to = (index: number): Json => ({ $ref: `#/components/schemas/M${index % models}` });
  return Object.fromEntries(
    Array.from({ length: models }, (_, index) => [`M${index}`, model(to(index + 1), to(index + 2))]),
  );
}

const leaf = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } };
const root = { $ref: '#/components/schemas/M0' };
const response = {
  headers: { 'Content-Type': 'application/json' },
  body: { id: 1 },
  matchingRules: { body: { '$.id': { matchers: [{ match: 'integer' }] } } },
};

describe('models that refer to each other take no exponential time', () => {
  test.each<[string, Json, string[]]>([
    ['in properties', linked((a, b) => ({ ...leaf, properties: { id: { type: 'integer' }, a, b } })), []],
    [
      'in lists',
      linked((a, b) => ({ ...leaf, properties: { ...leaf.properties, a: { type: 'array', items: a }, b } })),
      [],
    ],
    ['in all of their parts', linked((a, b) => ({ ...leaf, allOf: [a, b] })), []],
    [
      'as alternatives that end',
      { ...linked((a, b) => ({ anyOf: [a, b] })), M58: leaf, M59: leaf },
      ['not verifiable type $.response.body'],
    ],
    [
      'as alternatives that are all impossible',
      { ...linked((a, b) => ({ oneOf: [a, b] })), M58: { allOf: [false] }, M59: { allOf: [false] } },
      ['not verifiable type $.response.body'],
    ],
  ])('%s', (_name, schemas, expected) => {
    const document = { openapi: '3.1.0', components: { schemas } };
    expect(openIn({ document, operation: answering(root), response })).toEqual(expected);
  });

  test.each<[string, Json]>([
    ['allowed', { id: 1 }],
    ['refused', { id: 'x' }],
  ])('when a value is checked against alternatives, %s', (word, body) => {
    const schemas = { ...linked((a, b) => ({ anyOf: [a, b] })), M58: leaf, M59: leaf };
    const operation = { requestBody: { content: { 'application/json': { schema: root } } } };
    const request = { headers: { 'Content-Type': 'application/json' }, body };
    const found = openIn({ method: 'post', document: { components: { schemas } }, operation, request });
    expect(found).toEqual(word === 'allowed' ? [] : ['broken body $.request.body.id']);
  });

  test('when what the contracts look at is counted', async () => {
    const schemas = linked((a, b) => ({ ...leaf, properties: { ...leaf.properties, a, b } }));
    const document = {
      openapi: '3.0.3',
      info: { title: 'Shelf', version: '1' },
      paths: { '/boxes': { get: answering(root) } },
      components: { schemas },
    };
    await using folder = await temporaryFolder({ 'spec.json': JSON.stringify(document) });
    const contract = readContract(
      'porter-shelf.json',
      JSON.stringify({
        consumer: { name: 'porter' },
        provider: { name: 'shelf' },
        interactions: [{ description: 'x', request: { path: '/boxes' }, response: { status: 200, ...response } }],
        metadata: { pactSpecification: { version: '3.0.0' } },
      }),
    );
    const [answer] = coverageOf(await readApi(`${folder.path}/spec.json`), [contract]);
    expect(answer?.fields.length).toBeLessThan(2001);
    expect(answer?.fields.filter(({ expected }) => expected).map(({ place }) => place)).toEqual(['$.id']);
  });
});
