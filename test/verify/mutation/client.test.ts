// How the tests of a source are measured: by mutants of it, one at a time.
import { describe, expect, test } from '@jest/globals';
import { measureClient, type SourceOutcome } from '../../../scripts/strength/client/measure-client.ts';
import { sourceMutantsOf } from '../../../scripts/strength/client/source-mutants.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What a source becomes by each mutant. */
function becomes(source: string): string[] {
  return sourceMutantsOf('a.ts', source).map(
    ({ start, end, text }) => source.slice(0, start) + text + source.slice(end),
  );
}

describe('a source is changed', () => {
  test.each<[string, string[]]>([
    ['a === b', ['a !== b']],
    ['a < b', ['a <= b', 'a >= b']],
    ['a && b', ['a || b']],
    ['a ?? b', ['a && b']],
    ['a ??= b', ['a = b', 'a &&= b']],
    ['a - 1', ['a + 1']],
    ['!a', ['a']],
    ['if (a) b();', ['if (true) b();', 'if (false) b();']],
    ['a ? b : c', ['true ? b : c', 'false ? b : c']],
    ['while (a) b();', ['while (false) b();']],
    ['a?.b', ['a.b']],
    ['Math.min(a, b)', ['Math.max(a, b)']],
    ['a.filter(b)', ['a']],
    ["'a'", ["''"]],
    ["''", ["'mutant'"]],
    ['`a${b}`', ['``']],
    ['true', ['false']],
    ['a([1])', ['a([])']],
    ['a({ b })', ['a(({}))']],
    ['/^a+$/i', ['/a+$/i', '/^a+/i', '/^a$/i', '/^a+$/']],
    ['function a() { b(); }', ['function a() {}']],
  ])('%s', (source, mutants) => {
    expect(becomes(source)).toEqual(mutants);
  });

  test('not in its types, imports and the names of properties', () => {
    const source = `
      import { a } from './a.ts';
      export * from './b.ts';
      interface A { b: 'c' | true }
      type B = A['b'];
      function c(d: 'e'): void;
      const { 'x-y': z } = { 'x-y': a };
    `;
    expect(sourceMutantsOf('a.ts', source).map(({ operator }) => operator)).toEqual(['object']);
  });

  test('and each change says where and what', () => {
    const [mutant] = sourceMutantsOf('src/a.ts', 'b();\nif (a) b();');
    expect(mutant?.id).toBe('src/a.ts:2:5 condition: a → true');
  });
});

const larger = 'export function larger(a: number, b: number): number {\n  return a > b ? a : b;\n}\n';
const testing = (...lines: string[]): string => `
  import { expect, test, describe } from '@jest/globals';
  import { larger } from '../src/larger.ts';
  ${lines.join('\n')}
`;

/** What becomes of the mutants of a source under its test. */
async function outcomesOf(source: string, tests: string): Promise<string[]> {
  await using folder = await temporaryFolder({ 'src/larger.ts': source, 'test/larger.test.ts': tests });
  const outcomes = await measureClient({
    sources: `${folder.path}/src`,
    tests: [`${folder.path}/test`],
    workers: 1,
    spare: 300,
  });
  return outcomes.map(brief).toSorted();
}

function brief({ mutant, result, by = '' }: SourceOutcome): string {
  const [, what] = mutant.id.split(' ', 2);
  return `${result}: ${what} ${mutant.text}${by && ` by ${by.replace(/^.*\/larger/, 'larger')}`}`;
}

describe('a mutant of a source', () => {
  test('is killed by the first test that fails, or survives', async () => {
    const tests = testing(
      "test.each([[2, 1, 2], [1, 2, 2]])('%s', (a, b, found) => expect(larger(a, b)).toBe(found));",
      "describe('of equals', () => { test('any', async () => { expect(larger(1, 1)).toBe(1); }); });",
    );
    expect(await outcomesOf(larger, tests)).toEqual([
      'killed: block: {} by larger.test.ts: %s [0]',
      'killed: comparison: <= by larger.test.ts: %s [0]',
      'killed: condition: false by larger.test.ts: %s [0]',
      'killed: condition: true by larger.test.ts: %s [1]',
      'survived: comparison: >=',
    ]);
  });

  test('is killed where its tests never rest', async () => {
    const source = 'export function larger(a: number): void {\n  while (a < 0) a += 1;\n}\n';
    const outcomes = await outcomesOf(source, testing("test('ends', () => larger(-2));"));
    expect(outcomes).toContain('killed: assignment: -= by larger.test.ts: it does not end');
    expect(outcomes).toContain('survived: condition: false');
  });

  test('is killed where its tests wait for ever', async () => {
    const source = 'export const larger = (a: number) => (a < 0 ? undefined : new Promise(() => {}));\n';
    const outcomes = await outcomesOf(source, testing("test('ends', () => larger(-2));"));
    expect(outcomes).toContain('killed: condition: false by larger.test.ts: ends');
    expect(outcomes).toContain('survived: condition: true');
  });

  test('is not measured by tests that fail without it', async () => {
    const tests = testing("test('wrong', () => expect(larger(2, 1)).toBe(1));");
    await expect(outcomesOf(larger, tests)).rejects.toThrow(/fail as it is[^]*larger.test.ts[^]*wrong/);
  });

  test('is missed where there is none', async () => {
    await expect(outcomesOf('export {};', testing())).rejects.toMatchObject({ code: 'baseline_failing' });
  });
});
