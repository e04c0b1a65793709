import { expect, test } from '@jest/globals';
import { readApi } from '../../src/openapi/api.ts';
import { wrongExamples } from '../../src/openapi/examples.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('examples of answers that violate their schemas are told with their place, each once', async () => {
  const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } };
  const shared = { description: 'A thing.', content: { 'application/json': { schema, example: { id: 'one' } } } };
  const named = {
    description: 'A thing.',
    content: { 'application/json': { schema, examples: { good: { value: { id: 1 } }, bad: { value: {} } } } },
  };
  const own = {
    description: 'A size.',
    content: { 'application/json': { schema: { type: 'integer', example: 'L' } } },
  };
  await using folder = await temporaryFolder({
    'spec.json': JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Things', version: '1' },
      paths: {
        '/a': { get: { responses: { 200: { $ref: '#/components/responses/Thing' } } } },
        '/b': { get: { responses: { 200: { $ref: '#/components/responses/Thing' } } } },
        '/c': { get: { responses: { 200: named, 404: own } } },
      },
      components: { responses: { Thing: shared } },
    }),
  });
  const found: string[] = [];
  for await (const sentence of wrongExamples(await readApi(`${folder.path}/spec.json`))) found.push(sentence);
  const content = 'content/application~1json';
  expect(found).toEqual([
    `#/components/responses/Thing/${content}/example: The example of GET /a, 200 is served with a made-up value where its schema is violated, at $.id (expected integer, found "one").`,
    `#/paths/~1c/get/responses/200/${content}/examples/bad/value: The example of GET /c, 200 is served with a made-up value where its schema is violated, at $.id (expected to be present, found nothing).`,
    `#/paths/~1c/get/responses/404/${content}/schema/example: The example of GET /c, 404 is served with a made-up value where its schema is violated, at $ (expected integer, found "L").`,
  ]);
});
