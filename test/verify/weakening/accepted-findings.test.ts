import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../src/verify/verdict.ts';
import { acceptFindings, readAcceptedFindings } from '../../../src/verify/weakening/accepted-findings.ts';

const finding: Verdict = {
  net: 'conformance',
  result: 'broken',
  operation: 'GET /boxes',
  rule: 'status',
  sentence: 'GET /boxes is answered 400.',
};
const entry = {
  net: 'conformance',
  operation: 'GET /boxes',
  rule: 'status',
  reason: 'The gateway does that.',
} as const;

describe('a finding', () => {
  test('that is accepted breaks nothing, with the reason', () => {
    expect(acceptFindings([finding], [entry], 'accepted.json')).toEqual([
      {
        ...finding,
        result: 'not verifiable',
        excused: 'accepted',
        sentence: 'GET /boxes is answered 400. Accepted: The gateway does that.',
      },
    ]);
  });

  test.each([
    ['another operation', { operation: 'PUT /boxes' }],
    ['another rule', { rule: 'schema' }],
    ['another check', { net: 'provider' as const }],
  ])('is not accepted by an entry with %s, which is broken itself', (_name, other) => {
    const judged = acceptFindings([finding], [{ ...entry, ...other }], 'accepted.json');
    expect(judged.map(({ result, rule, place }) => [result, rule, place])).toEqual([
      ['broken', 'status', undefined],
      ['broken', 'allowance', '$[0]'],
    ]);
  });
});

test('an entry is not stale where the provider gave no answer', () => {
  const silent: Verdict = { ...finding, result: 'unanswered', rule: 'answer' };
  expect(acceptFindings([silent], [entry], 'accepted.json')).toEqual([silent]);
});

test('an entry needs a check, a rule and a reason', () => {
  expect(readAcceptedFindings('accepted.json', JSON.stringify([entry]))).toEqual([entry]);
  expect(() => readAcceptedFindings('accepted.json', '[{"net":"lint","rule":"struct"}]')).toThrow(
    /Invalid list of accepted findings[^]*\$\[0\]\.reason/,
  );
});
