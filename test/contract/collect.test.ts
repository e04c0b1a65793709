// What `npm run contracts` puts together from test files that ran at the same time.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { collectContracts } from '../../scripts/contracts/collect.ts';
import { declare } from '../../scripts/contracts/declared.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { interaction, pactText } from './pact/support.ts';

/** Test files by name, with what each declares and what it writes. */
async function collect(files: Record<string, { declares: string[]; writes: object[] }>): Promise<unknown> {
  await using folder = await temporaryFolder(
    Object.fromEntries(
      Object.entries(files)
        .filter(([, { writes }]) => writes.length > 0)
        .map(([name, { writes }]) => [`${name}/app-service.json`, pactText('4.0', writes)]),
    ),
  );
  for (const [name, { declares }] of Object.entries(files))
    for (const description of declares) declare(join(folder.path, name), { description, states: [] });
  const texts = await collectContracts(folder.path);
  expect(Object.keys(texts)).toEqual(['app-service.json']);
  const { interactions } = JSON.parse(texts['app-service.json'] ?? '');
  return interactions.map((each: { description: string }) => each.description);
}

function named(description: string, response: object = {}): object {
  return interaction({}, response, { type: 'Synchronous/HTTP', description });
}

describe('the contracts of several test files', () => {
  test('are put together by name, whatever the order in which they ran', async () => {
    const one = { declares: ['b', 'c'], writes: [named('c'), named('b')] };
    const other = { declares: ['a'], writes: [named('a')] };
    expect(await collect({ one, other })).toEqual(['a', 'b', 'c']);
    expect(await collect({ one: other, other: one })).toEqual(['a', 'b', 'c']);
  });

  test('have an interaction once that two describe alike', async () => {
    const same = { declares: ['a'], writes: [named('a')] };
    expect(await collect({ one: same, other: same })).toEqual(['a']);
  });

  test('are refused where an interaction is lost, which is named', async () => {
    const files = { one: { declares: ['a', 'b'], writes: [named('a')] }, other: { declares: ['c'], writes: [] } };
    await expect(collect(files)).rejects.toThrow(/missing that tests declare[^]*b; c/);
  });

  test('are refused where two describe an interaction in different ways, so that one would be lost', async () => {
    const one = { declares: ['a'], writes: [named('a')] };
    const other = { declares: ['a'], writes: [named('a', { status: 201 })] };
    await expect(collect({ one, other })).rejects.toThrow(/different ways[^]*interaction +a/);
  });

  test('are refused where no test declares anything', async () => {
    await expect(collect({ one: { declares: [], writes: [named('a')] } })).rejects.toThrow('No test declares');
  });
});
