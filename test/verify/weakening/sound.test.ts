import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { satisfies } from '../../../src/matching/matchers.ts';
import { compileBody } from '../../../src/matching/compile.ts';
import type { Demand } from '../../../src/matching/demand.ts';
import type { Contract } from '../../../src/pact/model.ts';
import { readContract } from '../../../src/pact/read-contract.ts';
import { findWeakenings } from '../../../src/verify/weakening/find-weakenings.ts';
import { contracts, near, type Sample } from '../guarantee/arbitraries.ts';
import { interaction, pactText } from '../../pact/support.ts';
import { runs } from '../../support/runs.ts';

function contractOf({ example, rules }: Omit<Sample, 'value'>): Contract {
  const response = { body: { content: example, contentType: 'application/json' }, matchingRules: { body: rules } };
  return readContract('x.json', pactText('4.0', [interaction({}, response)]));
}

function demandOf({ interactions: [first] }: Contract): Demand {
  if (first?.response.body.kind !== 'json') throw new Error('There is no body.');
  return compileBody(first.response.body.value, first.response.rules.body, '$');
}

/** Two contracts that are nearly alike, and an answer. */
const pairs = contracts.chain(({ example, rules, value }) =>
  fc.record({
    before: fc.constant({ example, rules }),
    after: fc.record({
      example: fc.oneof(fc.constant(example), near(example)),
      rules: fc.oneof(
        fc.constant(rules),
        contracts.map((other) => ({ ...rules, ...other.rules })),
        fc.subarray(Object.entries(rules)).map((some) => Object.fromEntries(some)),
      ),
    }),
    value: fc.oneof(fc.constant(value), near(example)),
  }),
);

// What satisfies a demand is what Pact's own verifier takes: test/verify/guarantee/pact-agrees.test.ts.
test('where nothing is found, no answer passes that did not pass before', () => {
  let told = 0;
  fc.assert(
    fc.property(pairs, ({ before, after, value }) => {
      const [was, is] = [contractOf(before), contractOf(after)];
      if (is.interactions[0]?.response.body.kind !== 'json') return;
      if (satisfies(value, demandOf(is)) !== true || satisfies(value, demandOf(was)) !== false) return;
      // What no provider could ever keep may be mended.
      if (inspect(demandOf(was), { depth: null }).includes('never')) return;
      told += 1;
      expect(findWeakenings([was], [is])).not.toEqual([]);
    }),
    { seed: 1, numRuns: runs(1500, 6000) },
  );
  expect(told).toBeGreaterThan(runs(50, 200));
});
