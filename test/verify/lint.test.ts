import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
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
