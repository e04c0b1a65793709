import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { run, type Ended } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Lints the specification after a change, as `npm run lint` does. */
async function lintAfter(change: (spec: string) => string): Promise<Ended> {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'openapi/lint'), { recursive: true });
  for (const file of ['redocly.yaml', 'openapi/lint/provenance.mjs']) await copyFile(file, join(folder.path, file));
  const spec = await readFile('openapi/arzamed.yaml', 'utf8');
  const changed = change(spec);
  if (changed === spec && change !== unchanged) throw new Error('The change changes nothing.');
  await writeFile(join(folder.path, 'openapi/arzamed.yaml'), changed);
  process.env['REDOCLY_TELEMETRY'] = 'off';
  return await run(join(process.cwd(), 'node_modules/.bin/redocly'), ['lint', 'arzamed', '--format', 'stylish'], {
    cwd: folder.path,
  });
}

const unchanged = (spec: string): string => spec;

/** Renames the first `x-provenance` after a text, so that it is missing there. */
function withoutProvenance(after: string): (spec: string) => string {
  return (spec) => {
    const at = spec.indexOf(after);
    return spec.slice(0, at) + spec.slice(at).replace('x-provenance:', 'x-was-provenance:');
  };
}

describe('the rule that each statement says how sure it is', () => {
  test('holds for the specification', async () => {
    expect(await lintAfter(unchanged)).toMatchObject({ code: 0 });
  });

  test.each([
    ['an operation', withoutProvenance('operationId: listDoctors'), 'The operation listDoctors has no x-provenance'],
    ['a response', withoutProvenance('description: A bearer token.'), 'The response 200 has no x-provenance'],
    ['a property', withoutProvenance('description: A formatted display name'), 'The property name has no x-provenance'],
    [
      'an unknown source',
      (spec: string) => spec.replace(/(x-provenance:\s+source:) doctors/, '$1 hearsay'),
      'none of quickstart',
    ],
    [
      'a rule for clients from an unknown source',
      (spec: string) => spec.replace('source: doctors', 'source: hearsay'),
      'The client rule clinic-in-path has a source that is none of quickstart',
    ],
    [
      'an inference without its reason',
      (spec: string) => spec.replace('\n            note: From RFC 6749 section 5.2.', ''),
      'The property error is inferred and its x-provenance has no note why',
    ],
  ])('fails for %s', async (_name, change, message) => {
    const { code, stdout, stderr } = await lintAfter(change);
    expect(code).toBe(1);
    expect((stdout + stderr).replaceAll(/\s+/g, ' ')).toContain(message);
  });
});
