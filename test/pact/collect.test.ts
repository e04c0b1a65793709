import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mergeParts, readParts, type Collected } from '../../src/pact/collect.ts';
import { readContract } from '../../src/pact/read-contract.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { interaction, pactText } from './support.ts';

/** What one test leaves behind: its declaration, and the contract with these interactions. */
function part(description: string, interactions: object[], more: object = {}): Record<string, string> {
  return {
    'declared.json': JSON.stringify({ description, test: `test of ${description}` }),
    ...(interactions.length > 0 ? { 'app-service.json': pactText('4.0', interactions, more) } : {}),
  };
}

function single(description: string, response: object = {}, more: object = {}): object {
  return interaction({}, response, { description, ...more });
}

/** Collects parts, which lie in folders of the names. */
async function collected(parts: Record<string, Record<string, string>>): Promise<Collected> {
  const files = Object.entries(parts).flatMap(([folder, texts]) =>
    Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, text]),
  );
  await using folder = await temporaryFolder(Object.fromEntries(files));
  return mergeParts(await readParts(folder.path));
}

describe('the parts of contracts', () => {
  test('become one contract, in the same order whichever was first', async () => {
    const [one, two] = [part('b', [single('b')]), part('a', [single('a')])];
    const [first, second] = [await collected({ 1: one, 2: two }), await collected({ 1: two, 2: one })];
    expect(first.files).toEqual(second.files);
    expect(JSON.parse(first.files['app-service.json'] ?? '')).toEqual({
      consumer: { name: 'app' },
      provider: { name: 'service' },
      interactions: [single('a'), single('b')],
      metadata: { pactSpecification: { version: '4.0' } },
    });
    expect(first).toMatchObject({ declared: 2, written: 2, complaints: [] });
  });

  test('become a contract for each consumer and provider', async () => {
    const other = { 'app-other.json': pactText('4.0', [single('a')], { provider: { name: 'other' } }) };
    const { files, written } = await collected({
      1: part('a', [single('a')]),
      2: { ...part('a', []), ...other },
    });
    expect([Object.keys(files).toSorted(), written]).toEqual([['app-other.json', 'app-service.json'], 2]);
  });

  test('have once what two tests declare alike', async () => {
    const { declared, written, complaints } = await collected({
      1: part('a', [single('a')]),
      2: part('a', [single('a')]),
    });
    expect({ declared, written, complaints }).toEqual({ declared: 2, written: 1, complaints: [] });
  });

  describe('of several versions of Pact', () => {
    const old = (version: string, interactions: object[], more: object = {}): Record<string, string> => ({
      'declared.json': JSON.stringify({ description: 'old', test: 'the old test' }),
      'app-service.json': pactText(version, interactions, more),
    });
    const four = part('new', [single('new', { body: { content: { a: 1 }, contentType: 'application/json' } })]);

    test.each([
      [
        '3.0.0',
        interaction(
          { query: { page: ['1'] } },
          { body: { a: 1 }, matchingRules: { body: { '$.a': { matchers: [{ match: 'integer' }] } } } },
          { description: 'old', providerStates: [{ name: 'one' }] },
        ),
      ],
      [
        '2.0.0',
        interaction(
          { query: 'page=1' },
          { body: { a: 1 }, matchingRules: { '$.body.a': { match: 'integer' } } },
          { description: 'old', providerState: 'one' },
        ),
      ],
    ])('are brought to version 4 from %s', async (version, value) => {
      const { files, complaints } = await collected({ 1: old(version, [value]), 2: four });
      expect(complaints).toEqual([]);
      const contract = readContract('app-service.json', files['app-service.json'] ?? '');
      const [before] = readContract('app-service.json', pactText(version, [value])).interactions;
      const after = contract.interactions.find(({ description }) => description === 'old');
      expect([contract.version, contract.interactions.length]).toEqual([4, 2]);
      expect(after?.response.body).toEqual({ kind: 'json', value: { a: 1 } });
      expect(after?.response.rules).toEqual(before?.response.rules);
      expect([after?.request.query, after?.states]).toEqual([before?.request.query, before?.states]);
    });

    test('are refused where one cannot be brought to version 4', async () => {
      const message = { description: 'old', contents: 'x' };
      const { complaints } = await collected({ 1: old('3.0.0', [], { messages: [message] }), 2: four });
      expect(complaints).toEqual([
        expect.stringMatching(
          /^The interaction "old", written by the old test in version 3 of Pact, cannot be brought/,
        ),
      ]);
    });
  });

  test('keep their numbers as they are spelt', async () => {
    const text = pactText('3.0.0', [single('a', { body: { a: 'NUMBER' } })]).replace('"NUMBER"', '1.0');
    const { files } = await collected({ 1: { ...part('a', []), 'app-service.json': text } });
    expect(files['app-service.json']).toContain('"a": 1.0');
    const long = text.replace('1.0', '12345678901234567890');
    const other = await collected({ 1: { ...part('a', []), 'app-service.json': long } });
    expect(other.files['app-service.json']).toContain('"a": 12345678901234567890');
  });

  test('may have one description in several states', async () => {
    const inState = (name: string): object => single('a', {}, { providerStates: [{ name }] });
    const { written, complaints } = await collected({ 1: part('a', [inState('x')]), 2: part('a', [inState('y')]) });
    expect({ written, complaints }).toEqual({ written: 2, complaints: [] });
  });

  test('may be messages', async () => {
    const message = { description: 'a', contents: 'x' };
    const { files } = await collected({
      1: { ...part('a', []), 'app-service.json': pactText('3.0.0', [], { messages: [message] }) },
    });
    expect(JSON.parse(files['app-service.json'] ?? '')).toMatchObject({ messages: [message] });
  });
});

