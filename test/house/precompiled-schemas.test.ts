// What the package checks specifications with was compiled beforehand: it must say what the validator says by itself.
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { requireInModule } from '../../scripts/bundle.ts';
import { precompiledSchemas } from '../../scripts/precompile-schemas.ts';
import { validateDocument } from '../../src/openapi/load/validate.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

await using folder = await temporaryFolder();
const outfile = `${folder.path}/validate.mjs`;
await build({
  entryPoints: ['src/openapi/load/validate.ts'],
  bundle: true,
  outfile,
  format: 'esm',
  platform: 'node',
  banner: { js: requireInModule },
  plugins: [precompiledSchemas],
  logLevel: 'error',
});
const precompiled: { validateDocument: typeof validateDocument } = await import(outfile);

const documents = await Promise.all(
  ['openapi/arzamed.yaml', 'openapi/control.yaml', 'test/other-api/ferries.yaml'].map(async (file) => {
    const document: Record<string, unknown> = parse(await readFile(file, 'utf8'));
    return document;
  }),
);

/** A document in which one value, somewhere, is another or gone. */
const damaged = fc
  .tuple(
    fc.constantFrom(...documents),
    fc.constantFrom('3.0.3', '3.1.0'),
    fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
    fc.option(fc.constantFrom<unknown>(null, 7, '', 'not a pattern (', [], {}, { $ref: '#/nowhere' }), {
      nil: undefined,
    }),
  )
  .map(([document, openapi, way, value]) => change({ ...document, openapi }, way, value));

function change(node: unknown, [turn = 0, ...way]: number[], value: unknown): unknown {
  if (typeof node !== 'object' || node === null) return value;
  const keys = Object.keys(node);
  const chosen = keys[turn % Math.max(1, keys.length)];
  const entries = Object.entries(node).flatMap(([key, child]) => {
    if (key !== chosen) return [[key, child]];
    const next = way.length > 0 ? change(child, way, value) : value;
    return next === undefined ? [] : [[key, next]];
  });
  return Array.isArray(node) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

async function verdict(validate: typeof validateDocument, document: unknown): Promise<string> {
  const locate = (path: readonly string[]): string => path.join('/');
  return validate(structuredClone(document), 'a.yaml', { locate }).then(
    () => 'valid',
    (error: Error) => error.message,
  );
}

test('a specification is refused for the same reason by the package as by its sources', async () => {
  const verdicts = new Set<string>();
  await fc.assert(
    fc.asyncProperty(damaged, async (document) => {
      const expected = await verdict(validateDocument, document);
      verdicts.add(expected);
      expect(await verdict(precompiled.validateDocument, document)).toBe(expected);
    }),
    { seed: 7, numRuns: 60 },
  );
  // Both kinds have been met.
  expect(verdicts).toContain('valid');
  expect(verdicts.size).toBeGreaterThan(5);
});
