import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { interactionName, type Contract } from '../../../src/pact/model.ts';
import { readContracts } from '../../../src/pact/read-contract.ts';
import type { Verdict } from '../../../src/verify/verdict.ts';
import { judgeWeakenings, readAllowances } from '../../../src/verify/weakening/judge-weakenings.ts';
import { weakeningRules, type Allowance } from '../../../src/verify/weakening/weakening.ts';
import { textsIn } from '../../docs/blocks.ts';
import { answering, responding } from './support.ts';

const before = responding(answering({ a: 1, b: 2 }));
const after = responding(answering({ a: 1 }));
const allowance: Allowance = {
  interaction: 'a request',
  path: '$.response.body.b',
  rule: 'field',
  reason: 'Nobody shows it any more.',
};

function judge(allowances: Allowance[], earlier: unknown[] = [], head: Contract = after): Verdict[] {
  return judgeWeakenings({ base: [before], head: [head], file: 'allowed.json', allowances, earlier });
}

describe('a weakening', () => {
  test('is broken, and says what to write to allow it', () => {
    const [verdict] = judge([]);
    expect(verdict).toMatchObject({ net: 'weakening', result: 'broken', rule: 'field', place: '$.response.body.b' });
    const entry: unknown = JSON.parse(/\{.*\}$/.exec(verdict?.sentence ?? '')?.[0] ?? '');
    expect(entry).toEqual({ ...allowance, reason: '…' });
  });

  test('holds where it is allowed, with the reason', () => {
    expect(judge([allowance])).toEqual([
      expect.objectContaining({ result: 'holds', sentence: expect.stringContaining('Nobody shows it any more.') }),
    ]);
  });

  test.each<[string, Partial<Allowance>]>([
    ['another path', { path: '$.response.body.a' }],
    ['another rule', { rule: 'type' }],
    ['another interaction', { interaction: 'another request' }],
    ['another contract', { contract: 'other.json' }],
  ])('is not allowed by an entry with %s, which is called superfluous', (_name, other) => {
    expect(judge([{ ...allowance, ...other }]).map(({ result, rule }) => [result, rule])).toEqual([
      ['broken', 'field'],
      ['broken', 'allowance'],
    ]);
  });

  test('is not allowed again by an entry that stood there at the base', () => {
    expect(judge([allowance], [{ ...allowance }]).map(({ result }) => result)).toEqual(['broken']);
  });
});

test('an entry that stood there at the base, and whose work is done, may stay', () => {
  expect(judge([allowance], [{ ...allowance }], before).map(({ result }) => result)).toEqual(['holds']);
});

describe('the documentation', () => {
  test('has an entry for an interaction that there is', async () => {
    const [entry] = textsIn('json').flatMap((text) => readAllowances('docs/verification.md', text));
    const names = (await readContracts('contracts')).flatMap(({ interactions }) => interactions.map(interactionName));
    expect(names).toContain(entry?.interaction);
  });

  test('says what each rule is about', async () => {
    const text = await readFile('docs/verification.md', 'utf8');
    const section = /^## Weakened contracts\n(.*?)^## /ms.exec(text)?.[1] ?? '';
    expect([...section.matchAll(/^- `([\w ]+)`: /gm)].map(([, rule]) => rule)).toEqual(weakeningRules);
  });
});

describe('the file of allowances', () => {
  test('is a list of entries', () => {
    expect(readAllowances('allowed.json', JSON.stringify([allowance]))).toEqual([allowance]);
  });

  test.each([
    ['no JSON', '[', 'allowances_unreadable', /not JSON/],
    ['no list', '{}', 'allowances_invalid', /expected +array/],
    [
      'no reason',
      '[{"rule":"field","interaction":"x"}]',
      'allowances_invalid',
      /path +\$\[0\]\.reason\n.*to be present/,
    ],
    ['a blank reason', '[{"rule":"field","reason":" "}]', 'allowances_invalid', /\$\[0\]\.reason\n.*not blank/],
    ['an unknown rule', '[{"rule":"fields","reason":"x"}]', 'allowances_invalid', /\$\[0\]\.rule\n.*one of .*"field"/],
    ['an unknown key', '[{"rule":"field","reason":"x","paths":"$"}]', 'allowances_invalid', /\$\[0\]\.paths\n/],
  ])('cannot have %s', (_name, text, code, message) => {
    let thrown: unknown;
    try {
      readAllowances('allowed.json', text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^allowed\.json: /) });
  });
});
