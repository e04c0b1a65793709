import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readApi } from '../../src/openapi/api.ts';
import { serverUrl } from '../../src/openapi/operations.ts';

const { document, operations, flow } = await readApi('openapi/arzamed.yaml');

/** The paths that the toolkit itself gives the token endpoint, whatever the specification. */
const own = new Set(['', 'auth', 'oauth2', 'token', 'api', '{clinic}']);

/** Words that stand for the vendor: hosts, scopes, operation ids, segments of paths, and the fields of its own schemas. */
const words = [
  ...(document.servers ?? []).map((server) => serverUrl([server]).hostname),
  ...(flow?.scopes ?? []),
  ...operations.filter(({ issuesTokens }) => !issuesTokens).map(({ id }) => id),
  ...operations.flatMap(({ path }) => path.split('/')).filter((segment) => !own.has(segment)),
  'profileImage',
  'Doctor',
  'nextgen',
  'token_use',
];

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('generated/'))
    .map((name) => join(folder, name));
}

describe('the code', () => {
  test('knows no word of the vendor', async () => {
    expect(words).toContain('equipe');
    const found: string[] = [];
    for (const file of await sources('src')) {
      const text = (await readFile(file, 'utf8')).toLowerCase();
      found.push(...words.filter((word) => text.includes(word.toLowerCase())).map((word) => `${file}: ${word}`));
    }
    expect(found).toEqual([]);
  });
});