describe('a complaint', () => {
  test('names an interaction that was declared and not written, and its test', async () => {
    const { complaints } = await collected({ 1: part('a', [single('a')]), 2: part('b', []) });
    expect(complaints).toEqual(['The interaction "b" was declared by test of b, and no contract was written.']);
  });

  test('names what was written in its place', async () => {
    const { complaints } = await collected({ 1: part('a', [single('b')]), 2: part('c', [single('c'), single('d')]) });
    expect(complaints).toEqual([
      'The interaction "a" was declared by test of a, and what was written is "b".',
      'The interaction "c" was declared by test of c, and what was written is "c" and "d".',
    ]);
  });

  test('names both who declare the same with different contents', async () => {
    const other = {
      ...part('a', [single('a', { status: 204 })]),
      'declared.json': '{"description":"a","test":"another"}',
    };
    const { complaints } = await collected({ 1: part('a', [single('a')]), 2: other });
    expect(complaints).toEqual([
      'The interaction "a" of app with service is declared twice with different contents, by test of a and by another.',
    ]);
  });
});

describe('what is no part is told', () => {
  test.each<[string, Record<string, string>, string, RegExp]>([
    [
      'a contract beside the parts',
      { 'app-service.json': '{}' },
      'contract_invalid',
      /app-service\.json: .*\n.*a folder for each/,
    ],
    ['no declaration', { '1/app-service.json': '{}' }, 'contract_invalid', /1: .*\n.*declared\.json/],
    ['a declaration of nothing', { '1/declared.json': '{}' }, 'contract_invalid', /1: .*\n.*description/],
    [
      'two contracts of one declaration',
      { '1/declared.json': '{"description":"a"}', '1/a.json': '{}', '1/b.json': '{}' },
      'contract_invalid',
      /one contract, and not a\.json and b\.json/,
    ],
    [
      'a contract that is broken off',
      { '1/declared.json': '{"description":"a"}', '1/a.json': '{"consumer":' },
      'contract_unreadable',
      /1\/a\.json: The contract is not JSON/,
    ],
  ])('%s', async (_name, files, code, message) => {
    await using folder = await temporaryFolder(files);
    await expect(readParts(folder.path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('nothing at all', async () => {
    await using folder = await temporaryFolder();
    await expect(readParts(folder.path)).rejects.toMatchObject({ code: 'contracts_missing' });
    await expect(readParts(join(folder.path, 'none'))).rejects.toMatchObject({ code: 'contracts_missing' });
  });
});
