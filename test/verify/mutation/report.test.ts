// What is made of the outcomes: figures, a table, what is open, and a committed mark that may not fall.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fallen, hasRisen, readMarks, writeMarks } from '../../../scripts/strength/ratchet.ts';
import type { MutantOutcome } from '../../../src/verify/mutation/measure.ts';
import { specificationCheck } from '../../../src/verify/mutation/mutation-testing.ts';
import {
  describeOpen,
  figuresOf,
  percent,
  strengthTable,
  summarizeStrength,
} from '../../../src/verify/mutation/summary.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { mutantWith, subjectFor } from './support.ts';

const subject = await subjectFor();

/** The outcome for a mutant, killed by the nets with these names. */
function outcome(id: string, result: MutantOutcome['result'], ...killers: string[]): MutantOutcome {
  const judgements = Object.fromEntries(
    ['pact', 'guarantee'].map((net) => [
      net,
      killers.includes(net) ? ({ result: 'killed', by: `${net} says so` } as const) : ({ result: 'survived' } as const),
    ]),
  );
  const advice = result === 'survived' || result === 'refused' ? { advice: 'Needed: more.' } : {};
  return { mutant: mutantWith(subject, id), judgements, result, ...advice };
}

const outcomes = [
  outcome('drop listPlots 200 $[*].name', 'killed', 'pact', 'guarantee'),
  outcome('drop listPlots 200 $[*].soil', 'survived'),
  outcome('optional listPlots 200 $[*].soil', 'killed', 'guarantee'),
  outcome('empty collection listPlots 200 $', 'equivalent'),
  outcome('charset listPlots 200', 'refused', 'pact'),
  outcome('reordered listPlots 200 $', 'accepted'),
];

describe('the outcomes', () => {
  test('give figures in which what is equivalent does not count', () => {
    expect(figuresOf(outcomes)).toEqual({
      mutants: 3,
      score: 66.6,
      nets: { pact: 33.3, guarantee: 66.6 },
      equivalent: 1,
      controls: 2,
      refused: 1,
    });
    expect([percent(999, 1000), percent(9999, 10_000), percent(1, 1), percent(0, 0)]).toEqual([99.9, 99.9, 100, 0]);
  });

  test('give a table with a line for each operator, mutants before controls', () => {
    expect(strengthTable(summarizeStrength(outcomes)).split('\n')).toEqual([
      'operator          mutants  pact  guarantee  survived  equivalent',
      'drop                    2     1          1         1           ·',
      'optional                1     ·          1         ·           ·',
      'empty collection        1     ·          ·         ·           1',
      'all mutants             4     1          2         1           1',
      'charset                 1     1          ·         ·           ·',
      'reordered               1     ·          ·         ·           ·',
      'all controls            2     1          ·         ·           ·',
    ]);
  });

  test('name what is open, with where it stands and what is needed', () => {
    expect(describeOpen(summarizeStrength(outcomes))).toEqual([
      'survived: drop listPlots 200 $[*].soil\n  /components/schemas/Plot/properties/soil\n  Needed: more.',
      'refused by pact (pact says so): charset listPlots 200\n' +
        '  /paths/~1plots~1{plot}/get/responses/200\n  Needed: more.',
    ]);
  });
});

describe('a net that looks at specifications', () => {
  const { document } = subject.api;
  const isTitled = (specification: object): string[] =>
    JSON.stringify(specification).includes('"new_field"') ? ['A new field.'] : [];

  test('kills what it complains of, and nothing that the specification does not show', async () => {
    const net = await specificationCheck('titles', document, isTitled);
    expect(await net.judge(mutantWith(subject, 'extra field listPlots 200 $[*]'))).toEqual({
      result: 'killed',
      by: 'A new field.',
    });
    expect(await net.judge(mutantWith(subject, 'envelope listPlots 200'))).toEqual({ result: 'survived' });
    expect(await net.judge(mutantWith(subject, 'truncated JSON listPlots 200'))).toEqual({ result: 'survived' });
  });

  test('judges nothing where it complains of the specification as it is', async () => {
    await expect(specificationCheck('titles', document, () => ['Wrong.'])).rejects.toMatchObject({
      code: 'baseline_failing',
      message: expect.stringContaining('Wrong.'),
    });
  });
});

describe('a committed mark', () => {
  test('may not fall, and is missed by nobody where there is none yet', () => {
    expect(fallen({ provider: 90, client: 80 }, { provider: 89.9, client: 80, 'provider by pact': 10 })).toEqual([
      'provider: 89.9 % are killed, and 90 % were (test/strength.json).',
    ]);
    expect(hasRisen({ provider: 90 }, { provider: 90 })).toBe(false);
    expect(hasRisen({ provider: 90 }, { provider: 90, client: 1 })).toBe(true);
  });

  test('is kept in a file, in which what was not measured stays', async () => {
    await using folder = await temporaryFolder({});
    const file = join(folder.path, 'strength.json');
    expect(await readMarks(file)).toEqual({});
    await writeMarks({ provider: 90, client: 80 }, file);
    await writeMarks({ provider: 91 }, file);
    expect(await readMarks(file)).toEqual({ provider: 91, client: 80 });
    expect(await readFile(file, 'utf8')).toBe('{\n  "provider": 91,\n  "client": 80\n}\n');
  });
});
