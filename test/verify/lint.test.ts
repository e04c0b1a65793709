import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readApi } from '../../src/openapi/api.ts';
import { lintSpecification } from '../../src/verify/lint.ts';
import type { Verdict } from '../../src/verify/verdict.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Parts {
  [name: string]: unknown;
}

/** A specification that is right, with something else in place of its operation. */
function withOperation(operation: Parts): Parts {
  return {
    openapi: '3.1.0',
    info: { title: 'Ferries', version: '1' },
    paths: { '/ferries': { get: { responses: { 200: { description: 'All.' } }, ...operation } } },
  };
}

async function lint(document: Parts): Promise<Verdict[]> {
  await using folder = await temporaryFolder({ 'spec.json': JSON.stringify(document) });
  return lintSpecification(join(folder.path, 'spec.json'));
}

describe('the lint of a specification', () => {
  test('holds where nothing is wrong, whatever its style', async () => {
    expect(await lint(withOperation({}))).toMatchObject([{ net: 'lint', result: 'holds' }]);
  });

  test.each([
    ['what OpenAPI does not have', { respones: {} }, 'struct', '/paths/~1ferries/get'],
    [
      'a reference that leads nowhere',
      { responses: { 200: { $ref: '#/components/responses/None' } } },
      'no-unresolved-refs',
      '/paths/~1ferries/get/responses/200',
    ],
    [
      'an example that its schema refuses',
      {
        responses: {
          200: {
            description: 'All.',
            content: { 'application/json': { schema: { type: 'array' }, example: 'none' } },
          },
        },
      },
      'no-invalid-media-type-examples',
      '/paths/~1ferries/get/responses/200/content/application~1json/example',
    ],
  ])('finds %s, and says where', async (_name, operation, rule, pointer) => {
    const verdicts = await lint(withOperation(operation));
    expect(verdicts).toContainEqual(
      expect.objectContaining({ net: 'lint', result: 'broken', rule, pointer: expect.stringContaining(pointer) }),
    );
  });

  test('is left open where the linter is not installed, and says how it is', async () => {
    await using folder = await temporaryFolder();
    const verdicts = await lintSpecification('openapi/arzamed.yaml', [join(folder.path, 'any.js')]);
    expect(verdicts).toMatchObject([
      {
        result: 'not verifiable',
        sentence: expect.stringContaining('npm install --save-dev @redocly/openapi-core@'),
      },
    ]);
  });
});

describe('an example without what it need not have', () => {
  const User = {
    type: 'object',
    required: ['id', 'password', 'amount'],
    properties: {
      id: { type: 'integer', readOnly: true },
      password: { type: 'string', writeOnly: true },
      amount: { type: 'number', multipleOf: 0.01 },
    },
  };
  const content = (example: unknown): Parts => ({
    content: { 'application/json': { schema: { $ref: '#/components/schemas/User' }, example } },
  });
  const document = (sent: unknown, answered: unknown): Parts => ({
    openapi: '3.0.3',
    info: { title: 'Users', version: '1' },
    paths: {
      '/users': {
        post: { requestBody: content(sent), responses: { 200: { description: 'Added.', ...content(answered) } } },
      },
    },
    components: { schemas: { User } },
  });
  const judge = async (value: Parts): Promise<Verdict[]> => {
    await using folder = await temporaryFolder({ 'spec.json': JSON.stringify(value) });
    const file = join(folder.path, 'spec.json');
    return lintSpecification(file, undefined, await readApi(file));
  };

  test('holds where it is readOnly in a request, or writeOnly in an answer', async () => {
    const verdicts = await judge(document({ password: 'x', amount: 19.99 }, { id: 1, amount: 0.07 }));
    expect(verdicts).toMatchObject([{ result: 'holds' }]);
  });

  test('is broken the other way round', async () => {
    const verdicts = await judge(document({ id: 1, amount: 19.99 }, { password: 'x', amount: 0.07 }));
    expect(verdicts.map(({ rule }) => rule)).toContain('no-invalid-media-type-examples');
  });
});
